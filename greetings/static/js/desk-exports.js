// Shows how many greetings the chosen action would give, how far each file is, and the page anew when one has come to
// its end. Without this: all actions, and "Look again".

import { asPage } from "./desk-ask.js";
import { percent } from "./numbers.js";

const EVERY = 1500;
const table = document.querySelector("[data-exports]");
const isGoing = (row) => ["waiting", "writing"].includes(row.dataset.progress);
const going = () => [...(table?.querySelectorAll("[data-export]") ?? [])].filter(isGoing);

async function look() {
  let said;
  try {
    const response = await fetch(table.dataset.exports, { headers: asPage });
    if (!response.ok) return location.reload(); // signed out, most likely: the page itself will say so
    said = await response.json();
  } catch {
    return setTimeout(look, EVERY); // offline for a moment
  }
  for (const row of going()) {
    const now = said[row.dataset.export];
    if (!now || !isGoing({ dataset: now })) return location.replace(location.pathname);
    row.querySelector("progress").value = now.percent;
    row.querySelector("[data-percent]").textContent = percent(now.percent / 100);
  }
  setTimeout(look, EVERY);
}

if (going().length) setTimeout(look, EVERY);

const action = document.querySelector("select[name=action]");
function showNumbers() {
  for (const line of document.querySelectorAll("[data-of]")) line.hidden = line.dataset.of !== action.value;
}
action?.addEventListener("change", showNumbers);
if (action) showNumbers();
