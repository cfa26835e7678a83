// Shows the poster while it is being written. Without this a button, put aside by offers.js, opens the same picture.
const form = document.querySelector("[data-own]");
const picture = document.querySelector("[data-preview]");
const caption = document.querySelector("[data-caption]");
const CALM_MS = 700;
const UNPROCESSABLE = 422;

let timer = 0;
let asked = null;
let shown = "";

// Heard by those who don't see the picture, and only when it says something else than before.
function say(sentence) {
  if (caption.textContent !== sentence) caption.textContent = sentence;
}

async function look() {
  if (!form.elements.wish.value.trim()) return;
  asked?.abort();
  const mine = (asked = new AbortController());
  const fields = new FormData(form);
  fields.set("as", "png");
  picture.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, signal: mine.signal });
    if (!answer.ok || !answer.headers.get("Content-Type").startsWith("image/")) {
      if (answer.status === UNPROCESSABLE) say(caption.dataset.refused);
      return;
    }
    const address = URL.createObjectURL(await answer.blob());
    picture.src = address;
    picture.alt = picture.dataset.alt;
    say(caption.dataset.words);
    await picture.decode().catch(() => {});
    if (shown) URL.revokeObjectURL(shown);
    shown = address;
  } catch { /* a newer look, or no network: the last picture stays */ } finally {
    if (asked === mine) picture.removeAttribute("aria-busy"); // else the newer look is on its way
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, CALM_MS);
});
if (!document.querySelector("#error-summary")) look(); // the page says already what it can’t be printed for
