// Covers, crop and turn by pointer and key. The form's own numbers are the truth: whatever is drawn fills them.

import { asPage, freshToken } from "./desk-ask.js";
import { buttonOf } from "./desk-button.js";
import { CoverTool } from "./desk-cover-tool.js";
import { listenToKeys, offerKeys } from "./desk-keys.js";
import { unfold } from "./unfold.js";

unfold(document.querySelectorAll("[data-unfold]"));

const form = document.getElementById("covers");
const said = document.querySelector("[data-said]");
const tools = [...document.querySelectorAll("[data-photo]")].map((section) => new CoverTool(section, said.dataset));
let current = tools[0];
let [isAsking, isHeard] = [false, false];

function say(sentence) {
  said.textContent = sentence;
}

// What was said while it looked is newer than what it has found, and stays.
async function findFaces() {
  say(said.dataset.looking);
  const tell = (sentence) => said.textContent === said.dataset.looking && say(sentence);
  const body = new FormData(form);
  body.set("do", "find");
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: asPage });
    const { faces } = await response.json();
    for (const tool of tools) tool.propose(faces[tool.section.dataset.photo] ?? []);
    tell(tools.some((tool) => tool.ofKind("face").length) ? "" : said.dataset.none);
  } catch {
    tell(said.dataset.offline);
  }
}

function sayToSignIn() {
  say(said.dataset.signedOut);
  const way = document.createElement("a");
  Object.assign(way, { href: said.dataset.signIn, target: "_blank", textContent: said.dataset.signInWord });
  said.append(" ", way);
}

// A form that is sent where nobody is signed in, or nobody answers, takes everything drawn along: first we ask.
async function sendIfHeard(button) {
  if (isAsking) return;
  isAsking = true;
  try {
    const token = await freshToken();
    if (token === "") return sayToSignIn();
    if (token) form.elements.csrf_token.value = token; // where there is none the answer says what became of it
    isHeard = true;
    button.click();
  } catch {
    say(said.dataset.offline);
  } finally {
    isHeard = isAsking = false;
  }
}

const acts = {
  accept: () => tools.forEach((tool) => tool.acceptAll()),
  new: () => current.add(),
  turn: () => current.turn(),
  crop: () => current.crop(),
  delete: () => current.delete(),
  draw: () => current.drawByFinger(),
  undo: () => current.undo(),
};

if (form) {
  document.querySelector("[data-hint-typed]").hidden = true;
  form.addEventListener("focusin", (event) => {
    current = tools.find((tool) => tool.section.contains(event.target)) ?? current;
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    current = tools.find((tool) => tool.section.contains(button)) ?? current;
    acts[button.dataset.do]();
  });
  form.addEventListener("submit", (event) => {
    if (isHeard) return;
    event.preventDefault();
    const button = buttonOf(event);
    if (button.value === "find") findFaces();
    else sendIfHeard(button);
  });
  document.addEventListener("keydown", (event) => {
    const isStepBack = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.code === "KeyZ";
    if (isStepBack && !event.target.closest?.("input, textarea")) {
      event.preventDefault();
      current.undo();
    }
  });
  document.addEventListener("keydown", (event) => {
    const isFree = !event.target.closest?.("button, a, summary, select, textarea");
    if (event.key !== "Enter" || event.defaultPrevented || !isFree || event.repeat) return;
    event.preventDefault();
    form.querySelector("[data-burn]").click();
  });
  if ("findAtOnce" in form.dataset && !document.querySelector("[role=status].notice")) findFaces();
}

listenToKeys((letter) => {
  if (letter === "escape") letter = "b";
  const inTool = current?.section.querySelector(`[data-key="${letter}"]:not([hidden])`);
  const found = inTool ?? document.querySelector(`[data-key="${letter}"]:not([hidden])`);
  found?.click();
  return Boolean(found);
});
offerKeys();
