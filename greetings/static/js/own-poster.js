// Shows the poster while it is being written. Without this the second button opens the same picture.
const form = document.querySelector("[data-own]");
const picture = document.querySelector("[data-preview]");
const caption = document.querySelector("[data-caption]");
const CALM_MS = 700;
const UNPROCESSABLE = 422;

let timer = 0;
let asked = null;
let shown = "";

async function look() {
  if (!form.elements.wish.value.trim()) return;
  asked?.abort();
  asked = new AbortController();
  const fields = new FormData(form);
  fields.set("as", "png");
  picture.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, signal: asked.signal });
    if (!answer.ok || !answer.headers.get("Content-Type").startsWith("image/")) {
      if (answer.status === UNPROCESSABLE) caption.textContent = caption.dataset.refused;
      return;
    }
    const address = URL.createObjectURL(await answer.blob());
    picture.src = address;
    picture.alt = picture.dataset.alt;
    caption.textContent = caption.dataset.words;
    await picture.decode().catch(() => {});
    if (shown) URL.revokeObjectURL(shown);
    shown = address;
  } catch { /* a newer look, or no network: the last picture stays */ } finally {
    picture.removeAttribute("aria-busy");
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, CALM_MS);
});
const button = form.querySelector("[data-look]");
button.hidden = true;
look();
