// Shows each copy button only where copying really works, and says aloud that it did.
import { unfold } from "./unfold.js";

function wordsOf(place) {
  const lines = [...place.querySelectorAll("span")].map((line) => line.textContent.trim());
  return (lines.length ? lines : [place.textContent.trim()]).join("\n");
}

async function copy(button) {
  const place = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(wordsOf(place));
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  const status = button.parentElement.querySelector("[role=status]");
  if (status) status.textContent = button.dataset.copied;
  setTimeout(() => {
    words.textContent = before;
    if (status) status.textContent = "";
  }, 2400);
}

export function showCopyButtons(within = document) {
  if (!navigator.clipboard?.writeText) return;
  unfold([...within.querySelectorAll("template[data-copies]")].filter((place) => document.getElementById(place.dataset.copies)));
  for (const button of within.querySelectorAll("button[data-copy]")) {
    // A refusal by the browser leaves the words selectable by one tap, which always works.
    button.addEventListener("click", () => copy(button).catch(() => { button.hidden = true; }));
  }
}

showCopyButtons();
