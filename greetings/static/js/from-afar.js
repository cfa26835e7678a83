// For a page that is looked at from afar, held up in a hand or hung on a wall: the screen stays on, and the buttons go
// while nobody touches it.

async function askForLight() {
  try { await navigator.wakeLock?.request("screen"); } catch { /* then the device's own setting decides */ }
}

export function stayAwake() {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) askForLight(); });
  askForLight();
}

// The body is `at-rest` when nothing was touched for so long.
export function restAfter(ms) {
  let resting = 0;
  const wake = () => {
    document.body.classList.remove("at-rest");
    clearTimeout(resting);
    resting = setTimeout(() => document.body.classList.add("at-rest"), ms);
  };
  for (const kind of ["pointermove", "pointerdown", "keydown"]) addEventListener(kind, wake, { passive: true });
  wake();
}
