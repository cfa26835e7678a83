// The photo under the hand: shows it with its covers or its frame, and lets keys move them. Boxes are real elements,
// so that Tab goes from one to the next and a screen reader names them; the pointer's part is in strokes.js.

import { around, fromView, inView, inside, meet, moved, pixels, pulled, sized, WHOLE } from "./boxes.js";
import { paint, turnedSize } from "./darkroom.js";
import { FRAME, withCover, withoutCover } from "./edits.js";
import { Strokes } from "./strokes.js";

const CORNERS = ["nw", "ne", "sw", "se"];
const STEP = 0.01; // of what is shown
const SHARPEST = 2; // screen pixels drawn for one of the page
const CLOSEST = 6;
const MIDDLE = Object.freeze({ x: 0.5, y: 0.5 });
const LEAST_COVER = 0.015;
const LEAST_FRAME = 0.08;
const PRESSED = 0.03; // the same by a button, which is pressed less often than a key is held
const RESIZES = { wider: [1, 0], narrower: [-1, 0], taller: [0, 1], shorter: [0, -1] };
const MOVES = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Stage {
  // `host` has the edits, the mode, the shape of new covers, and is told of every change.
  constructor(element, host, words) {
    this.element = element;
    this.host = host;
    this.words = words;
    this.canvas = element.querySelector("canvas");
    this.layer = element.querySelector("[data-boxes]");
    this.bitmap = null;
    this.selected = null;
    this.far();
    this.strokes = new Strokes(this);
    element.addEventListener("keydown", (event) => this.key(event));
    this.layer.addEventListener("focusin", (event) => this.reach(this.placeOf(event.target)));
    new ResizeObserver(() => this.lay()).observe(element.parentElement);
  }

  hang(bitmap) {
    this.bitmap = bitmap;
    this.selected = null;
    this.far();
    this.show();
  }

  clear() {
    this.strokes.drop();
    this.bitmap?.close();
    this.bitmap = null;
    this.canvas.width = this.canvas.height = 0;
    this.layer.replaceChildren();
  }

  // What there is to see: the whole photo while it is cropped, the kept part while faces are covered.
  get whole() {
    return this.host.mode === "crop" ? WHOLE : this.host.edits.crop;
  }

  // What of it is seen, near enough for small faces.
  get view() {
    if (this.host.mode === "crop" || this.times === 1) return this.whole;
    return fromView(around(this.centre, 1 / this.times, 1 / this.times), this.whole);
  }

  get photo() {
    return { image: this.bitmap, width: this.bitmap.width, height: this.bitmap.height };
  }

  leastOf(place) {
    const share = place === FRAME ? LEAST_FRAME : LEAST_COVER;
    return { w: share * this.view.w, h: share * this.view.h };
  }

  // ---------- showing

  show() {
    this.lay();
    this.showBoxes();
  }

  lay() {
    if (!this.bitmap) return;
    const { turn } = this.host.edits;
    const [across, down] = turnedSize(this.photo, turn);
    const part = pixels(this.view, across, down);
    const { clientWidth, clientHeight } = this.element.parentElement;
    const scale = Math.min(clientWidth / part.width, clientHeight / part.height);
    const [width, height] = [part.width * scale, part.height * scale].map(Math.floor);
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    const sharpness = Math.min(devicePixelRatio, SHARPEST);
    this.canvas.width = Math.max(1, Math.round(width * sharpness));
    this.canvas.height = Math.max(1, Math.round(height * sharpness));
    const context = this.canvas.getContext("2d", { alpha: false });
    context.imageSmoothingQuality = "high";
    paint({ canvas: this.canvas, context }, this.photo, turn, part);
  }

  showBoxes() {
    const { edits, mode } = this.host;
    const covers = edits.covers.map((box, at) => [box, at]).filter(([box]) => meet(box, this.whole));
    const wanted = mode === "crop" ? [...covers, [edits.crop, FRAME]] : covers;
    while (this.layer.children.length > wanted.length) this.layer.lastElementChild.remove();
    while (this.layer.children.length < wanted.length) this.layer.append(this.newBox());
    wanted.forEach(([box, place], at) => this.place(this.layer.children[at], box, place));
  }

  newBox() {
    const element = document.createElement("div");
    element.setAttribute("role", "group");
    element.append(...CORNERS.map((corner) => Object.assign(document.createElement("i"), { className: `grip ${corner}` })));
    return element;
  }

  place(element, box, place) {
    const { x, y, w, h } = inView(box, this.view);
    const isFrame = place === FRAME;
    const isStill = !isFrame && this.host.mode === "crop";
    element.dataset.place = place;
    element.className = isFrame ? "box frame" : `box shape ${box.shape}`;
    element.classList.toggle("selected", this.selected === place && !isStill);
    element.tabIndex = isStill ? -1 : 0;
    if (isStill) element.setAttribute("aria-hidden", "true");
    else element.removeAttribute("aria-hidden");
    element.setAttribute("aria-label", isFrame ? this.words.text("frame") : this.nameOf(place));
    for (const [side, share] of Object.entries({ left: x, top: y, width: w, height: h })) {
      element.style[side] = `${share * 100}%`;
    }
  }

  nameOf(place) {
    return this.words.fill("cover-name", { number: place + 1, count: this.host.edits.covers.length });
  }

  // ---------- nearer and farther

  far() {
    this.times = 1;
    this.centre = MIDDLE;
  }

  // So many times as large, with a point of the photo under a place on the screen (in shares of it).
  near(times, point, seen) {
    this.times = Math.min(Math.max(times, 1), CLOSEST);
    const at = inView({ ...point, w: 0, h: 0 }, this.whole);
    const share = 1 / this.times;
    const box = around({ x: at.x + (0.5 - seen.x) * share, y: at.y + (0.5 - seen.y) * share }, share, share);
    this.centre = { x: box.x + share / 2, y: box.y + share / 2 };
    this.show();
  }

  // Brings a cover into sight that lies outside of what is seen.
  follow(place) {
    const box = this.boxAt(place);
    if (this.times === 1 || place === FRAME || inside(box, this.view)) return;
    this.near(this.times, { x: box.x + box.w / 2, y: box.y + box.h / 2 }, MIDDLE);
  }

  // Closer by steps, around the chosen cover, and in the end back to the whole.
  closer() {
    const box = Number.isInteger(this.selected) ? this.boxAt(this.selected) : this.view;
    const times = this.times >= 4 ? 1 : this.times >= 2 ? 4 : 2;
    this.near(times, { x: box.x + box.w / 2, y: box.y + box.h / 2 }, MIDDLE);
    return this.times;
  }

  // ---------- choosing

  placeOf(element) {
    const { place } = element.closest("[data-place]").dataset;
    return place === FRAME ? FRAME : Number(place);
  }

  boxAt(place) {
    return place === FRAME ? this.host.edits.crop : this.host.edits.covers[place];
  }

  withBox(edits, place, box) {
    return place === FRAME ? { ...edits, crop: box } : withCover(edits, place, box);
  }

  select(place) {
    this.selected = place;
    this.showBoxes();
    this.host.selected(place);
  }

  // By Tab, wherever it lies.
  reach(place) {
    this.select(place);
    this.follow(place);
  }

  focus(place) {
    const element = this.layer.querySelector(`[data-place="${place}"]`);
    this.select(element ? place : null);
    element?.focus({ preventScroll: true });
    return Boolean(element);
  }

  // ---------- keys

  key(event) {
    if (!event.target.closest("[data-place]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = this.placeOf(event.target);
    if (ARROWS[event.key]) this.nudge(place, ARROWS[event.key], event.shiftKey);
    else if (place !== FRAME && ["Delete", "Backspace"].includes(event.key)) this.takeAway(place);
    else return;
    event.preventDefault();
  }

  nudge(place, [right, down], isResizing) {
    const box = this.boxAt(place);
    const [dx, dy] = [right * STEP * this.view.w, down * STEP * this.view.h];
    const corner = { x: box.x + box.w + dx, y: box.y + box.h + dy };
    const next = isResizing ? pulled(box, "se", corner, this.leastOf(place)) : moved(box, dx, dy);
    this.host.change(this.withBox(this.host.edits, place, next), `${place}-${isResizing ? "size" : "place"}`);
    this.follow(place);
    this.tellPlace(place);
  }

  // What the buttons for moving and sizing are about: the frame, or else the chosen cover, or the newest.
  get inHand() {
    if (this.host.mode === "crop") return FRAME;
    const last = this.host.edits.covers.length - 1;
    return Number.isInteger(this.selected) ? this.selected : last < 0 ? null : last;
  }

  // A step by a button: "left" moves, "wider" sizes around the middle. The button keeps the focus.
  step(name) {
    const place = this.inHand;
    if (place === null) return;
    this.select(place);
    const box = this.boxAt(place);
    const [right, down] = MOVES[name] ?? RESIZES[name];
    const [dx, dy] = [right * PRESSED * this.view.w, down * PRESSED * this.view.h];
    const next = MOVES[name] ? moved(box, dx, dy) : sized(box, dx, dy, this.leastOf(place));
    this.host.change(this.withBox(this.host.edits, place, next), `${place}-${MOVES[name] ? "place" : "size"}`);
    this.follow(place);
    this.tellPlace(place);
  }

  takeAway(place) {
    const left = this.host.edits.covers.length - 1;
    this.selected = null;
    this.host.change(withoutCover(this.host.edits, place));
    this.words.say(this.words.fill("cover-gone", { count: left }));
    if (!this.focus(Math.min(place, left - 1))) this.host.focusTools();
  }

  // Said after a pause, since a key held down moves many times.
  tellPlace(place) {
    this.words.sayLater(() => {
      const box = this.bitmap && this.boxAt(place);
      if (!box) return "";
      const { x, y, w, h } = inView(box, this.view);
      const [left, top, width, height] = [x, y, w, h].map((share) => Math.round(share * 100));
      return this.words.fill("where", { left, top, width, height });
    }, 350);
  }

  // ---------- for the pointer: from the screen to shares of the photo

  seenAt({ clientX, clientY }) {
    const frame = this.element.getBoundingClientRect();
    return { x: (clientX - frame.left) / frame.width, y: (clientY - frame.top) / frame.height };
  }

  pointOf(event) {
    const { x, y } = fromView({ ...this.seenAt(event), w: 0, h: 0 }, this.view);
    return { x, y };
  }

  // How much of the photo a distance on the screen is, across and down.
  shareOf(px) {
    const frame = this.element.getBoundingClientRect();
    return { w: (px / frame.width) * this.view.w, h: (px / frame.height) * this.view.h };
  }
}
