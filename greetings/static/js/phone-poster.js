// Keeps the screen awake and takes the buttons away while the poster is held up. The poster itself needs none of it.
import { offerFullScreen } from "./full-screen.js";

const REST_MS = 5000;
let resting = 0;

async function stayAwake() {
  try { await navigator.wakeLock?.request("screen"); } catch { /* then the telephone's own setting decides */ }
}

function wake() {
  document.body.classList.remove("at-rest");
  clearTimeout(resting);
  resting = setTimeout(() => document.body.classList.add("at-rest"), REST_MS);
}

offerFullScreen();
for (const kind of ["pointermove", "pointerdown", "keydown"]) addEventListener(kind, wake, { passive: true });
document.addEventListener("visibilitychange", () => { if (!document.hidden) stayAwake(); });
stayAwake();
wake();
