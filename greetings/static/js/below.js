// Pictures below what is in view are fetched when they come near it. On a wide screen they are fetched once everything in view
// is there, so that nobody scrolls onto empty sheets, or prints them; a telephone's line is often dear, and so is one that saves.

function isDear(line = navigator.connection) {
  return Boolean(line?.saveData) || !/4g/.test(line?.effectiveType ?? "4g");
}

function fetchThoseBelow() {
  for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
}

if (matchMedia("(min-width: 48rem)").matches && !isDear()) {
  // a calm moment, or soon enough: to a busy page none may come
  const whenIdle = (then) =>
    window.requestIdleCallback ? requestIdleCallback(then, { timeout: 2000 }) : setTimeout(then, 200);
  if (document.readyState === "complete") whenIdle(fetchThoseBelow);
  else addEventListener("load", () => whenIdle(fetchThoseBelow));
}
