// Draws a photo anew: upright, turned, cropped, reduced, its covers burnt in, and nothing of the file it came from.
// Runs in a worker, or where there is none in the page itself. Pixels under a cover don't leave this file.

import { inView, pixels, WHOLE } from "./boxes.js";
import { bareJpeg, saysTurned } from "./jpeg.js";

const INK = "#171412"; // as the server's own covers
const LONG_EDGE_PX = 2048; // what the master is made of: more would be thrown away on arrival
const QUALITY = 0.88;
const NEAR_ENOUGH = 0.94; // an exact half is sharper and cheaper than a few pixels more: 4032 becomes 2016
const TRUE_ENOUGH = 24; // steps of 255 by which a colour may come back changed

export class CannotDraw extends Error {}

// The browser draws, but not what it was told (protection against fingerprints), or it doesn't turn photos.
class NotToBeTrusted extends Error {}

function canvasOf(width, height) {
  const canvas =
    typeof OffscreenCanvas === "function"
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new CannotDraw("no canvas");
  context.imageSmoothingQuality = "high";
  return { canvas, context };
}

function empty(canvas) {
  canvas.width = canvas.height = 0; // frees its pixels at once, which waiting for the collector does not
}

async function encoded(canvas, quality = QUALITY) {
  const type = "image/jpeg";
  const blob = canvas.convertToBlob
    ? await canvas.convertToBlob({ type, quality })
    : await new Promise((done) => canvas.toBlob(done, type, quality));
  if (blob?.type !== type) throw new CannotDraw("no JPEG");
  return new Uint8Array(await blob.arrayBuffer());
}

// ---------- opening

// In the page an element is asked, since every browser turns those as the file says.
async function openedByElement(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return { image, width: image.naturalWidth, height: image.naturalHeight, close: () => image.removeAttribute("src") };
}

async function openedAsBitmap(blob) {
  const image = await createImageBitmap(blob, { imageOrientation: "from-image" });
  return { image, width: image.width, height: image.height, close: () => image.close() };
}

const open = typeof document === "undefined" ? openedAsBitmap : openedByElement;

// ---------- drawing

// The sizes on the way down, the last one at most `most` long. Halves first: skipping pixels would leave jagged edges.
export function sizesDown(width, height, most) {
  const long = Math.max(width, height);
  const sizes = [];
  for (let edge = long; edge > most; ) {
    edge = edge / 2 >= most * NEAR_ENOUGH ? edge / 2 : most;
    sizes.push([width, height].map((side) => Math.max(1, Math.round((side * edge) / long))));
  }
  return sizes.length ? sizes : [[width, height]];
}

export function turnedSize({ width, height }, turn) {
  return turn % 2 ? [height, width] : [width, height];
}

// Puts the part `crop` (whole pixels of the turned photo) over the whole of a canvas.
export function paint({ canvas, context }, photo, turn, crop) {
  const [across, down] = [canvas.width / crop.width, canvas.height / crop.height];
  const { width, height } = photo;
  const [a, b, c, d, e, f] = [
    [1, 0, 0, 1, 0, 0],
    [0, 1, -1, 0, height, 0],
    [-1, 0, 0, -1, width, height],
    [0, -1, 1, 0, 0, width],
  ][turn];
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(a * across, b * down, c * across, d * down, (e - crop.left) * across, (f - crop.top) * down);
  context.drawImage(photo.image, 0, 0);
  context.resetTransform();
}

// Edges lie on whole pixels, outwards: no pixel is half covered.
function cover({ canvas, context }, box) {
  const left = Math.floor(box.x * canvas.width);
  const top = Math.floor(box.y * canvas.height);
  const width = Math.ceil((box.x + box.w) * canvas.width) - left;
  const height = Math.ceil((box.y + box.h) * canvas.height) - top;
  context.fillStyle = INK;
  context.beginPath();
  if (box.shape === "oval") context.ellipse(left + width / 2, top + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  else context.rect(left, top, width, height);
  context.fill();
}

function reduced(photo, edits, most) {
  const [across, down] = turnedSize(photo, edits.turn);
  const crop = pixels(edits.crop, across, down);
  const [first, ...rest] = sizesDown(crop.width, crop.height, most);
  let sheet = canvasOf(...first);
  paint(sheet, photo, edits.turn, crop);
  for (const size of rest) {
    const smaller = canvasOf(...size);
    smaller.context.drawImage(sheet.canvas, 0, 0, ...size);
    empty(sheet.canvas);
    sheet = smaller;
  }
  const kept = { x: crop.left / across, y: crop.top / down, w: crop.width / across, h: crop.height / down };
  for (const box of edits.covers) cover(sheet, inView(box, kept));
  return sheet;
}

async function opened(blob) {
  try {
    return await open(blob);
  } catch (error) {
    throw new CannotDraw(error.message);
  }
}

// The photo as it is to be sent: { blob, width, height }. Throws CannotDraw.
export async function develop(blob, edits) {
  await trusted();
  const photo = await opened(blob);
  try {
    const { canvas } = reduced(photo, edits, LONG_EDGE_PX);
    const { width, height } = canvas;
    photo.close();
    const bytes = await encoded(canvas);
    empty(canvas);
    return { blob: bareJpeg(bytes), width, height };
  } finally {
    photo.close();
  }
}

// The photo as it was taken, upright and reduced, to edit over it: an ImageBitmap. Throws CannotDraw.
export async function proof(blob, most) {
  await trusted();
  const photo = await opened(blob);
  try {
    const { canvas } = reduced(photo, { turn: 0, crop: WHOLE, covers: [] }, most);
    const bitmap = await createImageBitmap(canvas);
    empty(canvas);
    return bitmap;
  } finally {
    photo.close();
  }
}

// ---------- trust: some browsers (Tor Browser among them) give back noise instead of what was drawn, which must
// never be sent as somebody's photo; some old ones don't turn photos as their files say

const FIELDS = ["#c81414", "#14c814", "#1414c8", "#f0f0f0"];

async function isTrue() {
  const sheet = canvasOf(32, 16);
  FIELDS.forEach((colour, place) => {
    sheet.context.fillStyle = colour;
    sheet.context.fillRect(place * 8, 0, 8, 16);
  });
  const bytes = await encoded(sheet.canvas, 0.95);
  const again = await open(new Blob([bytes], { type: "image/jpeg" }));
  const reader = canvasOf(32, 16);
  reader.context.drawImage(again.image, 0, 0);
  const seen = FIELDS.map((_colour, place) => reader.context.getImageData(place * 8 + 4, 8, 1, 1).data);
  again.close();
  const turned = await open(saysTurned(bytes));
  const isTurned = turned.width === 16 && turned.height === 32;
  turned.close();
  return isTurned && FIELDS.every((colour, place) => isNear(colour, seen[place]));
}

function isNear(colour, seen) {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return wanted.every((part, at) => Math.abs(part - seen[at]) <= TRUE_ENOUGH);
}

let trust = null;

async function trusted() {
  trust ??= isTrue().catch(() => false);
  if (!(await trust)) throw new NotToBeTrusted("this browser doesn't draw what it is told");
}
