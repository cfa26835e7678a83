// The queue by keyboard and thumb. The page works without this: it only takes the waiting out of it. The next
// items are loaded ahead and shown at once; the decision is confirmed behind them, and said aloud if it was refused.
// A refused item is never put back under the hand of somebody who is already deciding the next one.

import { buttonOf } from "./desk-button.js";
import { Claims } from "./desk-claims.js";
import { sayLocally, withLocalMoment } from "./desk-clock.js";
import { listenToKeys, offerKeys, tellKeys } from "./desk-keys.js";
import * as lines from "./desk-lines.js";
import { isSeen, loadEnd, loadItem } from "./desk-pages.js";
import { answered, ask, isAsking, stopAsking } from "./desk-reasons.js";
import { isSending } from "./desk-send.js";
import { Swipe } from "./desk-swipe.js";

const AHEAD = 3;
const { say, words } = lines;
const keysDialog = document.getElementById("keys");
const decided = new Set(); // IDs sent off from here: not to be shown again by a page that was loaded too early
const hand = []; // the next items, loaded
let filling = null; // the loading of more of them
let onTheWay = Promise.resolve(); // the answers of all decisions so far
let isBusy = false;
let waiting = lines.shownWaiting();

const bench = () => document.getElementById("bench");

function tellWaiting(count) {
  waiting = count;
  lines.tellWaiting(count);
}

// ---------- from item to item

const isKnown = (id) => decided.has(id) || [bench(), ...hand].some((one) => one.dataset.id === id);

// Load on until the hand is full, or nothing new comes.
async function loadAhead() {
  while (hand.length < AHEAD) {
    const { next } = (hand.slice(-1)[0] ?? bench()).dataset;
    const page = next ? await loadItem(next) : null;
    if (!page?.bench || isKnown(page.bench.dataset.id)) return;
    hand.push(page.bench);
  }
}

function fill() {
  filling ??= loadAhead().finally(() => (filling = null));
  return filling;
}

function show(fresh) {
  answered();
  sayLocally(fresh);
  tellKeys(fresh);
  bench().replaceWith(fresh);
  history.replaceState(null, "", fresh.dataset.url ?? location.pathname);
  scrollTo(0, 0);
  fresh.focus({ preventScroll: true });
  fill();
}

// Nothing is left: said in this page, so that what was refused a moment ago, and the last undo, stay with it.
async function end(url) {
  const page = await loadEnd(url);
  isBusy = false;
  if (!page) return location.assign(withUndo(url));
  page.bench.dataset.url = withUndo(words.queue);
  document.querySelector("[data-oldest]").textContent = page.oldest;
  show(page.bench);
}

// The next of the hand; when it is empty, what the server has; whatever fails, its own page is the way on.
async function goOn(url) {
  if (!hand.length) {
    isBusy = true;
    bench().querySelector(".work")?.classList.add("going");
    await filling;
    if (!hand.length) await onTheWay; // what was decided must not come again
    if (!hand.length) await fill();
    if (!hand.length) return end(url);
    isBusy = false;
  }
  show(hand.shift());
}

// The server's own page offers to undo what was decided last, too.
function withUndo(url) {
  const last = lines.lastDone();
  const way = new URL(url, location.href);
  if (last) {
    way.searchParams.set("done", last.id);
    way.searchParams.set("version", last.version);
  }
  return way.href;
}

async function goTo(url) {
  isBusy = true;
  await onTheWay;
  const page = await loadItem(url);
  isBusy = false;
  if (!page?.bench) return location.assign(url);
  claims.letGo(hand.splice(0));
  show(page.bench);
}

// ---------- decisions

function decide(form, button) {
  if (isBusy) return say(words.busy);
  const isApproval = !button.hasAttribute("formaction");
  if (isApproval && !isSeen(bench())) return say(words.loading);
  say("");
  const { id, next, url } = bench().dataset;
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  const turn = lines.nextTurn();
  decided.add(id);
  tellWaiting(Math.max(waiting - 1, 0));
  const confirmed = lines.confirm(isApproval ? form.action : button.formAction, body).then((answer) => {
    if (answer.refused) {
      decided.delete(id);
      tellWaiting(answer.waiting ?? waiting + 1);
      lines.tellRefused(answer.refused, answer.way ?? url);
    } else {
      if (!isSending()) tellWaiting(answer.waiting);
      lines.remember(answer, turn);
      lines.tell(answer.message, waiting);
    }
  });
  onTheWay = Promise.all([onTheWay, confirmed]);
  goOn(next);
}

async function undo(form) {
  if (isBusy) return say(words.busy);
  isBusy = true;
  const answer = await lines.confirm(form.action, new URLSearchParams(new FormData(form)));
  isBusy = false;
  lines.forgetLast();
  if (answer.refused) return lines.tellRefused(answer.refused, answer.way);
  decided.delete(answer.id);
  tellWaiting(answer.waiting);
  lines.tell(answer.message, waiting);
  goTo(`${words.queue}?at=${answer.id}`);
}

// ---------- others at the same queue

function hear({ waiting: count, oldest, changed }) {
  if (!isSending()) tellWaiting(count);
  lines.tellOldest(oldest);
  for (const change of changed) {
    const { id, seen, url } = change;
    // an answer may come late: what was undone or mended meanwhile isn't what it speaks of
    const isThat = (one) => one.dataset.id === id && one.dataset.version === String(seen);
    const place = hand.findIndex(isThat);
    if (place >= 0) hand.splice(place, 1);
    if (decided.has(id) || !isThat(bench())) continue;
    lines.tellRefused(withLocalMoment(change), url);
    decided.add(id);
    goOn(bench().dataset.next);
  }
  if (!bench().dataset.id && count) loadItem(words.queue).then((page) => page?.bench && show(page.bench));
  fill();
}

const claims = new Claims(words.claims, words.csrf, () => [bench(), ...hand], hear);
addEventListener("pagehide", () => claims.letGo(hand));

function skip(url) {
  say("");
  claims.letGo([bench()]);
  goOn(url);
}

// ---------- what a hand does

const backToItem = () => bench().focus({ preventScroll: true });

function press(letter) {
  if (letter === "escape") return stopAsking();
  const isDigit = /\d/.test(letter);
  if (isDigit !== isAsking() && letter !== "r") return stopAsking(); // a digit alone rejects nothing
  if (letter === "u") {
    onTheWay.then(() => document.querySelector("[data-undo] button")?.click());
    return true;
  }
  const found = document.querySelector(`[data-key="${letter}"]`);
  found?.click();
  if (letter === "a" && !found && bench().querySelector(".key.yes")) say(words.coversFirst);
  return Boolean(found);
}

// Long letters are read by key, too, wherever the picture's part of the window scrolls by itself.
const SCROLLS = { ArrowDown: 0.15, ArrowUp: -0.15, PageDown: 0.85, PageUp: -0.85, " ": 0.85 };

document.addEventListener("keydown", (event) => {
  const mat = bench().querySelector(".mat");
  const isFree = [document.body, bench()].includes(document.activeElement);
  if (!mat || !isFree || !(event.key in SCROLLS) || mat.scrollHeight <= mat.clientHeight) return;
  event.preventDefault();
  const share = event.key === " " && event.shiftKey ? -SCROLLS[" "] : SCROLLS[event.key];
  mat.scrollBy({ top: share * mat.clientHeight });
});

function showKeys() {
  keysDialog.showModal();
  keysDialog.querySelector("button").focus(); // and not the choice, which a hasty key would change
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key], button[data-key='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const act = { r: () => stopAsking() || ask(backToItem), "?": showKeys, s: () => skip(link.href), b: () => goTo(link.href) };
  if (!act[link.dataset.key]) return;
  event.preventDefault();
  if (isBusy) say(words.busy);
  else act[link.dataset.key]();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "decision" && !form.matches("[data-undo]")) return;
  event.preventDefault();
  if (form.id === "decision") decide(form, buttonOf(event));
  else undo(form);
});

// Until a reason is chosen, or none.
const askUntilAnswered = () => new Promise((resolve) => ask(() => resolve(backToItem())));

// The whole of it pulled aside on a phone.
function offer(_item, side) {
  if (side === "left") return { word: words.rejectWord, act: askUntilAnswered };
  const yes = bench().querySelector(".key.yes");
  if (yes.dataset.key) return { word: words.approveWord, act: () => yes.click() };
  return { word: words.coversWord, look: "open", act: () => yes.click() };
}

function itemAt(target) {
  return isBusy || isAsking() || target.closest("input, textarea, select") ? null : target.closest("#bench .work");
}

new Swipe(document.getElementById("main"), itemAt, offer);
listenToKeys(press);
offerKeys();
fill();
