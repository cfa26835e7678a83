// A sentence that is ticked stands in the field at once, behind what is there, and goes again with its tick; one key a
// sentence. Without this the server says it behind what was typed.

import { listenToKeys, offerKeys } from "./desk-keys.js";
import { unfold } from "./unfold.js";

unfold(document.querySelectorAll("[data-unfold]"));

const ENDED = /[.!?…][”»]?$/; // as the server ends what it says in a row

class Describing {
  constructor(section) {
    this.section = section;
    this.field = section.querySelector("textarea");
    this.boxes = [...section.querySelectorAll("[data-key]")];
    this.field.addEventListener("input", () => this.tell());
    for (const box of this.boxes) box.addEventListener("change", () => this.change(box));
    this.tell();
  }

  // What stands there is the truth: a sentence that was mended by hand is not said once more.
  tell() {
    for (const box of this.boxes) box.checked = this.field.value.includes(box.value);
  }

  change(box) {
    const said = this.field.value.trim();
    if (!box.checked) this.write(said.replace(box.value, "").replace(/\s+/g, " ").trim());
    else if (!said.includes(box.value)) this.write(said ? `${said}${ENDED.test(said) ? "" : "."} ${box.value}` : box.value);
    this.tell();
  }

  write(said) {
    this.field.value = said;
  }

  press(key) {
    const box = this.boxes.find((one) => one.dataset.key === key);
    box?.focus();
    box?.click();
    return Boolean(box);
  }
}

const places = [...document.querySelectorAll("[data-describing]")].map((section) => new Describing(section));
let current = places[0];

document.addEventListener("focusin", (event) => {
  current = places.find(({ section }) => section.contains(event.target)) ?? current;
});

function next() {
  current = places[(places.indexOf(current) + 1) % places.length];
  current.section.scrollIntoView({ block: "nearest" });
  (current.boxes[0] ?? current.field).focus();
  return true;
}

listenToKeys((letter) => {
  if (letter === "d") return current.field.focus(), true;
  if (letter === "n" && places.length > 1) return next();
  if (letter !== "b" && letter !== "escape") return current.press(letter);
  document.querySelector("a[data-key=b]").click();
  return true;
});
document.addEventListener("keydown", (event) => {
  const isFree = !event.target.closest?.("button, a, summary, input, textarea"); // a box to tick sends the form by itself
  if (event.key !== "Enter" || event.repeat || !isFree) return;
  event.preventDefault();
  document.querySelector("#describe [type=submit]").click();
});
offerKeys();
