// The reasons to reject: asked for, the list leaves its place and comes up right above the key that asked for it, under
// the same hand, and nothing around it moves. Without this it is a list in the page that the key leads to.

const list = () => document.querySelector("#reasons .reasons");
const keys = () => document.querySelectorAll("[data-ask]");
let left = null; // what is to be done when no reason is chosen

export const isAsking = () => list()?.classList.contains("asked") ?? false;

export function ask(whenLeft = null) {
  const place = list().parentElement;
  left = whenLeft;
  if ("open" in place) place.open = true;
  place.style.minHeight = `${place.offsetHeight}px`;
  list().classList.add("asked");
  for (const key of keys()) key.setAttribute("aria-expanded", true);
  list().querySelector("button").focus({ preventScroll: true });
}

// Whether there was something to close.
export function stopAsking() {
  if (!isAsking()) return false;
  const place = list().parentElement;
  list().classList.remove("asked");
  place.style.minHeight = "";
  if ("open" in place) place.open = false;
  for (const key of keys()) key.setAttribute("aria-expanded", false);
  const then = left;
  left = null;
  then?.();
  return true;
}

// A reason was chosen: what was left for the other case is not done.
export function answered() {
  left = null;
  stopAsking();
}

document.addEventListener("click", (event) => {
  if (isAsking() && !event.target.closest(".reasons, [data-ask]")) stopAsking();
});
