// The darkroom in a thread of its own, so that the page stays quick under the hand.

import { CannotDraw, develop, proof } from "./darkroom.js";

async function work({ blob, edits, most }) {
  if (edits) return develop(blob, edits);
  return proof(blob, most);
}

addEventListener("message", async ({ data }) => {
  try {
    const made = await work(data);
    postMessage({ id: data.id, made }, made instanceof ImageBitmap ? [made] : []);
  } catch (error) {
    postMessage({ id: data.id, isPhotosFault: error instanceof CannotDraw });
  }
});
