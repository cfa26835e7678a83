// Drawing covers with the pointer. The form's own numbers are the truth: a rectangle drawn fills a row of them,
// a row typed draws a rectangle, so that both ways may be mixed and no picture is changed here.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 1; // per cent: anything smaller is a slip of the finger

const within = (share) => Math.min(Math.max(share, 0), 100);
const read = (input) => Number.parseFloat(input.value.replace(",", "."));

class CoverTool {
  constructor(section) {
    this.canvas = section.querySelector(".canvas");
    this.rows = section.querySelector(".box-rows");
    this.layer = document.createElementNS(SVG, "svg");
    this.layer.setAttribute("viewBox", "0 0 100 100");
    this.layer.setAttribute("preserveAspectRatio", "none");
    this.layer.setAttribute("aria-hidden", "true");
    this.canvas.append(this.layer);
    this.canvas.classList.add("drawing");
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.stretch(event));
    this.canvas.addEventListener("pointerup", (event) => this.finish(event));
    this.canvas.addEventListener("pointercancel", () => this.drop());
    this.rows.addEventListener("input", () => this.draw());
    this.draw();
  }

  place(event) {
    const frame = this.canvas.querySelector("img").getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * 100;
    const y = ((event.clientY - frame.top) / frame.height) * 100;
    return { x: within(x), y: within(y) };
  }

  begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.start = this.place(event);
  }

  box(event) {
    const end = this.place(event);
    const left = Math.min(this.start.x, end.x);
    const top = Math.min(this.start.y, end.y);
    return [left, top, Math.abs(end.x - this.start.x), Math.abs(end.y - this.start.y)];
  }

  stretch(event) {
    if (!this.start) return;
    this.fresh ??= this.layer.appendChild(document.createElementNS(SVG, "rect"));
    this.shape(this.fresh, this.box(event));
  }

  finish(event) {
    if (!this.start) return;
    const box = this.box(event);
    const tapped = this.start;
    this.drop();
    if (box[2] >= LEAST && box[3] >= LEAST) this.fill(this.blankRow(), box);
    else this.takeAway(tapped);
    this.draw();
  }

  drop() {
    this.start = null;
    this.fresh?.remove();
    this.fresh = null;
  }

  takeAway({ x, y }) {
    const hit = [...this.rows.children].reverse().find((row) => {
      const [left, top, width, height] = this.numbers(row);
      return x >= left && x <= left + width && y >= top && y <= top + height;
    });
    if (hit) for (const input of hit.querySelectorAll("input")) input.value = "";
  }

  blankRow() {
    const blank = [...this.rows.children].find((row) => [...row.querySelectorAll("input")].every((input) => !input.value));
    if (blank) return blank;
    const row = this.rows.lastElementChild.cloneNode(true);
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, this.rows.children.length + 1);
    this.rows.append(row);
    return row;
  }

  fill(row, box) {
    row.querySelectorAll("input").forEach((input, place) => (input.value = box[place].toFixed(1)));
  }

  numbers(row) {
    return [...row.querySelectorAll("input")].map(read);
  }

  shape(rect, [left, top, width, height]) {
    rect.setAttribute("class", "cover");
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) rect.setAttribute(name, value);
  }

  draw() {
    this.layer.replaceChildren();
    for (const row of this.rows.children) {
      const box = this.numbers(row);
      if (box.some(Number.isNaN) || box[2] <= 0 || box[3] <= 0) continue;
      this.shape(this.layer.appendChild(document.createElementNS(SVG, "rect")), box);
    }
  }
}

for (const section of document.querySelectorAll("[data-photo]")) new CoverTool(section);
document.querySelector("[data-hint-typed]")?.setAttribute("hidden", "");
document.querySelector("[data-hint-drawn]")?.removeAttribute("hidden");
