// Runs before the page is drawn: what only scripts can serve is unfolded while the page is read, where the browser can do
// it, so that nothing moves when the scripts come that serve it; and what one of them does by itself is put aside. Should one
// of them never come, all is as without scripts again.

{
  const kinds = { copies: navigator.clipboard?.writeText, shares: navigator.share, fills: document.fullscreenEnabled };
  const offered = [], aside = [];
  const unfold = () => {
    for (const place of document.querySelectorAll("[data-aside]")) {
      place.removeAttribute("data-aside"); // once only, should it be needed again before the page is read
      place.hidden = true;
      aside.push(place);
    }
    for (const place of document.querySelectorAll("template[data-unfold]")) {
      if (!Object.keys(kinds).some((kind) => kind in place.dataset && kinds[kind])) continue;
      const parts = [...new DOMParser().parseFromString(`<body>${place.dataset.unfold}`, "text/html").body.childNodes];
      place.replaceWith(...parts);
      offered.push(...parts);
    }
  };
  const reading = new MutationObserver(unfold);
  reading.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", () => {
    unfold(); // whoever stops observing isn't told what was seen last
    reading.disconnect();
  });
  addEventListener("error", ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    for (const part of offered) part.remove();
    for (const place of aside) place.hidden = false;
  }, true);
}
