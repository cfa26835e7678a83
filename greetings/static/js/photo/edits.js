// What a sender did to one photo: quarter turns to the right, the part that is kept, the covers. Never changed, only
// followed by another; boxes are in shares of the photo as it stands, turned, before it is cropped.

import { turnedRight, WHOLE } from "./boxes.js";

export const FRAME = "frame"; // stands for the part that is kept, where covers have their numbers
const SAME_STROKE_MS = 900;

export const UNTOUCHED = Object.freeze({ turn: 0, crop: WHOLE, covers: Object.freeze([]) });

export function turned(edits, direction) {
  let { turn, crop, covers } = edits;
  for (let quarters = direction === "left" ? 3 : 1; quarters; quarters -= 1) {
    turn = (turn + 1) % 4;
    crop = turnedRight(crop);
    covers = covers.map(turnedRight);
  }
  return { turn, crop, covers };
}

export function withCover(edits, place, cover) {
  const covers = [...edits.covers];
  covers[place] = cover;
  return { ...edits, covers };
}

export function withoutCover(edits, place) {
  return { ...edits, covers: edits.covers.filter((_cover, at) => at !== place) };
}

export const isCropped = (edits) => edits.crop.w < 1 || edits.crop.h < 1;

// The way through several edits, back and forth.
export class History {
  constructor() {
    this.now = UNTOUCHED;
    this.past = [];
    this.future = [];
    this.stroke = null;
  }

  // A `stroke` names a movement in many small steps (an arrow key held down), which is undone as one.
  change(next, stroke = null) {
    const at = Date.now();
    const goesOn = stroke && this.stroke?.name === stroke && at - this.stroke.at < SAME_STROKE_MS;
    if (!goesOn) this.past.push(this.now);
    this.stroke = stroke && { name: stroke, at };
    this.now = next;
    this.future = [];
  }

  undo() {
    return this.#step(this.past, this.future);
  }

  redo() {
    return this.#step(this.future, this.past);
  }

  #step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    this.stroke = null;
    return true;
  }
}
