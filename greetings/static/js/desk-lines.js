// What was done and can be undone, what was refused, what is heard: the same lines for the queue and the contact sheet.

import { withLocalMoment } from "./desk-clock.js";
import { send } from "./desk-send.js";
import { figure } from "./numbers.js";
import { copyOf, unfold } from "./unfold.js";

unfold(document.querySelectorAll("[data-unfold]:not([id])"));

export const words = document.querySelector("[data-words]").dataset;
const root = document.querySelector("[data-toasts]");
const past = []; // answers to our decisions in the order of deciding, the last one first to be undone
let turns = 0; // how many decisions were made: an answer may overtake another

export function say(sentence) {
  document.querySelector("[data-said]").textContent = sentence;
}

// For those who hear the page: what was done, and how many wait.
export function tell(done, count) {
  document.querySelector("[data-told]").textContent = words.toldLine.replace("{done}", done.replace(/\.$/, "")).replace("{n}", figure(count));
}

export function tellWaiting(count) {
  document.querySelector("[data-waiting]").textContent = figure(count);
  const inBar = document.querySelector(".desk-bar .count");
  if (inBar) inBar.firstChild.textContent = figure(count);
}

export function tellOldest(age) {
  document.querySelector("[data-oldest]").textContent = age ? words.oldestLine.replace("{age}", age) : "";
}

export function shownWaiting() {
  return Number.parseInt(document.querySelector("[data-waiting]").textContent.replace(/\D/g, ""), 10);
}

function tellDone() {
  root.querySelector("[data-done]")?.remove();
  const answer = lastDone();
  if (!answer) return;
  const line = copyOf("done-line");
  line.querySelector("[data-sentence]").textContent = answer.message;
  const form = line.querySelector("[data-undo]");
  form.action = answer.undo;
  form.elements.version.value = answer.version;
  root.prepend(line);
}

export const lastDone = () => past.slice(-1)[0];
export const nextTurn = () => (turns += 1);

export function remember(answer, turn) {
  past.push({ ...answer, turn });
  past.sort((one, other) => one.turn - other.turn);
  tellDone();
}

export function forgetLast() {
  past.pop();
  tellDone();
}

export function tellRefused(sentence, way) {
  const line = copyOf("refused-line");
  line.querySelector("[data-sentence]").textContent = sentence;
  if (way) line.querySelector("[data-way]").href = way;
  if (sentence === words.signedOut) line.querySelector("[data-way]").textContent = words.signInWord; // it leads there, and back
  line.querySelector("[data-close]").addEventListener("click", () => line.remove());
  root.append(line);
}

// ---------- the server's answer to a decision

function outcomeOf(answer) {
  if (answer === null) return { refused: words.offline };
  if (answer.status === 200) return answer;
  if (answer.status === 401) return { refused: words.signedOut };
  const message = withLocalMoment(answer);
  const unsaid = answer.status < 500 ? words.refused : words.failed; // 403: an old page, or another name of the site
  return { ...answer, message, refused: message ?? unsaid, way: answer.url };
}

export async function confirm(url, body) {
  const answer = outcomeOf(await send(url, body, () => say(words.again)));
  if (document.querySelector("[data-said]").textContent === words.again) say("");
  return answer;
}
