// One picture on the table: covers, crop and turn drawn over it. What it holds goes into the form's own fields.

import { between, corners, isBox, moved, resized, stepInPicture, turning } from "./desk-boxes.js";

const SVG = "http://www.w3.org/2000/svg";
const HANDLE_PX = 11;
const REACH_PX = 22; // round a corner, for a finger: twice this is the least that a thumb hits
const OUTWARD_PX = 14; // the reach lies outside of the cover, so that a small one can still be moved
const TAP_PX = 10;
const MOST_STEPS = 100;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NEW_BOX = [40, 30, 20, 25];
const FACE_SHARE = 16; // per cent of the shorter side: a cover that is put down by a tap

function drawn(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

const read = (fields) => fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
const fieldsOf = (row) => [...row.querySelectorAll("input")];

export class CoverTool {
  constructor(section, words) {
    const picture = section.querySelector("img");
    Object.assign(this, { section, words, rows: section.querySelector(".box-rows"), hold: null, tap: null, chosen: null, isDrawing: false, past: [] });
    this.cropFields = fieldsOf(section.querySelector(".crop-row"));
    this.turnField = section.querySelector("select");
    [this.width, this.height] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
    this.boxes = [...this.rows.children].map((row) => read(fieldsOf(row))).filter(isBox).map((box) => ({ kind: "cover", box }));
    const crop = read(this.cropFields);
    if (isBox(crop)) this.boxes.push({ kind: "crop", box: crop });
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("role", "group");
    this.svg.setAttribute("aria-label", picture.alt);
    this.stage = drawn("g", {}, this.svg);
    drawn("image", { href: picture.currentSrc || picture.src, width: this.width, height: this.height }, this.stage);
    this.layer = drawn("g", {}, this.stage);
    picture.hidden = true;
    section.querySelector(".canvas").classList.add("drawing");
    section.querySelector(".canvas").append(this.svg);
    section.querySelector(".box-numbers").open = false;
    this.listen();
    this.propose(JSON.parse(section.dataset.faces));
    this.now = this.state();
  }

  get turns() {
    return Number(this.turnField.value);
  }

  listen() {
    this.svg.addEventListener("pointerdown", (event) => this.begin(event));
    this.svg.addEventListener("pointermove", (event) => this.pull(event));
    this.svg.addEventListener("pointerup", (event) => this.finish(event));
    this.svg.addEventListener("pointercancel", () => this.leave());
    // a finger beside the covers scrolls the page; on one of them, or while drawing, it doesn't
    const keep = (event) => event.touches.length === 1 && (this.isDrawing || this.isHeld(event.target)) && event.preventDefault();
    this.svg.addEventListener("touchstart", keep, { passive: false });
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.svg.addEventListener("focusin", (event) => this.choose(this.itemOf(event.target)));
    this.section.querySelector(".box-numbers").addEventListener("input", () => this.readNumbers());
    addEventListener("resize", () => this.draw());
  }

  // ---------- what there is

  ofKind(kind) {
    return this.boxes.filter((item) => item.kind === kind);
  }

  itemOf(element) {
    return this.boxes[element?.closest?.("[data-place]")?.dataset.place] ?? null;
  }

  isHeld(element) {
    const item = this.itemOf(element);
    return Boolean(item) && (item.kind === "cover" || Boolean(element.closest("[data-corner]")));
  }

  // ---------- steps, and back

  state() {
    return JSON.stringify({ boxes: this.boxes, turns: this.turns });
  }

  remember() {
    const now = this.state();
    if (now === this.now) return;
    this.past.push(this.now);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.now = now;
    this.tellSteps();
  }

  tellSteps() {
    this.section.querySelector("[data-do=undo]").disabled = !this.past.length;
  }

  undo() {
    if (!this.past.length) return;
    this.now = this.past.pop();
    const { boxes, turns } = JSON.parse(this.now);
    this.boxes = boxes;
    this.turnField.value = turns;
    this.choose(null);
    this.tell();
    this.tellSteps();
  }

  // ---------- what is done with them

  propose(faces) {
    this.boxes = this.boxes.filter((item) => item.kind !== "face");
    const isCovered = ([left, top, width, height]) => this.ofKind("cover").some(({ box: [x, y, w, h] }) => {
      const [midX, midY] = [left + width / 2, top + height / 2];
      return midX >= x && midX <= x + w && midY >= y && midY <= y + h;
    });
    for (const box of faces) if (!isCovered(box)) this.boxes.push({ kind: "face", box });
    this.now = this.state(); // what is proposed is no step of ours
    this.tell();
  }

  acceptAll() {
    for (const item of this.ofKind("face")) item.kind = "cover";
    this.tell();
  }

  add(box = NEW_BOX, kind = "cover") {
    const item = { kind, box };
    this.boxes.push(item);
    this.choose(item);
    this.tell();
    this.focus(item);
    return item;
  }

  delete(item = this.chosen) {
    if (!item) return;
    this.boxes.splice(this.boxes.indexOf(item), 1);
    this.choose(null);
    this.tell();
    const rest = this.boxes.slice(-1)[0];
    if (rest) this.focus(rest);
    else this.section.querySelector("[data-do=new]").focus();
  }

  turn() {
    this.turnField.value = (this.turns + 1) % 4;
    this.remember();
    this.draw();
  }

  crop() {
    const [here] = this.ofKind("crop");
    if (here) this.delete(here);
    else this.add([10, 10, 80, 80], "crop");
  }

  choose(item) {
    this.chosen = item;
    this.section.querySelector("[data-do=delete]").disabled = !item;
    for (const group of this.layer.children) group.classList.toggle("chosen", this.itemOf(group) === item);
  }

  focus(item) {
    this.layer.querySelector(`[data-place="${this.boxes.indexOf(item)}"]`)?.focus({ preventScroll: true });
  }

  // By a finger: draw anywhere, and the page stays where it is.
  drawByFinger() {
    this.isDrawing = !this.isDrawing;
    this.section.querySelector("[data-do=draw]").setAttribute("aria-pressed", this.isDrawing);
    this.svg.classList.toggle("by-finger", this.isDrawing);
  }

  // As large as a face may be, round a point.
  coverAt({ x, y }) {
    const side = (FACE_SHARE / 100) * Math.min(this.width, this.height);
    const [width, height] = [(100 * side) / this.width, (100 * side) / this.height];
    this.add(moved([x - width / 2, y - height / 2, width, height], 0, 0));
  }

  // ---------- by pointer

  place(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.stage.getScreenCTM().inverse());
    return { x: (100 * at.x) / this.width, y: (100 * at.y) / this.height };
  }

  begin(event) {
    if (event.button || !event.isPrimary) return this.leave();
    if (event.pointerType === "touch" && !this.isDrawing && !this.isHeld(event.target)) {
      this.tap = { x: event.clientX, y: event.clientY, target: event.target };
      return;
    }
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    const start = this.place(event);
    const corner = event.target.closest("[data-corner]");
    let item = this.itemOf(event.target);
    if (item?.kind === "face") item.kind = "cover";
    if (corner) this.hold = { item, from: corners(item.box)[corner.dataset.corner].across };
    else if (item && item.kind !== "crop") this.hold = { item, start, before: item.box };
    else this.hold = { item: (item = this.add([start.x, start.y, 0, 0])), from: start, isNew: true };
    this.choose(item);
    this.tell();
    this.focus(item);
  }

  pull(event) {
    if (this.tap && Math.hypot(event.clientX - this.tap.x, event.clientY - this.tap.y) > TAP_PX) this.tap = null;
    if (!this.hold) return;
    const at = this.place(event);
    const { item, from, start, before } = this.hold;
    item.box = from ? between(from, at) : moved(before, at.x - start.x, at.y - start.y);
    this.draw();
  }

  // The browser scrolls, or a second finger came: what was begun is left as it is.
  leave() {
    this.tap = null;
    this.finish();
  }

  // A tap covers the face that was proposed there, or puts a new cover down.
  finishTap(event) {
    const item = this.itemOf(this.tap.target);
    this.tap = null;
    if (item?.kind === "face") {
      item.kind = "cover";
      this.choose(item);
      this.tell();
      this.focus(item);
    } else this.coverAt(this.place(event));
  }

  finish(event) {
    if (this.tap && event) return this.finishTap(event);
    if (!this.hold) return;
    const { item, isNew } = this.hold;
    this.hold = null;
    if (isNew && !isBox(item.box)) this.delete(item);
    else this.tell();
  }

  // ---------- by key

  press(event) {
    const item = this.itemOf(event.target);
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" || event.key === "Backspace") this.delete(item);
    else if (item.kind === "face" && (event.key === "Enter" || event.key === " ")) item.kind = "cover";
    else if (event.key in STEPS) {
      const [dx, dy] = stepInPicture(...STEPS[event.key], this.turns);
      if (item.kind === "face") item.kind = "cover";
      item.box = event.shiftKey ? resized(item.box, dx, dy) : moved(item.box, dx, dy);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.tell();
    if (this.boxes.includes(item)) this.focus(item);
  }

  // ---------- said in the form, and drawn

  readNumbers() {
    const faces = this.ofKind("face");
    this.boxes = [...this.rows.children].map((row) => read(fieldsOf(row))).filter(isBox).map((box) => ({ kind: "cover", box }));
    const crop = read(this.cropFields);
    if (isBox(crop)) this.boxes.push({ kind: "crop", box: crop });
    this.boxes.push(...faces);
    this.choose(null);
    this.remember();
    this.draw();
  }

  tell() {
    if (!this.hold) this.remember();
    const covers = this.ofKind("cover");
    while (this.rows.children.length < covers.length) this.addRow();
    [...this.rows.children].forEach((row, place) => this.fill(fieldsOf(row), covers[place]?.box));
    this.fill(this.cropFields, this.ofKind("crop")[0]?.box);
    this.section.querySelector("[data-do=crop]").setAttribute("aria-pressed", this.ofKind("crop").length > 0);
    this.section.querySelector("[data-do=accept]").hidden = !this.ofKind("face").length;
    this.draw();
  }

  addRow() {
    const row = this.rows.lastElementChild.cloneNode(true);
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, this.rows.children.length + 1);
    this.rows.append(row);
  }

  fill(fields, box) {
    fields.forEach((field, place) => (field.value = box ? box[place].toFixed(2) : ""));
  }

  draw() {
    const isSideways = this.turns % 2 === 1;
    const size = isSideways ? [this.height, this.width] : [this.width, this.height];
    this.svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
    this.stage.setAttribute("transform", turning(this.width, this.height, this.turns));
    const focused = this.itemOf(document.activeElement);
    this.layer.replaceChildren();
    const [crop] = this.ofKind("crop");
    if (crop) this.shade(crop.box);
    this.boxes.forEach((item, place) => this.drawItem(item, place));
    if (focused) this.focus(focused);
  }

  shade([left, top, width, height]) {
    const [x, y, w, h] = [left * this.width, top * this.height, width * this.width, height * this.height].map((one) => one / 100);
    const outer = `M0 0H${this.width}V${this.height}H0Z`;
    drawn("path", { class: "shade", "fill-rule": "evenodd", d: `${outer}M${x} ${y}h${w}v${h}h${-w}Z` }, this.layer);
  }

  drawItem({ kind, box }, place) {
    const scale = this.width / 100;
    const tall = this.height / 100;
    const isChosen = this.boxes[place] === this.chosen;
    const number = this.ofKind(kind).indexOf(this.boxes[place]) + 1;
    const label = kind === "crop" ? this.words.crop : kind === "face" ? this.words.face : `${this.words.cover} ${number}`;
    const group = drawn("g", { tabindex: 0, role: "button", "aria-label": label, "data-place": place, class: isChosen ? "box chosen" : "box" }, this.layer);
    const frame = { x: box[0] * scale, y: box[1] * tall, width: box[2] * scale, height: box[3] * tall };
    const look = { cover: "cover", face: "face-found", crop: "crop-frame" }[kind];
    drawn("rect", { class: look, ...frame }, group);
    if (kind === "cover") drawn("rect", { class: "cover-on", ...frame }, group);
    if (kind === "face") return;
    const matrix = this.stage.getScreenCTM();
    const pixel = matrix ? 1 / Math.hypot(matrix.a, matrix.b) : scale / HANDLE_PX;
    corners(box).forEach(({ x, y, across }, corner) => {
      const at = { cx: x * scale, cy: y * tall };
      const reach = { cx: at.cx + Math.sign(x - across.x) * OUTWARD_PX * pixel, cy: at.cy + Math.sign(y - across.y) * OUTWARD_PX * pixel };
      drawn("circle", { class: "reach", "data-corner": corner, ...reach, r: REACH_PX * pixel }, group);
      drawn("circle", { class: "handle", "data-corner": corner, ...at, r: HANDLE_PX * pixel }, group);
    });
  }
}
