// The slide show of an event: new greetings come first, taken back ones go at once, a lost network is waited out.
// Slides are the page's own: each is fetched as the page that shows it, and its article is taken over.

import { restAfter, stayAwake } from "./from-afar.js";
import { fillScreen, offerFullScreen } from "./full-screen.js";
import { LOST, fetchPage } from "./pages.js";

const stage = document.getElementById("stage");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const line = document.querySelector("[data-line]");
line.querySelector("span").textContent = line.dataset.line;
const ASK_SECONDS = 2; // what was taken back must not hang on in a hall; mostly the answer is: nothing new
const MOST_KEPT = 80; // slides in memory, for a hall whose network is gone
const PATIENCE_MS = 12_000; // then a picture is shown as far as it has come

let names = []; // all slides, newest first
let fresh = []; // those that came while we were running, oldest first
let kept = new Map(); // name -> article, the ones shown last at the end
let current = document.getElementById("slide");
let timer = 0;
let paused = stage.dataset.still !== undefined;
let place = current.dataset.slide; // where in the round we are; what is new comes in between
let turn = 0; // a newer change of slides makes an older one give up
let asking = false; // on a slow line one question at a time
let isTold = false; // which slides there are
let isEager = false; // the next one was asked for before that

async function askForNames() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(stage.dataset.screen, { signal: AbortSignal.timeout?.(PATIENCE_MS) });
    // no greeting of an action that was closed to the public hangs on in a hall: the page itself says that it is gone
    if (answer.status === 404 || answer.status === 410) return location.replace(stage.dataset.page);
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    line.hidden = true;
    // a new day, new words, a new state: the page itself has changed around its slides
    if (told.frame !== stage.dataset.frame) return location.replace(stage.dataset.page);
    take(told.slides);
  } catch {
    line.hidden = false;
  } finally {
    asking = false;
  }
}

function take(told) {
  const known = new Set(names);
  if (names.length) fresh.push(...told.filter((name) => !known.has(name)).reverse());
  const there = new Set(told);
  // the round goes on behind what was taken back, and doesn't begin again
  if (!there.has(place)) place = names.slice(0, Math.max(0, names.indexOf(place))).filter((name) => there.has(name)).pop();
  names = told;
  isTold = true;
  fresh = fresh.filter((name) => there.has(name));
  for (const name of kept.keys()) if (!there.has(name)) kept.delete(name);
  const shown = current.dataset.slide;
  if (!shown) return told.length ? goOn(true) : undefined; // the first one of an empty evening
  if (current.classList.contains("leaving")) return;
  if (!there.has(shown)) current.classList.add("leaving"); // taken back while it hangs there: gone before the next one is here
  else if (!isEager) return;
  isEager = false;
  goOn(true);
}

function following(isNew) {
  if (isNew) return fresh.shift();
  place = names[(names.indexOf(place) + 1) % names.length];
  return place;
}

async function articleOf(name) {
  try {
    const page = await fetchPage(`${stage.dataset.page}?show=${encodeURIComponent(name)}`);
    const article = document.adoptNode(page.getElementById("slide"));
    if (article.dataset.slide !== name) return null; // it was taken back meanwhile
    const picture = article.querySelector("img");
    if (picture) await Promise.race([picture.decode(), new Promise((go) => setTimeout(go, PATIENCE_MS))]);
    keep(name, article);
    return article;
  } catch (error) {
    line.hidden = false;
    return kept.get(name) ?? (error.message === LOST ? undefined : null); // undefined: no other one would come, either
  }
}

function keep(name, article) {
  kept.delete(name);
  kept.set(name, article);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

async function goOn(forced = false) {
  clearTimeout(timer);
  if (paused && !forced) return;
  const mine = ++turn;
  // without a network, whatever is still in memory goes round: one question in vain is enough, on a line that hangs
  // each would cost seconds
  let isLost = false;
  for (let tries = 0; tries < names.length && (isLost || tries < MOST_KEPT); tries += 1) {
    const isNew = fresh.length > 0 && !isLost;
    const name = following(isNew);
    const article = name === current.dataset.slide ? null : isLost ? kept.get(name) : await articleOf(name);
    // what is new stays so until it is shown, whatever comes in between
    if (isNew && (mine !== turn || article === undefined)) fresh.unshift(name);
    if (mine !== turn) return;
    if (article && names.includes(name)) return show(article); // unless it was taken back on its way here
    isLost ||= article === undefined;
  }
  if (forced && current.dataset.slide && !names.includes(current.dataset.slide)) location.replace(stage.dataset.page);
  wait();
}

// Somebody wants the next one: before it is known which there are, it comes as soon as they are.
function goOnWhenTold() {
  if (isTold) goOn(true);
  else isEager = true;
}

function show(article) {
  const old = [...stage.querySelectorAll(".slide")].filter((one) => one !== article);
  if (still.matches) old.forEach((one) => one.remove());
  article.classList.remove("leaving");
  article.classList.toggle("arriving", !still.matches);
  stage.append(article);
  article.offsetWidth; // so that the change of class is a transition
  article.classList.remove("arriving");
  for (const one of old) {
    one.removeAttribute("id");
    one.classList.add("leaving");
    setTimeout(() => { if (one.classList.contains("leaving")) one.remove(); }, 1000);
  }
  article.id = "slide";
  current = article;
  wait();
}

function wait() {
  clearTimeout(timer);
  if (!paused) timer = setTimeout(goOn, Number(current.dataset.seconds || 12) * 1000);
}

// ---- for the one at the computer
const pause = document.querySelector("[data-pause]");

function setPaused(now) {
  paused = now;
  if (pause) pause.querySelector("span").textContent = paused ? pause.dataset.paused : pause.dataset.playing;
  if (paused) clearTimeout(timer);
  else goOn();
}

pause?.addEventListener("click", (event) => { event.preventDefault(); setPaused(!paused); });
document.querySelector("[data-next]")?.addEventListener("click", (event) => { event.preventDefault(); goOnWhenTold(); });
offerFullScreen();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button")) return;
  if (event.key === "ArrowRight") goOnWhenTold();
  else if (event.key === " ") setPaused(!paused);
  else if (event.key === "Enter") fillScreen(); // no letter: whoever dictates would press it by accident
  else return;
  event.preventDefault();
});

stayAwake();
restAfter(4000);

// a computer that falls asleep in the middle of an evening
document.addEventListener("visibilitychange", () => { if (!document.hidden) askForNames(); });
addEventListener("online", askForNames);

if (current.dataset.slide) keep(current.dataset.slide, current);
askForNames();
setInterval(askForNames, ASK_SECONDS * 1000);
wait();
