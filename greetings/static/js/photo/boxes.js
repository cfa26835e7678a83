// Rectangles on a photo, in shares of its width and height: { x, y, w, h }, each from 0 to 1. Pure functions, new objects.

export const WHOLE = Object.freeze({ x: 0, y: 0, w: 1, h: 1 });

const between = (least, value, most) => Math.min(Math.max(value, least), most);

// The box moved, as far as the photo goes.
export function moved(box, dx, dy) {
  return { ...box, x: between(0, box.x + dx, 1 - box.w), y: between(0, box.y + dy, 1 - box.h) };
}

// The box between two points, in whichever direction it was drawn.
export function spanned(one, other) {
  const [left, right] = [one.x, other.x].map((x) => between(0, x, 1)).sort((a, b) => a - b);
  const [top, bottom] = [one.y, other.y].map((y) => between(0, y, 1)).sort((a, b) => a - b);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

// A box of that size around a point, pushed back onto the photo.
export function around(point, w, h) {
  return moved({ x: 0, y: 0, w: Math.min(w, 1), h: Math.min(h, 1) }, point.x - w / 2, point.y - h / 2);
}

// One edge or corner ("n", "se" ...) pulled to a point; the opposite one stays, and `least` of it remains.
export function pulled(box, grip, point, least) {
  let { x: left, y: top } = box;
  let [right, bottom] = [left + box.w, top + box.h];
  if (grip.includes("w")) left = between(0, point.x, right - least.w);
  if (grip.includes("e")) right = between(left + least.w, point.x, 1);
  if (grip.includes("n")) top = between(0, point.y, bottom - least.h);
  if (grip.includes("s")) bottom = between(top + least.h, point.y, 1);
  return { ...box, x: left, y: top, w: right - left, h: bottom - top };
}

// The box made larger or smaller around its middle; `least` of it remains, and it stays on the photo.
export function sized(box, dw, dh, least) {
  const [w, h] = [between(least.w, box.w + dw, 1), between(least.h, box.h + dh, 1)];
  return moved({ ...box, x: box.x - (w - box.w) / 2, y: box.y - (h - box.h) / 2, w, h }, 0, 0);
}

// The same place after the photo was turned a quarter to the right.
export function turnedRight(box) {
  return { ...box, x: 1 - box.y - box.h, y: box.x, w: box.h, h: box.w };
}

// The box in shares of a view, and back from there to shares of the photo.
export function inView(box, view) {
  return { ...box, x: (box.x - view.x) / view.w, y: (box.y - view.y) / view.h, w: box.w / view.w, h: box.h / view.h };
}

export function fromView(box, view) {
  return { ...box, x: view.x + box.x * view.w, y: view.y + box.y * view.h, w: box.w * view.w, h: box.h * view.h };
}

export function holds(box, point) {
  return point.x >= box.x && point.x <= box.x + box.w && point.y >= box.y && point.y <= box.y + box.h;
}

export function meet(one, other) {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
}

export function inside(box, other) {
  return box.x >= other.x && box.y >= other.y && box.x + box.w <= other.x + other.w && box.y + box.h <= other.y + other.h;
}

// Whole pixels of a picture, at least one each way, never beyond its edges.
export function pixels(box, width, height) {
  const left = between(0, Math.round(box.x * width), width - 1);
  const top = between(0, Math.round(box.y * height), height - 1);
  const right = between(left + 1, Math.round((box.x + box.w) * width), width);
  const bottom = between(top + 1, Math.round((box.y + box.h) * height), height);
  return { left, top, width: right - left, height: bottom - top };
}
