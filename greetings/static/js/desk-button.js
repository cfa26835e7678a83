// Which button sends a form. Safari did not say until 2022; there it is the one that was pressed last, by hand or by key.
let pressed = null;

addEventListener("click", (event) => { pressed = event.target.closest?.("button"); }, { capture: true });

export const buttonOf = (event) => event.submitter ?? pressed;
