// Sending a decision behind the scenes. An answer that got lost is asked for again: a decision is conditional on
// what was seen, so that sending it twice decides once.

import { sendForm } from "./desk-ask.js";

const PAUSES_MS = [800, 2000, 4000, 8000, 15000];
const NOT_NOW = new Set([502, 503, 504]);
let unsent = 0;

// Until the next try; at once, when the browser says that there is a line again.
const pause = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
  addEventListener("online", resolve, { once: true });
});

async function ask(url, body) {
  try {
    const response = await sendForm(url, body, { keepalive: true });
    return NOT_NOW.has(response.status) ? null : { status: response.status, ...(await response.json()) };
  } catch {
    return null;
  }
}

// The server's answer with its `status`, or null after several tries; `onTrouble` hears of the first that failed.
export async function send(url, body, onTrouble) {
  unsent += 1;
  try {
    let answer = await ask(url, body);
    for (let tried = 0; answer === null && tried < PAUSES_MS.length; tried += 1) {
      onTrouble?.();
      await pause(PAUSES_MS[tried]);
      answer = await ask(url, body);
    }
    return answer;
  } finally {
    unsent -= 1;
  }
}

export const isSending = () => unsent > 0;

// Whoever leaves while a decision is on its way is asked whether to.
addEventListener("beforeunload", (event) => {
  if (!unsent) return;
  event.preventDefault();
  event.returnValue = true; // see send.js
});
