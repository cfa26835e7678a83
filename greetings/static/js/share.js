// The device's own way of sharing, where there is one: it reaches every messenger without any of them being loaded.
import { unfold } from "./unfold.js";

export function showShareButton(within = document) {
  if (!navigator.share) return;
  unfold(within.querySelectorAll("template[data-shares]"));
  const button = within.querySelector("[data-share]");
  button?.addEventListener("click", () => {
    navigator.share({ title: button.dataset.words, url: button.dataset.share }).catch(() => {});
  });
}

showShareButton();
