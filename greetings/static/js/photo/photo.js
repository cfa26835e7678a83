// One chosen photo: its file, what was done to it, and what of it will be sent.

import { History, UNTOUCHED } from "./edits.js";
import { developed } from "./press.js";

export const DRAWING = "drawing"; // being drawn anew
export const READY = "ready"; // drawn: this is what is sent
export const AS_IT_IS = "as-it-is"; // this browser can't draw it: the file itself is sent
export const STOPPED = "stopped"; // can't be sent, `why` says the reason

export class Photo {
  constructor(file, mostBytes) {
    this.file = file;
    this.mostBytes = mostBytes;
    this.history = new History();
    this.state = DRAWING;
    this.why = "";
    this.description = ""; // what can be seen in it, in words
    this.drawn = null; // { blob, width, height }
    this.refusals = []; // elements with the server's sentences
    this.settled = Promise.resolve();
  }

  get edits() {
    return this.history.now;
  }

  // What is sent of it, once it is ready.
  get sent() {
    return this.state === READY ? this.drawn.blob : this.file;
  }

  // Draw it as it is to be now. Only the newest wish counts; `settled` resolves when nothing is left to draw.
  draw() {
    this.state = DRAWING;
    this.refusals = [];
    this.settled = this.#draw(this.edits);
    return this.settled;
  }

  async #draw(edits) {
    try {
      if (this.#unfit()) return;
      const drawn = await developed(this.file, edits);
      if (edits !== this.edits) return;
      this.drawn = drawn;
      this.state = READY;
    } catch {
      if (edits !== this.edits) return;
      this.#fail(edits);
      await this.look();
    }
  }

  // A file that goes as it is must still be there: phones lend files, and take them away again.
  async look() {
    if (this.state !== AS_IT_IS) return;
    await this.file.slice(0, 1).arrayBuffer().catch(() => this.#stop("unread"));
  }

  #unfit() {
    if (this.file.size === 0) return this.#stop("empty");
    return this.file.type.startsWith("video/") && this.#stop("video");
  }

  // A photo that was once drawn, or has been edited, is never sent as it is: its sender has seen it changed.
  #fail(edits) {
    if (this.drawn || edits !== UNTOUCHED) this.#stop("lost");
    else if (this.file.size > this.mostBytes) this.#stop("large");
    else this.state = AS_IT_IS;
  }

  #stop(why) {
    this.state = STOPPED;
    this.why = why;
    return true;
  }
}
