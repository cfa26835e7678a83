// Hands photos to the darkroom, one at a time: a phone has no room for two of them unpacked.

import { CannotDraw, develop, proof } from "./darkroom.js";

const PATIENCE_MS = 90_000; // a thread that ran out of memory says nothing

let worker = null;
let hasThreads = typeof Worker === "function" && typeof OffscreenCanvas === "function";
let ids = 0;
let last = Promise.resolve();

// Resolves to { made }, { isPhotosFault }, or {} when the thread itself failed.
function ask(job) {
  return new Promise((done) => {
    const id = (ids += 1);
    worker ??= new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    const mine = worker;
    const finish = (answer, isBroken) => {
      clearTimeout(patience);
      mine.onmessage = mine.onerror = mine.onmessageerror = null;
      if (isBroken) {
        mine.terminate();
        worker = null;
      }
      done(answer);
    };
    const patience = setTimeout(() => finish({ isPhotosFault: true }, true), PATIENCE_MS);
    mine.onmessage = ({ data }) => data.id === id && finish(data, false);
    mine.onerror = mine.onmessageerror = () => finish({}, true);
    mine.postMessage({ id, ...job });
  });
}

async function inThePage({ blob, edits, most }) {
  try {
    return await (edits ? develop(blob, edits) : proof(blob, most));
  } catch {
    throw new CannotDraw("neither in a thread nor in the page");
  }
}

async function doneBy(job) {
  if (hasThreads) {
    const answer = await ask(job).catch(() => ({}));
    if (answer.made) return answer.made;
    if (answer.isPhotosFault) throw new CannotDraw("the darkroom could not open it");
    hasThreads = false;
  }
  return inThePage(job);
}

function inTurn(job) {
  const mine = last.then(() => doneBy(job));
  last = mine.catch(() => {});
  return mine;
}

// The photo as it is to be sent: { blob, width, height }. Rejects with CannotDraw.
export const developed = (blob, edits) => inTurn({ blob, edits });

// The photo as it was taken, at most `most` pixels long: an ImageBitmap, to be closed by whoever asked.
export const proofOf = (blob, most) => inTurn({ blob, most });
