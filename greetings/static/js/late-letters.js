// When the letters of the house come late, those of the device stand in. They are not quite as wide: a line may break
// elsewhere, and all that stands below would jump. So a page waits until every letter that was asked for is there, and
// takes ours in as many lines as there are, each beginning where it began, with spaces a hair narrower or wider where a
// text needs that; where nothing helps it stays as it is. Without this script letters are taken as they come.

const SPACES = ["", "-.02em", ".02em", "-.04em", ".04em", "-.06em", ".06em", "-.08em", ".08em", "-.1em", ".1em"];
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

const isAlike = (one, other) => Math.abs(one.height - other.height) < 1 && Math.abs(one.left - other.left) < SLIDE_PX;

function standIn(part) {
  part.style.setProperty("--serif", "var(--serif-near)");
  part.style.setProperty("--sans", "var(--sans-near)");
}

function takeOurs(part) {
  part.style.removeProperty("--serif");
  part.style.removeProperty("--sans");
}

// Between these looks nothing is painted: what doesn't come out alike was never seen.
function fit(text, place) {
  const found = SPACES.some((space) => {
    text.style.wordSpacing = space;
    return isAlike(placeOf(text), place);
  });
  if (found) return;
  text.style.wordSpacing = "";
  standIn(text.closest("blockquote") ?? text); // the words of one person are all in the same letters
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
  texts.forEach((text, one) => isAlike(now[one], places[one]) || fit(text, places[one]));
}
