// Words that people wrote, when the letters of the house come late. Those of the device stand in until then and are not
// quite as wide: a line may break elsewhere, and all that stands below would jump. So these words wait until every letter
// that was asked for is there, and take ours in as many lines as they have, with spaces a hair narrower or wider where it
// needs that; where nothing helps they stay as they are. Without this script letters are taken as they come.

const SPACES = ["", "-.02em", ".02em", "-.04em", ".04em", "-.06em", ".06em", "-.08em", ".08em", "-.1em", ".1em"];

const texts = [...document.querySelectorAll(".one blockquote, .one .signed, .card .words")];
const partsOf = (text) => (text.matches("blockquote") ? [...text.children] : [text]);
const heightOf = (part) => part.getBoundingClientRect().height;

function standIn(text) {
  text.style.setProperty("--serif", "var(--serif-near)");
  text.style.setProperty("--sans", "var(--sans-near)");
}

function takeOurs(text) {
  text.style.removeProperty("--serif");
  text.style.removeProperty("--sans");
}

// Between these two looks nothing is painted: what doesn't come out alike was never seen.
function fit(text, heights) {
  const isAlike = (part, place) => SPACES.some((space) => {
    part.style.wordSpacing = space;
    return heightOf(part) === heights[place];
  });
  const parts = partsOf(text);
  if (parts.every(isAlike)) return;
  for (const part of parts) part.style.wordSpacing = "";
  standIn(text);
}

texts.forEach(heightOf); // whoever measures lays the page out, and thereby the browser asks for the letters
const late = [...document.fonts].filter((face) => face.status === "loading");
if (late.length) {
  texts.forEach(standIn);
  await Promise.allSettled(late.map((face) => face.loaded));
  const heights = texts.map((text) => partsOf(text).map(heightOf));
  texts.forEach(takeOurs);
  texts.forEach((text, place) => fit(text, heights[place]));
}
