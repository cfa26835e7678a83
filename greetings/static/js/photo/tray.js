// The photos that are chosen, as prints on the table, each with its tools. What a print shows is what will be sent.
// Everything lives in this page's memory only, so that an answer that brings the form back brings the photos back.

import { figure } from "../numbers.js";
import { Description, Lines } from "./description.js";
import { isCropped, turned } from "./edits.js";
import { AS_IT_IS, DRAWING, Photo, READY, STOPPED } from "./photo.js";

const HIGHEST = "26rem"; // a print, that its tools are seen with it
const HEAD_BYTES = 256 * 1024; // a phone writes a small picture into it, too

const isSame = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

export class Tray {
  constructor(form, words, editor, photos = []) {
    this.words = words;
    this.mostPhotos = Number(form.dataset.mostPhotos);
    this.mostBytes = Number(form.dataset.mostFileBytes);
    this.editor = editor;
    this.input = form.elements.photos;
    this.coverFaces = form.elements.cover_faces;
    this.list = form.querySelector("[data-prints]");
    this.template = form.querySelector("template[data-print]");
    this.drop = form.querySelector(".drop");
    this.note = form.querySelector("[data-burnt-in]");
    this.tooMany = form.querySelector("[data-too-many]");
    this.photos = [];
    this.prints = new Map();
    this.descriptions = new Map();
    this.lines = new Lines(form, photos);
    this.urls = new Map();
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    this.coverFaces.addEventListener("change", () => this.showAll());
    for (const photo of photos) {
      photo.refusals = []; // those of the last answer
      this.put(photo);
    }
    this.showAll();
    if (this.input.files.length) this.take([...this.input.files]); // chosen before this script came
  }

  // ---------- in and out

  take(files) {
    // the field is emptied, so that nothing goes from it past the darkroom, and the same file can be chosen again
    this.input.value = "";
    const fresh = files.filter((file) => !this.photos.some((photo) => isSame(photo.file, file)));
    const room = this.mostPhotos - this.photos.length;
    this.tooMany.hidden = fresh.length <= room;
    const taken = fresh.slice(0, room).map((file) => new Photo(file, this.mostBytes));
    this.lines.handOut(taken);
    for (const photo of taken) {
      this.put(photo);
      this.draw(photo);
    }
    this.showAll();
  }

  put(photo) {
    const print = this.template.content.firstElementChild.cloneNode(true);
    print.addEventListener("click", (event) => this.press(photo, event.target.closest("button[data-do]")));
    this.photos.push(photo);
    this.prints.set(photo, print);
    this.descriptions.set(photo, new Description(print.querySelector("[data-description]"), photo));
    this.list.append(print);
    if (photo.state === READY) this.hang(photo);
    if (photo.state === DRAWING) photo.settled.then(() => this.drawn(photo));
    if (!photo.drawn) this.shape(photo);
  }

  // A print has the shape of its photo before that is drawn: an element knows it from the head of a file.
  shape(photo) {
    const canvas = this.prints.get(photo).querySelector("[data-canvas]");
    const head = new Image();
    head.addEventListener("load", () => {
      if (!photo.drawn) Object.assign(canvas.style, { aspectRatio: head.naturalWidth / head.naturalHeight, maxHeight: HIGHEST });
    });
    for (const kind of ["load", "error"]) head.addEventListener(kind, () => URL.revokeObjectURL(head.src));
    head.src = URL.createObjectURL(photo.file.slice(0, HEAD_BYTES));
  }

  remove(photo) {
    const place = this.photos.indexOf(photo);
    this.photos.splice(place, 1);
    this.prints.get(photo).remove();
    this.prints.delete(photo);
    this.descriptions.delete(photo);
    URL.revokeObjectURL(this.urls.get(photo));
    this.urls.delete(photo);
    this.tooMany.hidden = true;
    this.showAll();
    const next = this.photos[Math.min(place, this.photos.length - 1)];
    (next ? this.prints.get(next).querySelector("[data-do=remove]") : this.input).focus();
    this.words.say(this.words.fill("removed", { number: place + 1 }));
  }

  // One place up or down. Its neighbour's print is the one that moves, so that the pressed button keeps the focus.
  move(photo, by) {
    const place = this.photos.indexOf(photo);
    const neighbour = this.photos[place + by];
    [this.photos[place], this.photos[place + by]] = [neighbour, photo];
    const print = this.prints.get(photo);
    if (by < 0) print.after(this.prints.get(neighbour));
    else print.before(this.prints.get(neighbour));
    this.showAll();
    print.scrollIntoView({ block: "nearest" });
    this.words.say(this.words.fill("moved", { number: place + by + 1, count: this.photos.length }));
  }

  async draw(photo) {
    const work = photo.draw();
    this.show(photo);
    await work;
    this.drawn(photo);
  }

  drawn(photo) {
    if (!this.prints.has(photo)) return;
    if (photo.state === READY) this.hang(photo);
    this.showAll();
    const title = this.words.fill("photo", { number: this.numberOf(photo) });
    this.words.say(`${title}: ${this.facts(photo) || this.words.text(photo.why || "as-it-is")}`);
  }

  // Everything has been drawn that was to be drawn.
  async settle(tell) {
    for (const photo of this.photos) {
      if (photo.state === DRAWING) tell(this.numberOf(photo));
      while (photo.state === DRAWING) await photo.settled;
      await photo.look();
    }
    this.showAll();
  }

  // Puts the photos behind the other fields of what is sent, under names that say nothing.
  addTo(body) {
    this.lines.addTo(body, this.photos);
    body.delete("photos");
    for (const photo of this.photos) {
      body.append("photos", photo.sent, this.sentName(photo));
    }
  }

  sentName(photo) {
    const ending = photo.state === READY ? "jpg" : /\.(\w{1,5})$/.exec(photo.file.name)?.[1].toLowerCase() ?? "photo";
    return `photo-${this.numberOf(photo)}.${ending}`;
  }

  numberOf(photo) {
    return this.photos.indexOf(photo) + 1;
  }

  get totalBytes() {
    return this.photos.reduce((sum, photo) => sum + photo.sent.size, 0);
  }

  get stopped() {
    return this.photos.find((photo) => photo.state === STOPPED);
  }

  // The server could not take it in: its sentence moves to its print, and whatever links to it leads there.
  refuse(line) {
    const photo = this.photos[Number(line.dataset.place) - 1];
    if (!photo) return;
    const sentence = line.textContent.trim();
    const list = line.parentElement;
    const description = list.id === "descriptions-error" && this.descriptions.get(photo);
    if (description) description.remark(line);
    else {
      photo.refusals.push(line);
      this.show(photo);
    }
    list.hidden = !list.childElementCount;
    const { id } = description || this.prints.get(photo);
    for (const link of document.querySelectorAll("#error-summary a")) {
      if (link.textContent.trim() !== sentence) continue;
      link.href = `#${id}`;
      this.callByName(link, photo);
    }
    // the print itself says which one it is, also when it is moved
    const what = sentence.replace(/^[^:]+:\s/, "");
    line.querySelector("span").textContent = what.charAt(0).toLocaleUpperCase() + what.slice(1);
  }

  // By the name its sender knows, which was not sent.
  callByName(place, photo) {
    place.textContent = place.textContent.replace(this.sentName(photo), photo.file.name);
  }

  // ---------- tools

  press(photo, button) {
    const act = button?.dataset.do;
    if (!act || button.getAttribute("aria-disabled") === "true") return;
    if (act === "remove") this.remove(photo);
    else if (act === "earlier") this.move(photo, -1);
    else if (act === "later") this.move(photo, 1);
    else if (act === "let-us") this.letUsCover();
    else if (act === "crop" || act === "cover") this.edit(photo, act);
    else this.change(photo, act);
  }

  change(photo, act) {
    const { history } = photo;
    if (act === "undo") history.undo();
    else history.change(turned(photo.edits, act === "turn-left" ? "left" : "right"));
    this.words.say(this.words.text(act));
    this.draw(photo);
  }

  async edit(photo, mode) {
    const before = photo.edits;
    await this.editor.open(photo, this.numberOf(photo), mode);
    if (photo.edits !== before) this.draw(photo);
  }

  letUsCover() {
    this.coverFaces.checked = !this.coverFaces.checked;
    this.showAll();
    this.words.say(this.words.text(this.coverFaces.checked ? "we-cover" : "we-do-not"));
  }

  // ---------- how it looks

  hang(photo) {
    const url = URL.createObjectURL(photo.drawn.blob);
    const image = this.prints.get(photo).querySelector("img");
    image.parentElement.removeAttribute("style");
    const { width, height } = photo.drawn;
    image.width = width;
    image.height = height;
    image.style.width = `min(100%, ${width}px, ${HIGHEST} * ${width / height})`; // it has its place before it comes
    image.src = url;
    URL.revokeObjectURL(this.urls.get(photo));
    this.urls.set(photo, url);
  }

  showAll() {
    for (const photo of this.photos) this.show(photo);
    this.list.hidden = this.photos.length === 0;
    // its place is kept while the first is drawn, so that what is below doesn't move when it comes
    this.note.hidden = !this.photos.some((photo) => photo.state === READY || photo.state === DRAWING);
    this.note.style.visibility = this.photos.some((photo) => photo.drawn) ? "" : "hidden";
    this.lines.show();
    this.drop.classList.toggle("more", this.photos.length > 0);
    this.drop.hidden = this.photos.length >= this.mostPhotos;
    this.drop.querySelector("[data-first]").hidden = this.photos.length > 0;
    this.drop.querySelector("[data-another]").hidden = this.photos.length === 0;
  }

  show(photo) {
    const print = this.prints.get(photo);
    const part = (name) => print.querySelector(`[data-${name}]`);
    const title = this.words.fill("photo", { number: this.numberOf(photo) });
    const isDrawn = photo.drawn !== null && photo.state !== STOPPED;
    print.setAttribute("aria-label", title);
    print.setAttribute("aria-busy", String(photo.state === DRAWING));
    print.classList.toggle("failed", photo.state === STOPPED || photo.refusals.length > 0);
    print.querySelector("img").alt = title;
    this.descriptions.get(photo).callBy(title);
    part("number").textContent = this.numberOf(photo);
    print.id = `photo-${this.numberOf(photo)}`;
    part("name").textContent = `${title}: ${photo.file.name}`;
    part("canvas").hidden = !isDrawn && photo.state !== DRAWING;
    print.querySelector("img").hidden = !isDrawn;
    part("as-it-is").hidden = photo.state !== AS_IT_IS || photo.refusals.length > 0;
    part("name").hidden = isDrawn || photo.state === DRAWING;
    part("facts").textContent = this.facts(photo);
    this.showTrouble(photo, part("trouble"));
    this.showTools(photo, print);
  }

  facts(photo) {
    if (photo.state === DRAWING) return this.words.text("drawing");
    if (photo.state !== READY) return "";
    const size = this.words.fill("size", { size: figure(Math.ceil(photo.drawn.blob.size / 1000)) });
    const covers = photo.edits.covers.length;
    return covers ? `${size} · ${this.words.fill("covers", { count: covers })}` : size;
  }

  showTrouble(photo, place) {
    place.hidden = photo.state !== STOPPED;
    place.querySelector("span").textContent = photo.state === STOPPED ? this.words.text(photo.why) : "";
    place.nextElementSibling.replaceChildren(...photo.refusals);
  }

  showTools(photo, print) {
    const canEdit = photo.drawn !== null && photo.state !== STOPPED;
    const number = this.numberOf(photo);
    const title = this.words.fill("photo", { number });
    const isAtEnd = { earlier: number === 1, later: number === this.photos.length };
    for (const button of print.querySelectorAll(".tool")) {
      const act = button.dataset.do;
      button.setAttribute("aria-label", `${button.textContent.trim()}: ${title}`);
      if (act in isAtEnd) {
        button.hidden = this.photos.length < 2;
        button.setAttribute("aria-disabled", String(isAtEnd[act]));
        continue;
      }
      button.hidden = act !== "remove" && !canEdit && photo.state !== DRAWING;
      const isOff = act !== "remove" && (!canEdit || (act === "undo" && photo.history.past.length === 0));
      button.setAttribute("aria-disabled", String(isOff));
    }
    print.querySelector("[data-do=cover]").classList.toggle("in-use", photo.edits.covers.length > 0);
    print.querySelector("[data-do=crop]").classList.toggle("in-use", isCropped(photo.edits));
    print.querySelector("[data-do=let-us]").setAttribute("aria-pressed", String(this.coverFaces.checked));
  }
}
