// Two fingers bring the photo nearer, push it about and away again; the wheel of a mouse does so, too. A face in a
// group is a few pixels on a phone, and must be covered without its neighbours.

const WHEEL = 0.0025; // nearness for each step a wheel reports

export class Pinch {
  constructor(stage) {
    this.stage = stage;
    this.fingers = new Map();
    this.start = null;
    const { element } = stage;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      element.addEventListener(name, (event) => this.up(event));
    }
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  // From the second finger on until the last one is up.
  get isOn() {
    return this.start !== null;
  }

  get canZoom() {
    return this.stage.bitmap !== null && this.stage.host.mode === "cover";
  }

  down(event) {
    if (event.pointerType !== "touch") return;
    if (event.isPrimary) this.forget(); // the first finger of a new gesture, whatever became of the last one
    this.fingers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
    if (this.fingers.size !== 2) return;
    const { middle, spread } = this.hand();
    this.start = { point: this.stage.pointOf(middle), spread, times: this.stage.times };
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
    if (!this.isOn || this.fingers.size !== 2 || !this.canZoom) return;
    const { middle, spread } = this.hand();
    const times = this.start.times * (spread / this.start.spread);
    this.stage.near(times, this.start.point, this.stage.seenAt(middle));
  }

  up(event) {
    this.fingers.delete(event.pointerId);
    if (this.fingers.size === 0) this.forget();
  }

  forget() {
    this.fingers.clear();
    this.start = null;
  }

  hand() {
    const [one, other] = [...this.fingers.values()];
    return {
      middle: { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 },
      spread: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    };
  }

  wheel(event) {
    if (!this.canZoom) return;
    event.preventDefault();
    const times = this.stage.times * Math.exp(-event.deltaY * WHEEL);
    this.stage.near(times, this.stage.pointOf(event), this.stage.seenAt(event));
  }
}
