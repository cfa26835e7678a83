// Runs before the form is drawn: what send.js will move to its place later is drawn there from the first moment, so that
// nothing jumps when that script comes over a slow line. Should it never come, the page is as it is without scripts.

const root = document.documentElement;
// browsers from before 2022 keep the plain form, which needs none of this; Chrome has had a dialog for longer than it can read
// those scripts
root.classList.toggle("able", typeof HTMLDialogElement === "function" && typeof createImageBitmap === "function" && "replaceChildren" in root);
addEventListener("error", (event) => event.target instanceof HTMLScriptElement && root.classList.remove("able"), true);
