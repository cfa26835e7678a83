// Takes the reader to what is missing: first to the summary, and from its links right into the fields.
const summary = document.querySelector("[data-focus-errors]");

function fieldOf(target) {
  const control = "input:not([type=hidden]), select, textarea, button";
  return target.matches(control) ? target : target.querySelector(control) ?? target;
}

function lead(event) {
  const link = event.target.closest("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const label = document.querySelector(`label[for="${CSS.escape(target.id)}"]`);
  (label ?? target).scrollIntoView({ block: "center" });
  fieldOf(target).focus({ preventScroll: true });
}

if (summary) {
  summary.addEventListener("click", lead);
  // `autofocus` does this where the browser knows it on any element; older ones need the push.
  addEventListener("load", () => setTimeout(() => {
    if (document.activeElement !== summary) summary.focus();
  }));
}
