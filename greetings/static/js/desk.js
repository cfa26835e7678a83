// The queue by keyboard and thumb. The page works without this: it only takes the waiting out of it. The next
// items are loaded ahead and shown at once; the decision is confirmed behind them, and said aloud if it was refused.
// A refused item is never put back under the hand of somebody who is already deciding the next one.

import { Claims } from "./desk-claims.js";
import { sayLocally } from "./desk-clock.js";
import { listenToKeys } from "./desk-keys.js";
import { isSeen, loadItem } from "./desk-pages.js";
import { isSending, send } from "./desk-send.js";

const AHEAD = 3;
const lines = document.getElementById("lines");
const words = document.querySelector("[data-words]").dataset;
const keysDialog = document.getElementById("keys");
const decided = new Set(); // IDs sent off from here: not to be shown again by a page that was loaded too early
const past = []; // answers to our decisions in the order of deciding, the last one first to be undone
let turns = 0; // how many decisions were made: an answer may overtake another
const hand = []; // the next items, loaded
let filling = null; // the loading of more of them
let onTheWay = Promise.resolve(); // the answers of all decisions so far
let isBusy = false;
let waiting = Number.parseInt(document.querySelector("[data-waiting]").textContent.replace(/\D/g, ""), 10);

const bench = () => document.getElementById("bench");

function say(sentence) {
  document.querySelector("[data-said]").textContent = sentence;
}

// ---------- what stands around the item

function tellWaiting(count) {
  waiting = count;
  const figure = new Intl.NumberFormat([document.documentElement.lang, "ru"]).format(count);
  document.querySelector("[data-waiting]").textContent = figure;
  const inBar = document.querySelector(".desk-bar .count");
  if (inBar) inBar.firstChild.textContent = figure;
}

function tellOldest(age) {
  document.querySelector("[data-oldest]").textContent = age ? words.oldestLine.replace("{age}", age) : "";
}

function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function tellDone() {
  lines.querySelector("[data-done]")?.remove();
  const answer = past.at(-1);
  if (!answer) return;
  const line = fromTemplate("done-line");
  line.querySelector("[data-sentence]").textContent = answer.message;
  const form = line.querySelector("[data-undo]");
  form.action = answer.undo;
  form.elements.version.value = answer.version;
  lines.prepend(line);
}

function tellRefused(sentence, way) {
  const line = fromTemplate("refused-line");
  line.querySelector("[data-sentence]").textContent = sentence;
  if (way) line.querySelector("[data-way]").href = way;
  line.querySelector("[data-close]").addEventListener("click", () => line.remove());
  lines.append(line);
}

// ---------- from item to item

const isKnown = (id) => decided.has(id) || [bench(), ...hand].some((one) => one.dataset.id === id);

// Load on until the hand is full, or nothing new comes.
async function loadAhead() {
  while (hand.length < AHEAD) {
    const { next } = (hand.at(-1) ?? bench()).dataset;
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
  stopAsking();
  sayLocally(fresh);
  bench().replaceWith(fresh);
  history.replaceState(null, "", fresh.dataset.url ?? location.pathname);
  scrollTo(0, 0);
  fresh.focus({ preventScroll: true });
  fill();
}

// The next of the hand; when it is empty, what the server has; whatever fails, its own page is the way on.
async function goOn(url) {
  if (!hand.length) {
    isBusy = true;
    bench().querySelector(".work")?.classList.add("going");
    await filling;
    if (!hand.length) await onTheWay; // what was decided must not come again
    if (!hand.length) await fill();
    isBusy = false;
  }
  if (hand.length) show(hand.shift());
  else location.assign(withUndo(url));
}

// The server's own page offers to undo what was decided last, too.
function withUndo(url) {
  const last = past.at(-1);
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

function outcomeOf(answer) {
  if (answer === null) return { refused: words.offline };
  if (answer.status === 200) return answer;
  if (answer.status === 401) return { refused: words.signedOut };
  return { ...answer, refused: answer.message ?? words.offline, way: answer.url };
}

async function confirm(url, body) {
  const answer = outcomeOf(await send(url, body, () => say(words.again)));
  if (document.querySelector("[data-said]").textContent === words.again) say("");
  return answer;
}

function decide(form, button) {
  if (isBusy) return say(words.busy);
  const isApproval = !button.hasAttribute("formaction");
  if (isApproval && !isSeen(bench())) return say(words.loading);
  say("");
  const { id, next, url } = bench().dataset;
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  const turn = (turns += 1);
  decided.add(id);
  tellWaiting(Math.max(waiting - 1, 0));
  const answered = confirm(isApproval ? form.action : button.formAction, body).then((answer) => {
    if (answer.refused) {
      decided.delete(id);
      tellWaiting(answer.waiting ?? waiting + 1);
      tellRefused(answer.refused, answer.way ?? url);
    } else {
      past.push({ ...answer, turn });
      past.sort((one, other) => one.turn - other.turn);
      if (!isSending()) tellWaiting(answer.waiting);
      tellDone();
    }
  });
  onTheWay = Promise.all([onTheWay, answered]);
  goOn(next);
}

async function undo(form) {
  if (isBusy) return say(words.busy);
  isBusy = true;
  const answer = await confirm(form.action, new URLSearchParams(new FormData(form)));
  isBusy = false;
  past.pop();
  tellDone();
  if (answer.refused) return tellRefused(answer.refused, answer.way);
  decided.delete(answer.id);
  tellWaiting(answer.waiting);
  goTo(`${words.queue}?at=${answer.id}`);
}

// ---------- others at the same queue

function hear({ waiting: count, oldest, changed }) {
  if (!isSending()) tellWaiting(count);
  tellOldest(oldest);
  for (const { id, message, url } of changed) {
    const place = hand.findIndex((one) => one.dataset.id === id);
    if (place >= 0) hand.splice(place, 1);
    if (decided.has(id) || bench().dataset.id !== id) continue;
    tellRefused(message, url);
    decided.add(id);
    goOn(bench().dataset.next);
  }
  if (!bench().dataset.id && count) loadItem(words.queue).then((page) => page?.bench && show(page.bench));
  fill();
}

const claims = new Claims(words.claims, words.csrf, () => [bench(), ...hand], hear);
addEventListener("pagehide", () => claims.letGo(hand));

function skip(url) {
  claims.letGo([bench()]);
  goOn(url);
}

// ---------- reasons

const reasons = () => document.querySelector("#reasons .reasons");
const isAsking = () => reasons()?.classList.contains("asked") ?? false;

function ask() {
  reasons().classList.add("asked");
  reasons().scrollIntoView({ block: "nearest" });
  reasons().querySelector("button").focus();
}

function stopAsking() {
  if (!isAsking()) return false;
  reasons().classList.remove("asked");
  bench().focus({ preventScroll: true });
  return true;
}

// ---------- what a hand does

function press(letter) {
  if (letter === "escape") return stopAsking();
  const isDigit = /\d/.test(letter);
  if (isDigit !== isAsking() && letter !== "r") return stopAsking(); // a digit alone rejects nothing
  if (letter === "u") {
    onTheWay.then(() => lines.querySelector("[data-undo] button")?.click());
    return true;
  }
  const found = document.querySelector(`[data-key="${letter}"]`);
  found?.click();
  return Boolean(found);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key], button[data-key='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const act = { r: ask, "?": () => keysDialog.showModal(), s: () => skip(link.href), b: () => goTo(link.href) };
  if (!act[link.dataset.key]) return;
  event.preventDefault();
  if (isBusy) say(words.busy);
  else act[link.dataset.key]();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "decision" && !form.matches("[data-undo]")) return;
  event.preventDefault();
  if (form.id === "decision") decide(form, event.submitter);
  else undo(form);
});

document.querySelector('.desk-strip [data-key="?"]')?.removeAttribute("hidden");
listenToKeys(press);
fill();
