// Sends the form of a greeting without leaving the page: with progress, once however often the button is pressed,
// and again by itself when the house is full or the connection breaks. The key in the form is the same each time,
// so that nothing is received twice. Without this script the form works as it stands.

import { PhotoTray } from "./send-photos.js";

const MOST_TRIES = 8;
const PATIENCE_SECONDS = 5;
const TRY_AGAIN = new Set([503]);

let isSending = false;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// The server's answer, or null when there was none.
function post(url, body, tell) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.addEventListener("progress", (event) => tell(event.loaded / event.total));
    request.addEventListener("load", () => {
      const wait = Number.parseInt(request.getResponseHeader("Retry-After") ?? "", 10);
      done({ status: request.status, html: request.responseText, wait });
    });
    for (const trouble of ["error", "abort", "timeout"]) request.addEventListener(trouble, () => done(null));
    request.send(body);
  });
}

class Sender {
  constructor(form, files) {
    this.form = form;
    this.tray = new PhotoTray(form, files);
    this.waiting = form.querySelector("[data-waiting]");
    this.onTheWay = this.waiting.querySelector("[data-step]").textContent;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!isSending) this.send();
    });
    this.count();
  }

  count() {
    const line = this.form.querySelector("[data-most]");
    const text = this.form.elements.text;
    const figures = new Intl.NumberFormat(document.documentElement.lang);
    const most = Number(line.dataset.most);
    const tell = () => {
      const length = [...text.value.trim()].length;
      line.hidden = length === 0;
      line.textContent = `${figures.format(length)} / ${figures.format(most)}`;
    };
    text.addEventListener("input", tell);
    tell();
  }

  say(sentence) {
    this.waiting.querySelector("[data-step]").textContent = sentence;
  }

  tell(share) {
    this.waiting.querySelector("progress").value = share * 100;
    this.waiting.querySelector("[data-percent]").textContent = `${Math.round(share * 100)} %`;
  }

  wait(isOn) {
    isSending = isOn;
    this.waiting.hidden = !isOn;
    this.form.querySelector("[type=submit]").setAttribute("aria-disabled", String(isOn));
  }

  async send() {
    if (this.tray.totalBytes > Number(this.form.dataset.mostBytes)) {
      this.waiting.hidden = false;
      this.say(this.form.dataset.tooMuch);
      return;
    }
    this.wait(true);
    const body = new FormData(this.form);
    const answer = await this.insist(body);
    this.wait(false);
    if (answer) show(answer, this.tray.files);
    else this.stay();
  }

  // No answer at all, however often we asked: everything stands as it was, and the button is free again.
  stay() {
    this.waiting.hidden = false;
    this.say(this.form.dataset.gone);
    this.tell(0);
  }

  async insist(body) {
    for (let tries = 1; ; tries += 1) {
      this.say(this.onTheWay);
      const answer = await post(this.form.action, body, (share) => this.tell(share));
      const isFinal = answer && !TRY_AGAIN.has(answer.status);
      if (isFinal || tries === MOST_TRIES) return answer;
      this.say(answer ? this.form.dataset.again : this.form.dataset.offline);
      await pause(answer?.wait || PATIENCE_SECONDS);
    }
  }
}

// Puts the answer in this page's place and takes the reader to what it says.
function show(answer, files) {
  const page = new DOMParser().parseFromString(answer.html, "text/html");
  document.title = page.title;
  document.body.replaceWith(document.importNode(page.body, true));
  scrollTo(0, 0);
  const sender = prepare(files);
  if (sender && files.length) {
    document.querySelector("[data-files-lost]")?.remove();
    for (const refused of document.querySelectorAll("[data-place]")) sender.tray.mark(Number(refused.dataset.place));
  }
  const summary = document.querySelector("[data-focus-errors]");
  const heading = document.querySelector("h1");
  if (!summary) heading?.setAttribute("tabindex", "-1");
  (summary ?? heading)?.focus();
  summary?.addEventListener("click", lead);
}

function lead(event) {
  const link = event.target.closest("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

function prepare(files = []) {
  const form = document.querySelector("form[data-send]");
  return form && new Sender(form, files);
}

prepare();
