// When the letters of the house come late, those of the device stand in. They are not quite as wide: a line may break
// elsewhere, and all that stands below would jump. So a page waits until every letter that was asked for is there, and
// takes ours in as many lines as there are, beginning where they began, with spaces a hair narrower or wider where a text
// needs that; where nothing helps it stays as it is. Without this script letters are taken as they come.

const SPACES = ["", "-.02em", ".02em", "-.04em", ".04em", "-.06em", ".06em", "-.08em", ".08em", "-.1em", ".1em"];
const HAIRS = 5; // of these, where a text only slides aside: wider ones are seen sooner than that
const SLIDE_PX = 2;
const page = document.documentElement;

// whatever holds words and is no part of a line itself
function findTexts() {
  const texts = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    let box = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || box.closest("svg")) continue;
    while (/^(inline|contents)$/.test(getComputedStyle(box).display)) box = box.parentElement;
    texts.add(box);
  }
  return [...texts].reverse(); // what stands within another comes before it
}

// how high a text is, and how far from its edge it begins
function placeOf(text) {
  const box = text.getBoundingClientRect();
  const words = document.createRange();
  words.selectNodeContents(text);
  return { height: box.height, left: (words.getClientRects()[0]?.left ?? box.left) - box.left };
}

const isAsHigh = (one, other) => Math.abs(one.height - other.height) < 1;
const slideOf = (one, other) => Math.abs(one.left - other.left);

function standIn(part) {
  part.style.setProperty("--serif", "var(--serif-near)");
  part.style.setProperty("--sans", "var(--sans-near)");
}

function takeOurs(part) {
  part.style.removeProperty("--serif");
  part.style.removeProperty("--sans");
}

// Between these looks nothing is painted: what doesn't come out as high was never seen.
function fit(text, place) {
  let best = { slide: Infinity };
  const spaces = isAsHigh(placeOf(text), place) ? SPACES.slice(0, HAIRS) : SPACES;
  for (const space of spaces) {
    text.style.wordSpacing = space;
    const now = placeOf(text);
    if (isAsHigh(now, place) && slideOf(now, place) < best.slide) best = { space, slide: slideOf(now, place) };
    if (best.slide < SLIDE_PX) return;
  }
  text.style.wordSpacing = best.space ?? "";
  if (best.space === undefined) leave(text.closest("blockquote") ?? text); // one person's words are all in the same letters
}

function leave(part) {
  standIn(part); // for what has a family of its own; else it is inherited
  part.style.fontFamily = getComputedStyle(part).fontFamily.replace(/"Greetings \w+", /, "");
}

placeOf(page); // whoever measures lays the page out, and thereby the browser asks for the letters
const late = [...document.fonts].filter((face) => face.status === "loading");
if (late.length) {
  standIn(page);
  await Promise.allSettled(late.map((face) => face.loaded));
  const texts = findTexts();
  const places = texts.map(placeOf);
  takeOurs(page);
  const now = texts.map(placeOf);
  texts.forEach((text, one) => {
    if (!isAsHigh(now[one], places[one]) || slideOf(now[one], places[one]) >= SLIDE_PX) fit(text, places[one]);
  });
}
