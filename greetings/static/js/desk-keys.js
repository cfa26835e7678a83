// One key, one act: finds what carries the key in `data-key` and does what a click would do.

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

// The letter on the key, whatever the keyboard's layout: on a Belarusian one the key of A says "ф".
function letterOf(event) {
  const key = event.key.toLowerCase();
  if (/^[a-z0-9?]$/.test(key) || key === "escape") return key;
  if (event.code === "Slash" && event.shiftKey) return "?";
  const [, letter] = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code) ?? [];
  return letter?.toLowerCase() ?? "";
}

// Whoever speaks to the computer, or hits keys by accident, can do without letters that act at once: every act has its
// button, too. This browser remembers it, for all pages of the desk.
const PLACE = "desk-keys";
const areOn = () => localStorage.getItem(PLACE) !== "off";

function sayWhichAct() {
  document.documentElement.classList.toggle("keys-off", !areOn());
  for (const box of document.querySelectorAll("[data-single-keys]")) box.checked = areOn();
}

// Fresh parts of a page tell of no keys that nobody hears.
export function tellKeys(part) {
  if (!areOn()) for (const one of part.querySelectorAll("[aria-keyshortcuts]")) one.removeAttribute("aria-keyshortcuts");
}

// Once the box to tick is there.
export function offerKeys() {
  for (const box of document.querySelectorAll("[data-single-keys]")) {
    box.addEventListener("change", () => {
      localStorage.setItem(PLACE, box.checked ? "on" : "off");
      sayWhichAct();
      tellKeys(document);
    });
  }
  sayWhichAct();
  tellKeys(document);
}

// Calls `act(letter, event)` for a single, deliberate press: never for a held key, a shortcut of the browser, or typing.
export function listenToKeys(act) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const letter = letterOf(event);
    if (letter !== "escape" && !areOn()) return;
    if (letter && act(letter, event)) event.preventDefault();
  });
}
