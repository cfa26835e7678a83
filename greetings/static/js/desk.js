// The queue by keyboard and thumb. The page works without this: it only takes the waiting out of it. The next
// item is loaded ahead and shown at once; the decision is confirmed behind it, and said aloud if it was refused.
// A refused item is never put back under the hand of somebody who is already deciding the next one.

import { listenToKeys } from "./desk-keys.js";
import { isSeen, loadItem } from "./desk-pages.js";

const lines = document.getElementById("lines");
const words = document.querySelector("[data-words]").dataset;
const keysDialog = document.getElementById("keys");
const decided = new Set(); // IDs sent off from here: not to be shown again by a page that was loaded too early
const past = []; // answers to our decisions, the last one first to be undone
let ahead = null; // the next item, on its way
let onTheWay = Promise.resolve(); // the last decision's answer
let isBusy = false;
let waiting = Number.parseInt(document.querySelector("[data-waiting]").textContent.replace(/\D/g, ""), 10);

const bench = () => document.getElementById("bench");

function say(sentence) {
  document.querySelector("[data-said]").textContent = sentence;
}

// ---------- what stands around the item

function tellWaiting(count) {
  waiting = count;
  const figure = new Intl.NumberFormat(document.documentElement.lang).format(count);
  document.querySelector("[data-waiting]").textContent = figure;
  const inBar = document.querySelector(".desk-bar .count");
  if (inBar) inBar.firstChild.textContent = figure;
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

function loadAhead() {
  const url = bench().dataset.next;
  ahead = url ? { url, page: loadItem(url) } : null;
}

function show(page) {
  stopAsking();
  document.querySelector(".desk-strip").replaceWith(page.strip);
  bench().replaceWith(page.bench);
  prepare();
  tellWaiting(waiting);
  history.replaceState(null, "", page.bench.dataset.url ?? location.pathname);
  scrollTo(0, 0);
  bench().focus({ preventScroll: true });
}

function prepare() {
  document.querySelector('.desk-strip [data-key="?"]')?.removeAttribute("hidden");
  loadAhead();
}

// Whatever fails, the server's own page is the way on.
async function move(url, isNext) {
  isBusy = true;
  bench().querySelector(".work")?.classList.add("going");
  let page = isNext && ahead?.url === url ? await ahead.page : null;
  if (page && decided.has(page.bench.dataset.id)) page = null; // loaded before its decision had arrived
  if (!page) {
    await onTheWay;
    page = await loadItem(url);
  }
  isBusy = false;
  if (page) show(page);
  else location.assign(url);
}

// ---------- decisions

async function send(url, body) {
  try {
    const options = { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true };
    const response = await fetch(url, options);
    const answer = await response.json();
    return response.ok ? answer : { ...answer, refused: answer.message ?? words.offline, way: answer.url };
  } catch {
    return { refused: words.offline };
  }
}

function decide(form, button) {
  if (isBusy) return say(words.busy);
  const isApproval = !button.hasAttribute("formaction");
  if (isApproval && !isSeen(bench())) return say(words.loading);
  say("");
  const { id, next, url } = bench().dataset;
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  decided.add(id);
  tellWaiting(Math.max(waiting - 1, 0));
  onTheWay = send(isApproval ? form.action : button.formAction, body).then((answer) => {
    if (answer.refused) {
      decided.delete(id);
      tellWaiting(answer.waiting ?? waiting + 1);
      tellRefused(answer.refused, answer.way ?? url);
    } else {
      past.push(answer);
      tellWaiting(answer.waiting);
      tellDone();
    }
  });
  move(next, true);
}

async function undo(form) {
  if (isBusy) return say(words.busy);
  isBusy = true;
  const answer = await send(form.action, new URLSearchParams(new FormData(form)));
  isBusy = false;
  past.pop();
  tellDone();
  if (answer.refused) return tellRefused(answer.refused, answer.way);
  decided.delete(answer.id);
  tellWaiting(answer.waiting);
  move(`${words.at}${answer.id}`, false);
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
  const act = { r: ask, "?": () => keysDialog.showModal(), s: () => move(link.href, true), b: () => move(link.href, false) };
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

listenToKeys(press);
prepare();
