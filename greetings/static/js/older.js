// “Older greetings” come in below, and the address follows what one is looking at. The link works without this.
import { LOST, fetchPage } from "./pages.js";

const wall = document.querySelector("ol.wall");
const told = document.querySelector("[data-told]");

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const { address, above } = pagesByFirst.get(entry.target);
    if (entry.isIntersecting || entry.boundingClientRect.top < 0) history.replaceState(history.state, "", address);
    else history.replaceState(history.state, "", above);
  }
}, { rootMargin: "0px 0px -40% 0px" });
const pagesByFirst = new Map(); // first tile of what came in -> its page's address, and that of the tiles above

async function fetchOlder(link) {
  const tile = link.closest("li");
  link.setAttribute("aria-busy", "true");
  link.textContent = link.dataset.wait;
  told.textContent = "";
  let page;
  try {
    page = await fetchPage(link.href);
  } catch (error) {
    if (error.message !== LOST) return location.assign(link.href);
    link.removeAttribute("aria-busy"); // what was read so far stays
    link.textContent = told.textContent = told.dataset.lost;
    return;
  }
  const tiles = [...page.querySelectorAll("ol.wall > li")];
  const first = tiles.find((one) => !one.classList.contains("next"));
  if (!first) return location.assign(link.href);
  const above = [...pagesByFirst.values()].pop()?.address ?? location.href;
  tile.replaceWith(...tiles.map((one) => document.adoptNode(one)));
  pagesByFirst.set(first, { address: link.href, above });
  seen.observe(first);
  first.querySelector("a").focus({ preventScroll: true });
  told.textContent = page.querySelector("[data-count]").dataset.count;
}

// a page taken out of the browser's memory still has what was chosen for the next one
addEventListener("pageshow", (event) => { if (event.persisted) document.querySelector("form[role=search]")?.reset(); });

// whoever comes back from a greeting is at its tile again, also where the browser has forgotten it
const left = history.state?.tile;
if (left && performance.getEntriesByType("navigation")[0]?.type === "back_forward") document.getElementById(left)?.focus({ preventScroll: true });
wall?.addEventListener("click", (event) => {
  const tile = event.target.closest("a.g");
  if (!tile || event.ctrlKey || event.metaKey || event.shiftKey) return;
  history.replaceState({ tile: tile.id }, "", addressOf(tile));
  seen.disconnect(); // however the wall still glides: this is where one comes back to
}, { capture: true });
// whoever comes back, or stays after all, is followed again
for (const sign of ["pageshow", "pointerdown", "keydown"]) addEventListener(sign, () => pagesByFirst.forEach((_, first) => seen.observe(first)));

// the page on which a tile hangs, whatever else is in view
function addressOf(tile) {
  const pages = [...pagesByFirst].filter(([first]) => first.contains(tile) || first.compareDocumentPosition(tile) & Node.DOCUMENT_POSITION_FOLLOWING);
  return pages.pop()?.[1].address ?? [...pagesByFirst.values()][0]?.above ?? location.href;
}

wall?.addEventListener("click", (event) => {
  const link = event.target.closest("[rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy") !== "true") fetchOlder(link);
});
