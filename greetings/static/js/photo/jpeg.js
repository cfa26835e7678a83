// A JPEG without anything but what draws the picture: browsers put a colour profile into theirs, and whatever else
// they may write one day. The canvas is sRGB, which is what a JPEG without a profile means.

const MARKER = 0xff;
const START = 0xd8;
const SCAN = 0xda;
const JFIF = 0xe0;
const COMMENT = 0xfe;
const BARE_JFIF_BYTES = 16; // a longer one holds a thumbnail

const isApplication = (code) => code >= 0xe0 && code <= 0xef;

function isWanted(code, length) {
  if (code === JFIF) return length === BARE_JFIF_BYTES;
  return !isApplication(code) && code !== COMMENT;
}

// The same picture, bare. Throws if these bytes aren't a JPEG.
export function bareJpeg(bytes) {
  if (bytes[0] !== MARKER || bytes[1] !== START) throw new Error("not a JPEG");
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  for (;;) {
    const [mark, code] = [bytes[at], bytes[at + 1]];
    if (mark !== MARKER) throw new Error("not a JPEG");
    if (code === SCAN) break;
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    if (isWanted(code, length)) parts.push(bytes.subarray(at, at + 2 + length));
    at += 2 + length;
  }
  return new Blob([...parts, bytes.subarray(at)], { type: "image/jpeg" });
}

// The same file saying that it is to be shown turned a quarter to the right, as phones write it: to find out
// whether a browser does so by itself.
export function saysTurned(bytes) {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const segment = new Uint8Array([MARKER, 0xe1, 0, exif.length + 2, ...exif]);
  return new Blob([bytes.subarray(0, 2), segment, bytes.subarray(2)], { type: "image/jpeg" });
}
