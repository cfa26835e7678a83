// From a link of the error summary right into the field it is about.

function fieldOf(target) {
  const control = "input:not([type=hidden]), select, textarea, button";
  return target.matches(control) ? target : target.querySelector("[data-lead]") ?? target.querySelector(control) ?? target;
}

export function lead(event) {
  const link = event.target.closest("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const label = document.querySelector(`label[for="${CSS.escape(target.id)}"]`);
  (label ?? target).scrollIntoView({ block: "center" });
  fieldOf(target).focus({ preventScroll: true });
}
