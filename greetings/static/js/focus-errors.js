// Takes the reader to what is missing: first to the summary, and from its links right into the fields.

import { lead } from "./lead.js";

const summary = document.querySelector("[data-focus-errors]");

if (summary) {
  summary.addEventListener("click", lead);
  // `autofocus` does this where the browser knows it on any element; older ones need the push.
  addEventListener("load", () => setTimeout(() => {
    if (document.activeElement !== summary) summary.focus();
  }));
}
