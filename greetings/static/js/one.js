// One greeting after another by arrow keys and swipes, without the page going white in between. Focus stays where
// it was: on the link that was pressed, or at the sender's name. Escape leads back to the wall. Home and End scroll,
// as everywhere; pressed once more at the end of a page they lead to the newest and to the oldest greeting.
// Every link works without this.
import { showCopyButtons } from "./copy.js";
import { LOST, fetchPage } from "./pages.js";
import { showShareButton } from "./share.js";

const main = document.getElementById("main");
const told = main.querySelector("[data-told]");
const LEAST_SWIPE_PX = 60;
const EDGE_PX = 24; // at the edge of the screen a swipe means the browser's own way back
let steps = history.state?.steps ?? 0; // how many greetings lie between this one and where one came from
let shown = location.pathname;
let awaited = null; // the page that is on its way: a newer wish makes an older one void
history.replaceState({ ...history.state, steps }, ""); // an entry without is a jump within the page

async function open(address, { pushed = false, from = "" } = {}) {
  if (!pushed && awaited?.address === address) return; // pressed twice, it is still one step
  const mine = awaited = { address };
  let page;
  try {
    page = await fetchPage(address);
    if (!page.querySelector("#main .one")) throw new Error("another page");
  } catch (error) {
    if (awaited !== mine) return;
    awaited = null;
    if (error.message === LOST && !pushed) sayLost();
    else location.assign(address); // the browser knows best how to say that something is gone
    return;
  }
  if (awaited !== mine) return;
  awaited = null;
  if (!pushed) {
    steps += 1;
    history.pushState({ steps }, "", address);
  }
  shown = location.pathname;
  const place = takeOverMain(page);
  document.title = page.title;
  for (const link of document.querySelectorAll(".langs a, head [rel=canonical], head [hreflang]")) takeOver(link, page);
  showCopyButtons(main);
  showShareButton(main);
  const heading = document.getElementById("who");
  const link = from && main.querySelector(`.prevnext [rel=${from}]`);
  if (link) link.focus({ preventScroll: true });
  else {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  scrollTo(0, 0);
  told.textContent = [link && document.title, place].filter(Boolean).join(". "); // the heading, focused, says itself
}

// All of it but the line that is heard: of one that comes with its words some browsers say nothing.
function takeOverMain(page) {
  const others = (line) => [...line.parentElement.childNodes].filter((one) => one !== line);
  const fresh = page.querySelector("[data-told]");
  for (const old of others(told)) old.remove();
  told.before(...others(fresh));
  told.className = "vh";
  return fresh.dataset.place;
}

// What one is reading stays, and the way on can be tried again.
function sayLost() {
  told.className = "lost";
  told.textContent = told.dataset.lost;
}

function takeOver(link, page) {
  const same = link.matches(".langs a") ? `.langs a[lang=${link.lang}]` : `head [rel=${link.rel}]${link.hreflang ? `[hreflang=${link.hreflang}]` : ""}`;
  const other = page.querySelector(same);
  if (other) link.setAttribute("href", other.getAttribute("href"));
}

function go(way, from) {
  const link = main.querySelector(`.prevnext [rel=${way}]`);
  if (link) open(link.href, { from });
  return Boolean(link);
}

// Where one came from, so that filters, place and focus are as they were left; else the page where this one hangs.
function toTheWall() {
  const wall = new URL(main.querySelector(".back-link a").href);
  const from = document.referrer && new URL(document.referrer);
  if (from && from.origin === wall.origin && from.pathname === wall.pathname && history.length > steps + 1) history.go(-steps - 1);
  else location.assign(wall);
}

const isAtTop = () => scrollY < 2;
const isAtEnd = () => scrollY + innerHeight > document.documentElement.scrollHeight - 2;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest("input, textarea, select")) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next", Home: isAtTop() && "first", End: isAtEnd() && "last" }[event.key];
  if (way && go(way, event.target.closest(".prevnext a") ? way : "")) event.preventDefault();
  else if (event.key === "Escape") toTheWall();
});

main.addEventListener("click", (event) => {
  const link = event.target.closest(".prevnext a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const isByKey = event.detail === 0 || event.pointerType === ""; // Firefox counts a key on a link as one click
  open(link.href, { from: isByKey ? link.rel : "" });
});

let begun = null;
main.addEventListener("touchstart", (event) => {
  const [touch, ...others] = event.touches;
  const isAtEdge = touch.clientX < EDGE_PX || touch.clientX > innerWidth - EDGE_PX;
  begun = others.length || isAtEdge ? null : touch;
}, { passive: true });
main.addEventListener("touchend", (event) => {
  if (!begun || visualViewport?.scale > 1.05) return; // whoever has zoomed in is moving the picture
  const across = event.changedTouches[0].clientX - begun.clientX;
  const down = event.changedTouches[0].clientY - begun.clientY;
  begun = null;
  if (Math.abs(across) > LEAST_SWIPE_PX && Math.abs(across) > 2 * Math.abs(down)) go(across > 0 ? "prev" : "next", "");
}, { passive: true });

addEventListener("popstate", (event) => {
  if (!event.state) history.replaceState({ steps: steps += 1 }, "");
  steps = history.state.steps;
  if (location.pathname !== shown) open(location.href, { pushed: true });
  else awaited = null;
});
