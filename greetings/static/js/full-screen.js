// The page as large as the screen, and back; the button for it stands only where the browser can do it.
import { unfold } from "./unfold.js";

export function fillScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

export function offerFullScreen() {
  if (!document.fullscreenEnabled) return;
  unfold(document.querySelectorAll("template[data-fills]"));
  document.querySelector("[data-fill]").addEventListener("click", fillScreen);
}
