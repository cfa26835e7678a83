// Items of the queue, loaded ahead: the page is asked for as HTML, its table is taken out, its pictures start to load.

// What is on one page of the queue, or null when it isn't one (signed out, no connection).
export async function loadItem(url) {
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "text/html" } });
  } catch {
    return null;
  }
  if (!response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const bench = page.getElementById("bench");
  const strip = page.querySelector(".desk-strip");
  if (!bench || !strip) return null;
  // importing starts the loading of pictures, long before they are shown
  return { bench: document.importNode(bench, true), strip: document.importNode(strip, true) };
}

// Every picture of the item has been drawn, so that whoever decides has seen it.
export function isSeen(bench) {
  return [...bench.querySelectorAll(".mat img")].every((picture) => picture.complete && picture.naturalWidth > 0);
}
