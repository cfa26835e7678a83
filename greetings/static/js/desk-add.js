// Sends what came by post a few pictures at a time, shows how far it is, and goes on by itself after a pause. The
// server knows a picture of this page again: sent twice, it is added once. Without this the form is sent whole.

import { freshToken, sendForm } from "./desk-ask.js";
import { figure, percent } from "./numbers.js";
import { copyOf, unfold } from "./unfold.js";

unfold(document.querySelectorAll("[data-unfold]:not([id])"));

const form = document.querySelector("[data-add]");
const words = document.querySelector("p[data-words]").dataset;
const url = form.getAttribute("action"); // a field of that name stands before form.action
const input = form.elements.photos;
const halt = form.querySelector("[data-halt]");
const waiting = form.querySelector("[data-waiting]");
const button = form.querySelector("button[type=submit]");
const added = document.querySelector("[data-added]");
const refused = added.querySelector("[data-refused-part]");
const TRIES = 6;
const PAUSE_SECONDS = 5;
const NOT_NOW = new Set([429, 502, 503, 504]);
const inQueue = new Set();

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// ---------- what will be sent

function groups() {
  const files = [...input.files];
  const isTogether = new FormData(form).get("together") === "together";
  const [most, bytes] = [isTogether ? Number(form.dataset.together) : 1, Number(form.dataset.batchBytes)];
  const found = [];
  for (const file of files) {
    const last = found.slice(-1)[0];
    const fits = last && last.length < most && last.reduce((sum, one) => sum + one.size, file.size) <= bytes;
    if (fits) last.push(file);
    else found.push([file]);
  }
  return found.length ? found : [[]];
}

function tellCount() {
  const count = input.files.length;
  const line = form.querySelector("[data-count]");
  const isTooMany = count > Number(form.dataset.most);
  line.textContent = !count
    ? ""
    : isTooMany
      ? words.tooMany
      : filled(words.count, { n: figure(count), greetings: figure(groups().length) });
  button.disabled = isTooMany;
}

// ---------- sending

const halted = (sentence, way) => ({ errors: [{ sentence, way }] });

// Whether nobody is signed in by now, or somebody else in whose name nothing is sent from here.
const isSignedOut = async () => await freshToken().catch(() => null) === "";

// What can be seen: of many pictures each has its line, a single one has all that is said.
const lines = () => form.elements.descriptions.value.trimEnd().split("\n");

function linesOf(group) {
  const all = [...input.files];
  return all.length > 1 ? group.map((file) => lines()[all.indexOf(file)] ?? "") : lines();
}

async function send(group) {
  const body = new FormData(form);
  body.set("descriptions", linesOf(group).join("\n"));
  body.delete("photos");
  for (const file of group) body.append("photos", file, file.name);
  for (let attempt = 1; ; attempt += 1) {
    let response = null;
    try {
      response = await sendForm(url, body);
      if (response.ok || response.status === 422) return await response.json();
    } catch {
      response = null; // no answer, or half of one: once more
    }
    if (response?.status === 413) return { outcomes: [{ refusals: group.map((file) => `${file.name}: ${words.tooLarge}`) }] };
    if (response?.status === 401 || (response?.status === 403 && await isSignedOut())) return halted(words.signedOut, words.signIn);
    if (response && !NOT_NOW.has(response.status)) return halted(response.status < 500 ? words.refused : words.failed);
    if (attempt === TRIES) return halted(words.offline);
    tellPause();
    await pause(Number(response?.headers.get("Retry-After")) || PAUSE_SECONDS);
  }
}

// ---------- telling

function tellPause() {
  const step = waiting.querySelector("[data-step]");
  step.textContent = step.dataset.pause;
}

function tellStep(done, of) {
  const step = waiting.querySelector("[data-step]");
  step.textContent = filled(step.dataset.words, { n: figure(Math.min(done + 1, of)), of: figure(of) });
  waiting.querySelector("progress").value = (100 * done) / of;
  waiting.querySelector("[data-percent]").textContent = percent(done / of);
}

function tellOutcome(outcome) {
  for (const sentence of outcome.refusals ?? []) {
    const line = copyOf("refused-line");
    line.querySelector("[data-sentence]").textContent = sentence;
    refused.querySelector("[data-refused]").append(line);
    refused.querySelector("[data-refused-count]").textContent = figure(refused.querySelectorAll("li").length);
    refused.hidden = false;
  }
  if (!outcome.id || inQueue.has(outcome.id)) return;
  inQueue.add(outcome.id);
  const line = copyOf("added-line");
  line.querySelector("[data-name]").textContent = outcome.files.join(", ");
  line.querySelector("[data-code]").textContent = outcome.code;
  added.querySelector("[data-codes]").append(line);
  added.querySelector("[data-added-count]").textContent = figure(inQueue.size);
}

function tellWaiting(count) {
  const inBar = document.querySelector(".desk-bar .count");
  if (inBar && count !== undefined) inBar.firstChild.textContent = figure(count);
}

function tellMissing(errors) {
  const lines = errors.map(({ field, sentence, way }) => {
    const link = document.createElement("a");
    link.textContent = sentence;
    if (field) link.href = `#${field}`;
    if (way) Object.assign(link, { href: way, target: "_blank" });
    const line = document.createElement("li");
    line.append(link);
    return line;
  });
  halt.querySelector("ul").replaceChildren(...lines);
  if (inQueue.size) halt.querySelector("h2").textContent = words.notAll;
  halt.hidden = false;
  halt.focus();
}

function isGoing(yes) {
  waiting.hidden = !yes;
  button.hidden = yes;
}

async function sendAll() {
  const all = groups();
  const facts = { photos: figure(input.files.length), lines: figure(lines().length) };
  if (input.files.length > 1 && lines().length > input.files.length) {
    return tellMissing([{ field: "descriptions", sentence: filled(words.tooManyLines, facts) }]);
  }
  halt.hidden = true;
  refused.hidden = true;
  refused.querySelector("[data-refused]").replaceChildren();
  isGoing(true);
  try {
    for (const [place, group] of all.entries()) {
      tellStep(place, all.length);
      const answer = await send(group);
      if (answer.errors) return tellMissing(answer.errors);
      answer.outcomes.forEach(tellOutcome);
      tellWaiting(answer.waiting);
    }
    tellStep(all.length, all.length);
    form.hidden = true;
    added.hidden = false;
    added.focus();
  } finally {
    isGoing(false);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!button.hidden) sendAll();
});
form.addEventListener("change", tellCount);
form.querySelector("[data-without-script]").hidden = true;
tellCount();
