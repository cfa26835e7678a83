// The contact sheet by keyboard, mouse and touch. Ticking is all it does: deciding is the form's own.

import { Claims } from "./desk-claims.js";
import { listenToKeys } from "./desk-keys.js";

const form = document.getElementById("sheet");
const cells = [...document.querySelectorAll(".cell:not(.taken)")];
const tickOf = (cell) => cell.querySelector("input");
const reasons = document.getElementById("reasons");
const said = document.querySelector("[data-said]");
let last = null; // the cell that was ticked last: with Shift everything from there on

function tellPicked() {
  const line = document.querySelector("[data-picked]");
  const count = cells.filter((cell) => tickOf(cell).checked).length;
  const { none, some } = line.dataset;
  line.textContent = count ? `${some} ${new Intl.NumberFormat([document.documentElement.lang, "ru"]).format(count)}` : none;
  if (count) said.textContent = "";
}

function tick(cell, isTicked, withRange) {
  const [from, to] = [cells.indexOf(withRange && last ? last : cell), cells.indexOf(cell)].sort((a, b) => a - b);
  for (const one of cells.slice(from, to + 1)) tickOf(one).checked = isTicked;
  last = cell;
  tellPicked();
}

function goTo(place) {
  const cell = cells[Math.min(Math.max(place, 0), cells.length - 1)];
  tickOf(cell).focus();
  cell.scrollIntoView({ block: "nearest" });
}

// How many cells stand in one row.
const columns = () => cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length || 1;

function move(event) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() };
  const here = cells.indexOf(document.activeElement?.closest(".cell"));
  const inForm = here >= 0;
  if (event.key === "Enter" && inForm && document.activeElement.matches("input")) {
    event.preventDefault();
    cells[here].querySelector(".cell-open a").click();
  } else if (event.key in steps && (inForm || document.activeElement === document.body)) {
    event.preventDefault();
    goTo(inForm ? here + steps[event.key] : 0);
    if (event.shiftKey && inForm) tick(document.activeElement.closest(".cell"), true, true);
  }
}

const isAnyTicked = () => cells.some((cell) => tickOf(cell).checked);

function press(letter) {
  if (letter === "escape" && reasons.open) {
    reasons.open = false;
    return true;
  }
  if (letter === "u") {
    const button = document.querySelector('[data-key="u"]');
    button?.click();
    return Boolean(button);
  }
  if (!"ar".includes(letter) && !(/\d/.test(letter) && reasons.open)) return false;
  if (!isAnyTicked()) {
    said.textContent = said.dataset.none;
    return true;
  }
  const button = document.querySelector(`[data-key="${letter}"]`);
  button?.click();
  return Boolean(button);
}

if (form) {
  form.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell:not(.taken)");
    if (event.target.closest(".key.no")) {
      event.preventDefault();
      reasons.open = true;
      reasons.scrollIntoView({ block: "nearest" });
      reasons.querySelector("button").focus();
    } else if (cell && event.target.matches("input")) {
      tick(cell, event.target.checked, event.shiftKey);
    } else if (cell && event.target.closest(".thumb") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      tick(cell, !tickOf(cell).checked, event.shiftKey);
      tickOf(cell).focus({ preventScroll: true });
    }
  });
  form.addEventListener("submit", (event) => {
    if (isAnyTicked()) return;
    event.preventDefault();
    said.textContent = said.dataset.none;
  });
  document.addEventListener("keydown", move);
  document.querySelector("[data-keys-line]").hidden = false;
  const csrf = form.elements.csrf_token.value;
  new Claims(form.dataset.claims, csrf, () => cells, ({ waiting }) => {
    const figure = new Intl.NumberFormat([document.documentElement.lang, "ru"]).format(waiting);
    document.querySelector("[data-waiting]").textContent = figure;
  });
  tellPicked();
}
listenToKeys(press);
