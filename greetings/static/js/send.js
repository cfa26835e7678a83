// Sends the form of a greeting without leaving the page: photos drawn anew on this device, progress for all to see,
// again by itself when it must wait, and nothing typed or edited is ever lost. It keeps everything in this page's memory
// and nothing on the device, which may be taken away. Without this script the form works as it stands.

import { showCopyButtons } from "./copy.js";
import { lead } from "./lead.js";
import { Editor } from "./photo/editor.js";
import { Tray } from "./photo/tray.js";
import { Words } from "./photo/words.js";
import { figure, percent } from "./numbers.js";
import { Wire } from "./send-wire.js";
import { showShareButton } from "./share.js";
import { unfold } from "./unfold.js";

const TOO_LARGE = 413;
const isAble = document.documentElement.classList.contains("able");

let sender = null;
let hasFreshCode = false; // a receipt stands here that can't be shown again

class Sender {
  constructor(form, photos) {
    this.form = form;
    const place = document.querySelector("[data-words]");
    const dialog = document.querySelector("dialog[data-editor]");
    this.words = new Words(place, form.querySelector("[data-said]"));
    this.tray = new Tray(form, this.words, new Editor(dialog, new Words(place, dialog.querySelector("[data-said]"))), photos);
    this.panel = form.querySelector("[data-waiting]");
    this.wire = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.isSending) this.send();
    });
    this.part("stop").addEventListener("click", () => this.stop());
    this.part("now").addEventListener("click", () => this.wire?.goOn());
    form.querySelector("[data-cover-mine]").addEventListener("click", () => this.coverMine());
    this.arrange();
    this.count();
  }

  part(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  // With a script the order of what is sent is free of the order on the page: the photo comes first for whoever came to
  // send one, and what it needs stands below it. So it is drawn from the beginning; here it is so in the page, too, that
  // the keys go the same way. On a slow line somebody may have begun before: the place that they are in isn't moved.
  arrange() {
    const group = this.part("photos");
    if (this.form.classList.contains("photos-first") && !group.contains(document.activeElement)) {
      this.form.querySelector("details.calm").after(group);
      this.form.classList.remove("photos-first");
    }
    const agreements = this.part("agreements");
    if (!agreements.contains(document.activeElement)) group.append(agreements);
    this.sortSummary();
    for (const place of this.form.querySelectorAll("[data-with-script]")) place.hidden = false;
    for (const place of this.form.querySelectorAll("[data-without-script]")) place.hidden = true;
  }

  // What is missing is named in the order in which one comes to it.
  sortSummary() {
    const list = this.form.querySelector("#error-summary ul");
    const ids = [...this.form.querySelectorAll("[id]")].map((part) => part.id);
    const place = (line) => ids.indexOf(line.querySelector("a").hash.slice(1));
    list?.append(...[...list.children].sort((one, other) => place(one) - place(other)));
  }

  count() {
    const line = this.part("most");
    const { text } = this.form.elements;
    const most = Number(line.dataset.most);
    let isTold = true; // what comes back from the server too long comes with its own sentence
    const tell = () => {
      const length = [...text.value.trim()].length;
      line.hidden = length === 0;
      line.textContent = `${figure(length)} / ${figure(most)}`;
      if (length > most && !isTold) this.words.say(line.dataset.over);
      isTold = length > most;
    };
    text.addEventListener("input", tell);
    tell();
  }

  coverMine() {
    const button = this.tray.list.querySelector("[data-do=cover]:not([hidden])");
    const place = button ?? this.tray.input;
    (button ?? this.form.querySelector(".drop")).scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
    button?.click();
  }

  get holdsSomething() {
    const typed = this.form.querySelectorAll("textarea, input.control");
    return this.tray.photos.length > 0 || [...typed].some((field) => field.value.trim());
  }

  // ---------- sending

  get isSending() {
    return this.wire !== null;
  }

  async send() {
    this.halt("");
    this.wire = new Wire(this.form.action, this);
    this.wait(true);
    await Promise.race([this.tray.settle((number) => this.step("preparing", { number })), this.wire.stopping]);
    const hindrance = this.hindrance;
    const answer = hindrance || this.wire.isStopped ? null : await this.wire.deliver(() => this.pack());
    const { isStopped } = this.wire;
    this.wire = null;
    this.wait(false);
    if (isStopped) this.halt("stopped");
    else if (hindrance) this.halt(hindrance);
    else if (answer) this.take(answer);
    else this.halt("gone");
  }

  stop() {
    this.wire?.stop();
  }

  pack() {
    const body = new FormData(this.form);
    this.tray.addTo(body);
    return body;
  }

  // Why it can't go out, known before anything does; null when nothing stands in the way.
  get hindrance() {
    if (this.tray.stopped) return "unfit";
    return this.tray.totalBytes > Number(this.form.dataset.mostBytes) ? "too-much" : null;
  }

  take(answer) {
    const page = new DOMParser().parseFromString(answer.html, "text/html");
    const letter = page.querySelector(".returned");
    if (page.getElementById("main") && !letter) show(page, this.tray.photos);
    else if (answer.status === TOO_LARGE) this.halt("too-much");
    else if (letter) this.tell([...letter.querySelectorAll("h1, .lede")].map((line) => line.textContent.trim()).join(". "));
    else this.halt("broken");
  }

  // ---------- what the sender sees of it

  // Why it did not go out, beside the button that sends it. Everything stands as it was.
  halt(name) {
    this.tell(name && this.words.text(name));
    if (!name) return;
    const photo = name === "unfit" && this.tray.stopped;
    const place = photo ? this.tray.prints.get(photo).querySelector("[data-do=remove]") : null;
    (place ?? this.form.querySelector("[type=submit]")).focus();
  }

  tell(sentence) {
    const line = this.part("halt");
    line.hidden = !sentence;
    line.querySelector("span").textContent = sentence;
    this.words.say(sentence);
  }

  wait(isOn) {
    this.panel.hidden = !isOn;
    this.form.setAttribute("aria-busy", String(isOn));
    // not form.children, which is the form's field of that name
    for (const part of this.form.querySelectorAll(":scope > :not(.send, [data-said])")) part.inert = isOn;
    const button = this.form.querySelector("[type=submit]");
    button.hidden = isOn;
    if (!isOn) return;
    this.share(0);
    this.pause(null);
    this.panel.scrollIntoView({ block: "nearest" });
    this.panel.querySelector("[data-step]").focus({ preventScroll: true });
  }

  step(name, facts = {}) {
    const sentence = this.words.fill(name, facts);
    if (this.part("step").textContent !== sentence) this.words.say(sentence);
    this.part("step").textContent = sentence;
  }

  share(part) {
    this.panel.querySelector("progress").value = part * 100;
    this.part("percent").textContent = percent(part);
  }

  pause(seconds) {
    this.part("now").hidden = seconds === null;
    this.panel.classList.toggle("pausing", seconds !== null);
    if (seconds === null) return;
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.part("percent").textContent = clock;
  }
}

// Puts the answer in this page's place and takes the reader to what it says. The photos come along.
function show(page, photos) {
  document.title = page.title;
  document.body.replaceWith(document.importNode(page.body, true));
  scrollTo(0, 0);
  prepare(photos);
  showCopyButtons();
  showShareButton();
  hasFreshCode = document.getElementById("receipt-code") !== null;
  hangSent(photos);
  const summary = document.querySelector("[data-focus-errors]");
  const heading = document.querySelector("h1");
  if (!summary) heading?.setAttribute("tabindex", "-1");
  (summary ?? heading)?.focus();
  summary?.addEventListener("click", lead);
}

// The receipt shows what was sent, from this page's own memory: nothing is fetched for it.
function hangSent(photos) {
  const line = document.querySelector("[data-sent]");
  const drawn = photos.filter((photo) => photo.drawn);
  if (!line || !drawn.length) return;
  const list = Object.assign(document.createElement("ul"), { className: "sent-prints" });
  for (const photo of drawn) {
    const { blob, width, height } = photo.drawn;
    const alt = line.dataset.name.replace("{number}", photos.indexOf(photo) + 1);
    const print = document.createElement("li");
    print.append(Object.assign(new Image(width, height), { src: URL.createObjectURL(blob), alt }));
    list.append(print);
  }
  line.after(list);
}

function prepare(photos = []) {
  const form = isAble && document.querySelector("form[data-send]");
  if (form) unfold(document.querySelectorAll("[data-unfold]"));
  sender = form ? new Sender(form, photos) : null;
  if (!sender || !photos.length) return;
  document.querySelector("[data-files-lost]")?.remove();
  for (const line of document.querySelectorAll("[data-place]")) sender.tray.refuse(line);
}

// A slip of the hand (back, reload, another language) asks first, as long as there is something to lose. Whoever
// saves or copies the code, or goes on by a link of the receipt, means it.
addEventListener("beforeunload", (event) => {
  if (!sender?.holdsSomething && !hasFreshCode) return;
  event.preventDefault();
  event.returnValue = true; // what Chrome asked for until the end of 2023
});
for (const kind of ["submit", "copy", "click"]) {
  addEventListener(kind, (event) => {
    if (kind !== "click" || event.target.closest?.("a[href]")) hasFreshCode = false;
  });
}

// Photos that are dropped anywhere on the page, or pasted, are chosen photos. Without this a photo dropped beside the
// field would take the place of the page, with all that was typed.
addEventListener("dragover", (event) => {
  if (sender && event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
addEventListener("drop", (event) => takeFrom(event, event.dataTransfer));
addEventListener("paste", (event) => takeFrom(event, event.clipboardData));

function takeFrom(event, transfer) {
  const files = [...(transfer?.files ?? [])];
  if (!sender || !files.length) return;
  event.preventDefault();
  if (!sender.isSending) sender.tray.take(files);
}

prepare();
