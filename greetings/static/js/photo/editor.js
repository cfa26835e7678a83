// The editor of one photo: a dialog over the page, filling a phone's screen. Whatever is done in it stays done however
// it is closed, since a cover that goes away by a slip of the hand would show a face; undo is here and at the print.

import { around, fromView, WHOLE } from "./boxes.js";
import { turned, withCover } from "./edits.js";
import { proofOf } from "./press.js";
import { Stage } from "./stage.js";

const PROOF_PX = 1600;

export class Editor {
  constructor(dialog, words) {
    this.dialog = dialog;
    this.words = words;
    this.photo = null;
    this.draft = null; // edits in the middle of a stroke
    this.mode = "cover";
    this.shape = "rectangle"; // covers more than an oval in the same place
    this.stage = new Stage(dialog.querySelector("[data-stage]"), this, words);
    dialog.addEventListener("click", (event) => this.press(event.target.closest("[data-do], [data-mode]")));
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => this.closed());
  }

  // Resolves when it is closed.
  async open(photo, number, mode) {
    this.photo = photo;
    this.isWaitedFor = new Promise((done) => (this.leave = done));
    this.dialog.querySelector("h2").textContent = this.words.fill("photo", { number });
    this.dialog.classList.add("opening");
    this.showSteps(false);
    this.turnTo(mode);
    this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
    this.lay(photo);
    return this.isWaitedFor;
  }

  async lay(photo) {
    try {
      const bitmap = await proofOf(photo.file, PROOF_PX);
      if (this.photo !== photo) return bitmap.close();
      this.dialog.classList.remove("opening");
      this.stage.hang(bitmap);
      this.words.say(this.words.text(`${this.mode}-help`));
    } catch {
      this.dialog.close();
    }
    return undefined;
  }

  closed() {
    this.draft = null;
    this.photo = null;
    this.stage.clear();
    this.leave();
  }

  // ---------- what the stage asks and tells

  get edits() {
    return this.draft ?? this.photo.edits;
  }

  preview(draft) {
    this.draft = draft;
    if (this.stage.bitmap) this.stage.showBoxes();
  }

  change(edits, stroke) {
    this.draft = null;
    this.photo.history.change(edits, stroke);
    this.show();
  }

  selected(place) {
    const cover = Number.isInteger(place) ? this.edits.covers[place] : null;
    if (cover) this.shape = cover.shape;
    this.showTools();
  }

  focusTools() {
    this.dialog.querySelector("[data-do=add]").focus();
  }

  // ---------- tools

  press(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { mode } = button.dataset;
    if (button.dataset.do === "done") this.dialog.close();
    else if (!this.stage.bitmap) return;
    else if (mode) this.turnTo(mode);
    else this.act(button.dataset.do);
  }

  act(name) {
    if (name.startsWith("step-")) {
      this.stage.step(name.slice("step-".length));
      return;
    }
    const acts = {
      steps: () => this.showSteps(!this.dialog.classList.contains("stepping")),
      add: () => this.add(),
      oval: () => this.reshape(this.shape === "oval" ? "rectangle" : "oval"),
      closer: () => this.words.say(this.words.fill("times", { times: this.stage.closer() })),
      "take-away": () => this.stage.takeAway(this.stage.selected),
      whole: () => this.change({ ...this.edits, crop: WHOLE }),
      undo: () => this.goBack("undo"),
      redo: () => this.goBack("redo"),
      "turn-left": () => this.turn("left"),
      "turn-right": () => this.turn("right"),
    };
    acts[name]();
    const sentence = this.words.text(name); // the others say what they did by themselves
    if (sentence) this.words.say(sentence);
  }

  // Every movement of a finger has buttons that do the same.
  showSteps(areShown) {
    this.dialog.classList.toggle("stepping", areShown);
    this.dialog.querySelector("[data-do=steps]").setAttribute("aria-expanded", String(areShown));
    if (areShown && this.stage.bitmap && this.stage.inHand !== null) this.stage.select(this.stage.inHand);
  }

  turn(direction) {
    this.stage.far();
    this.change(turned(this.edits, direction));
  }

  goBack(name) {
    this.stage.selected = null;
    this.photo.history[name]();
    this.show();
  }

  add() {
    const { edits, stage } = this;
    const seen = around({ x: 0.5, y: 0.4 }, 0.22, 0.26);
    const cover = { ...fromView(seen, stage.view), shape: this.shape };
    this.change(withCover(edits, edits.covers.length, cover));
    stage.focus(this.edits.covers.length - 1);
    this.words.say(this.words.fill("cover-there", { count: this.edits.covers.length }));
  }

  reshape(shape) {
    this.shape = shape;
    const { selected } = this.stage;
    const cover = Number.isInteger(selected) ? this.edits.covers[selected] : null;
    if (cover && cover.shape !== shape) this.change(withCover(this.edits, selected, { ...cover, shape }));
    this.showTools();
  }

  turnTo(mode) {
    this.mode = mode;
    this.stage.selected = null;
    this.stage.far();
    for (const part of this.dialog.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== mode;
    this.show();
    if (this.stage.bitmap) this.words.say(this.words.text(`${mode}-help`));
  }

  key(event) {
    if (event.key === "Escape" && this.stage.strokes.stroke) {
      this.stage.strokes.drop();
      event.preventDefault();
    }
    if (!(event.ctrlKey || event.metaKey) || event.code !== "KeyZ" || !this.stage.bitmap) return;
    event.preventDefault();
    this.act(event.shiftKey ? "redo" : "undo");
  }

  // ---------- how it looks

  show() {
    if (this.stage.bitmap) this.stage.show();
    this.showTools();
  }

  showTools() {
    const all = (name) => this.dialog.querySelectorAll(name);
    const { past, future } = this.photo.history;
    const { selected } = this.stage;
    for (const button of all("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === this.mode));
    this.dialog.querySelector("[data-do=oval]").setAttribute("aria-pressed", String(this.shape === "oval"));
    const isOff = {
      undo: past.length === 0,
      redo: future.length === 0,
      "take-away": !Number.isInteger(selected),
      whole: this.edits.crop.w === 1 && this.edits.crop.h === 1,
    };
    const hasNothing = this.mode === "cover" && this.edits.covers.length === 0;
    for (const button of all("[data-do^=step-]")) button.setAttribute("aria-disabled", String(hasNothing));
    for (const [name, isOn] of Object.entries(isOff)) {
      this.dialog.querySelector(`[data-do="${name}"]`).setAttribute("aria-disabled", String(isOn));
    }
  }
}
