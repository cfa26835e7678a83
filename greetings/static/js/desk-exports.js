// Shows how many greetings the chosen action would give, how far each file is, and the line of one anew that has come to
// its end. Without this: all actions, and "Look again".

import { asPage } from "./desk-ask.js";
import { sayLocally } from "./desk-clock.js";
import { percent } from "./numbers.js";

const EVERY = 1500;
const table = document.querySelector("[data-exports]");
const isGoing = (row) => ["waiting", "writing"].includes(row?.dataset.progress);
const going = () => [...(table?.querySelectorAll("[data-export]") ?? [])].filter(isGoing);

async function look() {
  try {
    const response = await fetch(table.dataset.exports, { headers: asPage });
    if (!response.ok) return location.reload(); // signed out, most likely: the page itself will say so
    const said = await response.json();
    const rows = going();
    const ended = rows.filter((row) => !isGoing({ dataset: said[row.dataset.export] ?? {} }));
    for (const row of rows) if (!ended.includes(row)) grow(row, said[row.dataset.export].percent);
    if (ended.length) await renew(ended);
  } catch {
    // offline for a moment
  }
  if (going().length) setTimeout(look, EVERY);
}

function grow(row, done) {
  row.querySelector("progress").value = done;
  row.querySelector("[data-percent]").textContent = percent(done / 100);
}

// Only these lines change, and what became of each is said: whoever reads or chooses something meanwhile stays there.
async function renew(rows) {
  const response = await fetch(rows[0].querySelector("a").href, { headers: { "Page-Language": asPage["Page-Language"] } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const row of rows) {
    const now = page.querySelector(`[data-export="${CSS.escape(row.dataset.export)}"]`);
    if (!now) return location.replace(response.url); // deleted by somebody else
    const hadFocus = row.contains(document.activeElement);
    row.replaceWith(now);
    sayLocally(now);
    if (hadFocus) now.querySelector("button").focus();
    const [use, form] = [...now.querySelectorAll(".cell-body")].map((cell) => cell.innerText.trim());
    document.querySelector("[data-told]").textContent = `${use}, ${form}: ${now.querySelector(".badge").innerText}`;
  }
}

if (going().length) setTimeout(look, EVERY);

const action = document.querySelector("select[name=action]");
function showNumbers() {
  for (const line of document.querySelectorAll("[data-of]")) line.hidden = line.dataset.of !== action.value;
  for (const name of document.querySelectorAll("[data-named]")) name.hidden = true; // the choice above says it
}
action?.addEventListener("change", showNumbers);
if (action) showNumbers();
