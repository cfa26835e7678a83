// Items of the queue, loaded ahead: each comes by itself, claimed for us, and its pictures start to load at once.

import { asPage } from "./desk-ask.js";

// The item of an address of the queue: `{ bench }`, null inside when nothing is left for us;
// null when the server didn't answer, or not with an item (signed out).
export async function loadItem(url) {
  try {
    const response = await fetch(url, { headers: asPage });
    if (!response.ok) return null;
    const { html } = await response.json();
    if (!html) return { bench: null };
    const part = new DOMParser().parseFromString(html, "text/html").getElementById("bench");
    // importing starts the loading of pictures, long before they are shown
    return { bench: document.importNode(part, true) };
  } catch {
    return null;
  }
}

// What the server's page says when nothing is left for us: `{ bench, oldest }`; null when something is, or no answer came.
export async function loadEnd(url) {
  try {
    const response = await fetch(url, { headers: { ...asPage, Accept: "text/html" } });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const part = page.querySelector("#bench:not([data-id])");
    return part && { bench: document.importNode(part, true), oldest: page.querySelector("[data-oldest]").textContent };
  } catch {
    return null;
  }
}

// Every picture of the item has been drawn, so that whoever decides has seen it.
export function isSeen(bench) {
  return [...bench.querySelectorAll(".mat img")].every((picture) => picture.complete && picture.naturalWidth > 0);
}
