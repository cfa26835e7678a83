// The device's own way of sharing, where there is one: it reaches every messenger without any of them being loaded.
export function showShareButton(within = document) {
  const button = within.querySelector("[data-share]");
  if (!button || !navigator.share) return;
  button.closest("[hidden]").hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.words, url: button.dataset.share }).catch(() => {});
  });
}

showShareButton();
