// Rectangles in shares of a picture (left, top, width, height in per cent): moved, pulled, turned. No page, no pointer.

const LEAST = 1; // per cent: anything smaller is a slip of the finger

const within = (share, most = 100) => Math.min(Math.max(share, 0), most);

// The rectangle between two points.
export function between(one, other) {
  const [left, right] = [within(one.x), within(other.x)].sort((a, b) => a - b);
  const [top, bottom] = [within(one.y), within(other.y)].sort((a, b) => a - b);
  return [left, top, right - left, bottom - top];
}

export const isBox = ([, , width, height]) => width >= LEAST && height >= LEAST;

// The same rectangle elsewhere, as far as the picture goes.
export function moved([left, top, width, height], dx, dy) {
  return [within(left + dx, 100 - width), within(top + dy, 100 - height), width, height];
}

// Larger or smaller at its right and lower edge.
export function resized([left, top, width, height], dx, dy) {
  return [left, top, Math.max(within(width + dx, 100 - left), LEAST), Math.max(within(height + dy, 100 - top), LEAST)];
}

// The four corners, and for each the one across.
export function corners([left, top, width, height]) {
  const [right, bottom] = [left + width, top + height];
  return [
    { x: left, y: top, across: { x: right, y: bottom } },
    { x: right, y: top, across: { x: left, y: bottom } },
    { x: right, y: bottom, across: { x: left, y: top } },
    { x: left, y: bottom, across: { x: right, y: top } },
  ];
}

// A step on the screen as a step in the picture, which may be shown turned by quarters clockwise.
export function stepInPicture(dx, dy, turns) {
  return [[dx, dy], [dy, -dx], [-dx, -dy], [-dy, dx]][turns % 4];
}

// How the picture stands when it is turned, for an SVG of its own size.
export function turning(width, height, turns) {
  return ["", `translate(${height} 0) rotate(90)`, `translate(${width} ${height}) rotate(180)`, `translate(0 ${width}) rotate(270)`][turns % 4];
}
