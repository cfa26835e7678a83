// Finger, pen and mouse over the photo: draw a cover, tap one into being, move it, pull it by its corners; the same
// for the frame of a crop. One finger draws; a second one takes the stroke back, and both bring the photo nearer.

import { around, fromView, holds, inView, moved, pulled, spanned } from "./boxes.js";
import { FRAME, withCover } from "./edits.js";
import { Pinch } from "./pinch.js";

const FINGER_PX = 26; // how near to a corner counts as on it
const MOUSE_PX = 14;
const TAP_PX = 7; // a hand that moved less meant to tap
const TAPPED = { w: 0.2, h: 0.26 }; // a face in the hand, of the shorter side that is shown
const FRAME_GRIPS = { nw: [0, 0], n: [0.5, 0], ne: [1, 0], e: [1, 0.5], se: [1, 1], s: [0.5, 1], sw: [0, 1], w: [0, 0.5] };
const COVER_GRIPS = { nw: [0, 0], ne: [1, 0], se: [1, 1], sw: [0, 1] };

export class Strokes {
  constructor(stage) {
    this.stage = stage;
    this.stroke = null;
    const on = (name, act) => stage.element.addEventListener(name, (event) => act.call(this, event));
    this.pinch = new Pinch(stage);
    on("pointerdown", this.begin);
    on("pointermove", this.go);
    on("pointerup", this.end);
    on("pointercancel", this.drop);
    on("lostpointercapture", this.drop);
  }

  begin(event) {
    if (event.button || !this.stage.bitmap) return;
    event.preventDefault();
    if (this.pinch.isOn) {
      this.drop();
      return;
    }
    const point = this.stage.pointOf(event);
    const found = this.under(point, event.pointerType === "mouse" ? MOUSE_PX : FINGER_PX);
    if (!found) return;
    this.stage.element.setPointerCapture(event.pointerId);
    this.stroke = { ...found, id: event.pointerId, start: point, at: [event.clientX, event.clientY], edits: this.stage.host.edits };
    if (found.place !== undefined) this.stage.select(found.place);
  }

  go(event) {
    if (this.stroke?.id !== event.pointerId) return;
    const [x, y] = this.stroke.at;
    this.stroke.isLong ||= Math.hypot(event.clientX - x, event.clientY - y) > TAP_PX;
    if (this.stroke.isLong) this.stage.host.preview(this.edited(event));
  }

  end(event) {
    if (this.stroke?.id !== event.pointerId) return;
    const { stroke, stage } = this;
    const edits = stroke.isLong || stroke.act === "draw" ? this.edited(event) : null;
    const place = stroke.place ?? stroke.edits.covers.length;
    this.stroke = null;
    stage.host.preview(null);
    if (edits) stage.host.change(edits);
    stage.focus(place);
    if (!edits) return;
    if (stroke.act === "draw") stage.words.say(stage.words.fill("cover-there", { count: edits.covers.length }));
    else stage.tellPlace(place);
  }

  // Back to how it was before the stroke.
  drop() {
    if (!this.stroke) return;
    this.stroke = null;
    this.stage.host.preview(null);
  }

  // ---------- what is under the hand

  under(point, reachPx) {
    const { host, selected } = this.stage;
    if (host.mode === "crop") return this.underFrame(point, reachPx);
    const grip = selected !== null && this.gripOf(selected, COVER_GRIPS, point, reachPx);
    if (grip) return { act: "pull", place: selected, grip };
    const places = [...host.edits.covers.keys()].filter((place) => holds(host.edits.covers[place], point));
    return places.length ? { act: "move", place: places.pop() } : { act: "draw" };
  }

  underFrame(point, reachPx) {
    const grip = this.gripOf(FRAME, FRAME_GRIPS, point, reachPx);
    if (grip) return { act: "pull", place: FRAME, grip };
    return holds(this.stage.host.edits.crop, point) ? { act: "move", place: FRAME } : null;
  }

  // The corner within reach, unless the middle is nearer: a small cover must stay movable.
  gripOf(place, grips, point, reachPx) {
    const box = this.stage.boxAt(place);
    const share = this.stage.shareOf(1);
    const away = ([right, down]) => {
      const [dx, dy] = [box.x + right * box.w - point.x, box.y + down * box.h - point.y];
      return Math.hypot(dx / share.w, dy / share.h);
    };
    const [[name, nearest]] = Object.entries(grips)
      .map(([grip, spot]) => [grip, away(spot)])
      .sort(([, one], [, other]) => one - other);
    return nearest <= reachPx && nearest < away([0.5, 0.5]) ? name : null;
  }

  // ---------- what the stroke makes of the photo

  edited(event) {
    const { stage, stroke } = this;
    const point = stage.pointOf(event);
    if (stroke.act === "draw") return withCover(stroke.edits, stroke.edits.covers.length, this.drawn(point));
    const box = stroke.place === FRAME ? stroke.edits.crop : stroke.edits.covers[stroke.place];
    const next =
      stroke.act === "pull"
        ? pulled(box, stroke.grip, point, stage.leastOf(stroke.place))
        : moved(box, point.x - stroke.start.x, point.y - stroke.start.y);
    return stage.withBox(stroke.edits, stroke.place, next);
  }

  drawn(point) {
    const { stage, stroke } = this;
    const box = stroke.isLong ? spanned(stroke.start, point) : this.tapped(point);
    const least = stage.leastOf(0);
    return { ...box, w: Math.max(box.w, least.w), h: Math.max(box.h, least.h), shape: stage.host.shape };
  }

  tapped(point) {
    const { view, element } = this.stage;
    const { width, height } = element.getBoundingClientRect();
    const short = Math.min(width, height);
    const seen = inView({ ...point, w: 0, h: 0 }, view);
    return fromView(around(seen, (TAPPED.w * short) / width, (TAPPED.h * short) / height), view);
  }
}
