// The photos that are chosen, as prints on the table: seen, added to and taken away before anything is sent.
// They stay in this page's memory only, so that an answer that brings the form back brings them back, too.

const isSame = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

export class PhotoTray {
  constructor(form, files = []) {
    this.input = form.elements.photos;
    this.list = form.querySelector("[data-prints]");
    this.template = form.querySelector("template[data-print]");
    this.files = [];
    this.urls = [];
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    if (files.length) this.add(files);
  }

  add(files) {
    for (const file of files) if (!this.files.some((known) => isSame(known, file))) this.files.push(file);
    this.show();
  }

  remove(file) {
    const place = this.files.indexOf(file);
    this.files.splice(place, 1);
    this.show();
    const next = this.list.querySelectorAll("button")[Math.min(place, this.files.length - 1)];
    (next ?? this.input).focus();
  }

  // A file the server could not take in: marked, so that it can be told from the others and taken away.
  mark(place) {
    this.list.children[place - 1]?.classList.add("failed");
  }

  get totalBytes() {
    return this.files.reduce((sum, file) => sum + file.size, 0);
  }

  show() {
    const held = new DataTransfer();
    for (const file of this.files) held.items.add(file);
    this.input.files = held.files;
    this.urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
    this.list.replaceChildren(...this.files.map((file) => this.print(file)));
  }

  print(file) {
    const print = this.template.content.firstElementChild.cloneNode(true);
    const picture = print.querySelector("img");
    const button = print.querySelector("button");
    const url = URL.createObjectURL(file);
    this.urls.push(url);
    picture.addEventListener("error", () => {
      picture.parentElement.hidden = true;
      print.querySelector("figcaption").hidden = false;
    });
    picture.alt = print.querySelector("[data-name]").textContent = file.name;
    picture.src = url;
    button.setAttribute("aria-label", `${button.textContent.trim()}: ${file.name}`);
    button.addEventListener("click", () => this.remove(file));
    return print;
  }
}
