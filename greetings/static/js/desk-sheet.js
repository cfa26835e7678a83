// The contact sheet by keyboard, mouse and touch. A selection is decided by the form itself; one card that is swiped aside
// is decided at once and confirmed behind it, like an item of the queue, and stays where it lay.

import { buttonOf } from "./desk-button.js";
import { Claims } from "./desk-claims.js";
import { withLocalMoment } from "./desk-clock.js";
import { listenToKeys, offerKeys } from "./desk-keys.js";
import * as lines from "./desk-lines.js";
import { loadItem } from "./desk-pages.js";
import { figure } from "./numbers.js";
import { answered, ask, isAsking, stopAsking } from "./desk-reasons.js";
import { isSending } from "./desk-send.js";
import { Swipe } from "./desk-swipe.js";

const { words } = lines;
const form = document.getElementById("sheet");
const cells = [...document.querySelectorAll(".cell:not(.taken)")];
const tickOf = (cell) => cell.querySelector("input");
let last = null; // the cell that was ticked last: with Shift everything from there on
let asked = null; // the cell that was swiped to the left, and what to do when its reason is chosen
let waiting = lines.shownWaiting();

const undecided = () => cells.filter((cell) => !cell.classList.contains("out"));

function tellPicked() {
  const line = document.querySelector("[data-picked]");
  const count = cells.filter((cell) => tickOf(cell).checked).length;
  const { none, some } = line.dataset;
  line.textContent = count ? `${some} ${figure(count)}` : none;
  if (count) lines.say("");
}

function tellWaiting(count) {
  waiting = count;
  lines.tellWaiting(count);
}

// ---------- ticking

function tick(cell, isTicked, withRange) {
  const [from, to] = [cells.indexOf(withRange && last ? last : cell), cells.indexOf(cell)].sort((a, b) => a - b);
  for (const one of cells.slice(from, to + 1)) tickOf(one).checked = isTicked && !tickOf(one).disabled;
  last = cell;
  tellPicked();
}

function goTo(place) {
  const among = undecided();
  const cell = among[Math.min(Math.max(place, 0), among.length - 1)];
  tickOf(cell).focus();
  cell.scrollIntoView({ block: "nearest" });
}

// How many cells stand in one row.
const columns = () => cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length || 1;

function move(event) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() };
  const cell = document.activeElement?.closest(".cell");
  const here = undecided().indexOf(cell);
  const inForm = here >= 0;
  if (event.key === "Enter" && inForm && document.activeElement.matches("input")) {
    event.preventDefault();
    cell.querySelector(".cell-open a").click();
  } else if (event.key in steps && undecided().length && (inForm || document.activeElement === document.body)) {
    event.preventDefault();
    goTo(inForm ? here + steps[event.key] : 0);
    if (event.shiftKey && inForm) tick(document.activeElement.closest(".cell"), true, true);
  }
}

const isAnyTicked = () => cells.some((cell) => tickOf(cell).checked);

function press(letter) {
  if (letter === "escape") return stopAsking();
  if (letter === "u") {
    const button = document.querySelector('[data-toasts] [data-key="u"]') ?? document.querySelector('[data-key="u"]');
    button?.click();
    return Boolean(button);
  }
  if (!"ar".includes(letter) && !(/\d/.test(letter) && isAsking())) return false;
  if (!asked && !isAnyTicked()) {
    lines.say(words.none);
    return true;
  }
  const button = document.querySelector(`[data-key="${letter}"]`);
  button?.click();
  return Boolean(button);
}

// ---------- one card by itself

// What became of a card that was decided here or elsewhere; `""` makes it one to be decided again.
function mark(cell, sentence, look = "") {
  const tag = cell.querySelector(".fate");
  cell.classList.toggle("out", Boolean(sentence));
  tag.hidden = !sentence;
  tag.className = `tag fate ${look}`;
  tag.textContent = sentence;
  tickOf(cell).checked = false;
  tickOf(cell).disabled = Boolean(sentence);
  const left = undecided().length;
  document.querySelector("[data-mine]").textContent = figure(left);
  document.querySelector("[data-all-done]").hidden = left > 0;
  tellPicked();
}

function setVersion(cell, version) {
  cell.dataset.version = version;
  tickOf(cell).value = `${cell.dataset.id}:${version}`;
}

async function decide(cell, url, more = {}) {
  const { id, version } = cell.dataset;
  const body = new URLSearchParams({ csrf_token: words.csrf, version, ...more });
  const turn = lines.nextTurn();
  const isApproval = !more.reason;
  mark(cell, isApproval ? words.approveWord : words.rejectWord, isApproval ? "yes" : "no");
  tellWaiting(Math.max(waiting - 1, 0));
  const answer = await lines.confirm(url, body);
  if (answer.refused) {
    mark(cell, "");
    tellWaiting(answer.waiting ?? waiting + 1);
    if (answer.state && answer.state !== "pending") mark(cell, answer.message);
    return lines.tellRefused(answer.refused, answer.way ?? `${words.queue}?at=${id}`);
  }
  mark(cell, answer.message, isApproval ? "yes" : "no");
  setVersion(cell, answer.version);
  if (!isSending()) tellWaiting(answer.waiting);
  lines.remember(answer, turn);
  lines.tell(answer.message, waiting);
}

async function undo(line) {
  const answer = await lines.confirm(line.action, new URLSearchParams(new FormData(line)));
  lines.forgetLast();
  if (answer.refused) return lines.tellRefused(answer.refused, answer.way);
  const cell = cells.find((one) => one.dataset.id === answer.id);
  setVersion(cell, answer.version);
  mark(cell, "");
  tellWaiting(answer.waiting);
  lines.tell(answer.message, waiting);
  cell.scrollIntoView({ block: "nearest" });
}

function approve(cell) {
  const picture = cell.querySelector(".thumb img");
  if (picture && !(picture.complete && picture.naturalWidth)) return lines.say(words.loading);
  decide(cell, cell.dataset.approve);
}

// The list of reasons covers half of a phone: what they are about is moved above it.
function keepInSight(cell) {
  const hidden = cell.getBoundingClientRect().bottom - document.querySelector("#reasons .reasons").getBoundingClientRect().top;
  if (hidden > 0) scrollBy({ top: hidden + 8 });
}

// Until a reason is chosen, or none.
function askAbout(cell) {
  return new Promise((resolve) => {
    asked = { cell, resolve };
    ask(() => {
      asked = null;
      resolve();
    });
    keepInSight(cell);
  });
}

// Whoever leaves the reasons by key is where they were; whoever points at something else is there.
function askAboutTicked() {
  const before = document.activeElement;
  ask(() => document.activeElement.closest(".reasons") && before.focus({ preventScroll: true }));
}

function rejectAsked(reason) {
  const { cell, resolve } = asked;
  asked = null;
  answered();
  resolve();
  decide(cell, cell.dataset.reject, { reason });
}

// Whether the card shows all of the greeting: nobody approves by a swipe what they have not seen.
function isCut(cell) {
  const said = cell.querySelector(".cell-words > span");
  return "first" in cell.dataset || (said && said.scrollHeight > said.clientHeight + 1);
}

function offer(card, side) {
  const cell = card.closest(".cell");
  if (side === "left") return { word: words.rejectWord, act: () => askAbout(cell) };
  if (!isCut(cell)) return { word: words.approveWord, act: () => approve(cell) };
  const word = cell.dataset.first === "covers" ? words.coversWord : words.openWord;
  const way = cell.dataset.first === "covers" ? cell.dataset.cover : cell.querySelector(".cell-open a").href;
  return { word, look: "open", act: () => location.assign(way) };
}

const cardOf = (target) => (isAsking() ? null : target.closest(".cell:not(.taken, .out) > .cell-card"));

// ---------- the page

function hear({ waiting: count, oldest, changed }) {
  if (!isSending()) tellWaiting(count);
  lines.tellOldest(oldest);
  for (const change of changed) {
    // an answer may come late: what was undone here meanwhile isn't what it speaks of
    const cell = undecided().find((one) => one.dataset.id === change.id && one.dataset.version === String(change.seen));
    if (cell) mark(cell, withLocalMoment(change));
  }
  if (count && !cells.length) lookAgain();
}

// Nothing on this sheet was ours: as soon as something is, it is shown; what was said about the last sheet stays.
async function lookAgain() {
  if (!(await loadItem(words.queue))?.bench) return;
  const next = document.querySelector("[data-all-done]");
  if (next && document.querySelector("#lines > *")) next.hidden = false;
  else location.replace(words.sheet);
}

if (form) {
  form.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell:not(.taken, .out)");
    if (event.target.closest("[data-ask]")) {
      event.preventDefault();
      if (isAsking()) stopAsking();
      else if (isAnyTicked()) askAboutTicked();
      else lines.say(words.none);
    } else if (cell && event.target.matches("input")) {
      tick(cell, event.target.checked, event.shiftKey);
    } else if (cell && event.target.closest(".thumb") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      tick(cell, !tickOf(cell).checked, event.shiftKey);
      tickOf(cell).focus({ preventScroll: true });
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-undo]")) {
      event.preventDefault();
      undo(event.target);
    } else if (event.target === form && asked) {
      event.preventDefault();
      rejectAsked(buttonOf(event).value);
    } else if (event.target === form && !isAnyTicked()) {
      event.preventDefault();
      lines.say(words.none);
    }
  });
  document.addEventListener("keydown", move);
  const summary = document.querySelector("#reasons > summary");
  if (summary) summary.hidden = true; // the key that asks is enough
  new Swipe(form.querySelector(".contact"), cardOf, offer);
  tellPicked();
}
new Claims(words.claims, words.csrf, undecided, hear);
listenToKeys(press);
offerKeys();
