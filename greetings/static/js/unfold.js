// What only scripts can serve stands in attributes until one unfolds it: browsers that show text only know no `hidden`,
// and would show it all.
const heldBy = (place) => document.importNode(new DOMParser().parseFromString(`<body>${place.dataset.unfold}`, "text/html").body, true);

export function unfold(places) {
  for (const place of places) place.replaceWith(...heldBy(place).childNodes);
}

// What a place holds, for a script that shows it again and again: the place stays.
export function copyOf(id) {
  return heldBy(document.getElementById(id)).firstElementChild;
}
