// When the letters of the house come late, those of the device stand in. They are not quite as wide: lines would break
// elsewhere, and what is centred or stands beside them would begin elsewhere. So a page waits until every letter that was
// asked for is there, and takes ours set a hair closer or wider, each text as wide as it was. A text of several lines that
// needs more is tried closer and wider as a whole; what doesn't fit even then stays as it is. Nothing is painted meanwhile,
// and nothing moves. Without this script letters are taken as they come.

const MOST = 0.07, MOST_IN_LINES = 0.035, FEW = 20; // between letters, of their size: more would be seen, the sooner the more there are
const ASIDE_PX = 2; // browsers say that a text moved from 3 on
const STEPS = Array.from({ length: 24 }, (_, one) => (one % 2 ? -1 : 1) * Math.ceil((one + 1) / 2)); // 1, -1, 2, -2 ...
const TRIES = STEPS.flatMap((step) => [[step * 0.001, step * 0.0075], [0, step * 0.01]]); // between letters, and words
const page = document.documentElement;
const range = document.createRange();

const isSpace = (part) => part instanceof Text && !part.data.trim();
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
const isAside = (one, other, moved) => Math.abs(other - one - moved) >= ASIDE_PX;

function linesOf(part) {
  if (part instanceof Element) return [part.getBoundingClientRect()];
  range.selectNode(part);
  return [...range.getClientRects()];
}

// What stands in one element itself and not in others within it: so much can be set closer or wider by itself.
class Words {
  constructor(box) {
    const { fontSize, letterSpacing } = getComputedStyle(box);
    this.box = box;
    this.size = parseFloat(fontSize);
    this.given = parseFloat(letterSpacing) / this.size || 0;
    this.parts = [];
    this.letters = this.more = 0;
  }

  measure() {
    const lines = this.parts.map(linesOf);
    // each line ends with a space that has no width
    const widths = lines.map((some) => sum(some.map((line) => line.width + this.size / 4)));
    return { widths, count: lines.flat().length, starts: lines.map(([first], one) => !isSpace(this.parts[one]) && first) };
  }

  takeWidth(was, now) {
    // a space between elements is not always there: it may end a line
    const missing = was.widths.map((width, one) => width && now.widths[one] && width - now.widths[one]);
    this.more += sum(missing) / this.letters / this.size;
    this.set(this.more);
  }

  set(letters, words = 0) {
    this.isTooMuch = Math.abs(letters) > (this.letters > FEW ? MOST_IN_LINES : MOST) && !this.parts.every(isSpace);
    this.box.style.letterSpacing = `${(this.given + letters).toFixed(4)}em`;
    this.box.style.wordSpacing = `${words}em`;
  }
}

// Words that share their lines.
class Block {
  constructor(box) {
    this.box = box;
    this.words = [];
  }

  measure() {
    return { edge: this.box.getBoundingClientRect(), words: this.words.map((some) => some.measure()) };
  }

  // as wide, in as many lines, each part of it beginning where it began within it
  fits(now) {
    const { edge, words } = this.was;
    return !isAside(edge.width, now.edge.width, 0) && this.isThere(now, now.edge.x - edge.x, now.edge.y - edge.y)
      && this.words.every((some, one) => !some.isTooMuch && words[one].count === now.words[one].count);
  }

  isThere(now, right = 0, down = 0) {
    return this.was.words.every(({ starts }, which) => starts.every((was, one) => {
      const is = now.words[which].starts[one];
      return !was || (is && !isAside(was.x, is.x, right) && !isAside(was.y, is.y, down));
    }));
  }

  takeWidths(now) {
    this.words.forEach((some, one) => some.takeWidth(this.was.words[one], now.words[one]));
  }

  tryOut([letters, words]) {
    for (const some of this.words) some.set(some.more + letters, words);
  }

  giveUp() {
    for (const some of this.words) some.set(0);
  }
}

function findBlocks() {
  const blocks = new Map();
  const words = new Map();
  const add = (box, part, letters) => {
    let lines = box;
    while (/^(inline|contents)/.test(getComputedStyle(lines).display)) lines = lines.parentElement;
    if (!blocks.has(lines)) blocks.set(lines, new Block(lines));
    if (!words.has(box)) blocks.get(lines).words.push(words.set(box, new Words(box)).get(box));
    words.get(box).parts.push(part);
    words.get(box).letters += letters;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const isSet = linesOf(text).length && !text.parentElement.closest("svg, select, .vh"); // nobody sees where the unseen are
    if (isSet) add(text.parentElement, text, text.data.replace(/\s+/g, " ").length);
  }
  for (const list of document.querySelectorAll("select")) // as wide as the longest of its lines
    add(list, list, Math.max(1, ...[...list.options].map((one) => one.label.length)));
  return [...blocks.values()];
}

function standIn(part) {
  part.style.setProperty("--serif", "var(--serif-near)"); // for what has a family of its own; else it is inherited
  part.style.setProperty("--sans", "var(--sans-near)");
}

function takeOurs(part) {
  part.style.removeProperty("--serif");
  part.style.removeProperty("--sans");
}

function leave(unfit, blocks) {
  const part = unfit.box.closest("blockquote") ?? unfit.box; // one person's words are all in the same letters
  standIn(part);
  part.style.fontFamily = getComputedStyle(part).fontFamily.replace(/"Greetings \w+", /, "");
  for (const block of blocks) if (part.contains(block.box)) block.giveUp();
}

// Whoever measures lays the page out. So everything is measured, and then everything set.
const measure = (blocks) => blocks.map((block) => block.measure());

function findUnfit(blocks) {
  const now = measure(blocks);
  return blocks.filter((block, one) => !block.fits(now[one]));
}

function takeLetters(blocks) {
  measure(blocks).forEach((was, one) => Object.assign(blocks[one], { was }));
  takeOurs(page);
  for (const _round of [1, 2]) measure(blocks).forEach((now, one) => blocks[one].takeWidths(now));
  let unfit = findUnfit(blocks);
  for (const spaces of TRIES) {
    if (!unfit.length) break;
    for (const block of unfit) block.tryOut(spaces);
    unfit = findUnfit(unfit);
  }
  for (const block of unfit) leave(block, blocks);
  if (measure(blocks).every((now, one) => blocks[one].isThere(now))) return;
  standIn(page); // never yet seen
  for (const block of blocks) block.giveUp();
}

let isDrawn = performance.getEntriesByType("paint").length > 0; // where a browser draws without waiting for this script
requestAnimationFrame(() => { isDrawn = true; });
page.getBoundingClientRect(); // whoever measures lays the page out, and thereby the browser asks for the letters
const late = [...document.fonts].filter((face) => face.status === "loading");
if (late.length) {
  standIn(page);
  await Promise.allSettled(late.map((face) => face.loaded));
  if (isDrawn) takeLetters(findBlocks());
  else takeOurs(page);
}
