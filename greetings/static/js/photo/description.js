// What can be seen in one photo, in words: a field below its print, which goes wherever the photo goes.

let made = 0; // ids must differ, and places change

export class Description {
  constructor(place, photo) {
    made += 1;
    this.place = place;
    this.field = place.querySelector("textarea");
    this.label = place.querySelector("label");
    const hint = place.querySelector(".hint");
    this.field.id = this.label.htmlFor = `description-${made}`;
    hint.id = `${this.field.id}-hint`;
    this.field.setAttribute("aria-describedby", hint.id);
    this.field.value = photo.description;
    place.open = photo.description !== "";
    this.field.addEventListener("input", () => (photo.description = this.field.value));
  }

  get id() {
    return this.field.id;
  }

  // Heard among others of its kind, by the photo it is about.
  callBy(title) {
    for (const part of [this.field, this.place.querySelector("summary")]) {
      const said = part === this.field ? this.label : part;
      part.setAttribute("aria-label", `${said.textContent.trim()} ${title}`);
    }
  }

  // The server found it too long: its sentence stands at the field.
  remark(line) {
    const remarks = this.place.querySelector("[data-remarks]");
    remarks.append(line);
    remarks.id = `${this.id}-error`;
    this.field.setAttribute("aria-describedby", `${this.field.getAttribute("aria-describedby")} ${remarks.id}`);
    this.field.setAttribute("aria-invalid", "true");
  }
}

// The form's own field, a line for each photo in their order. It stands where no script runs, and holds here what was
// written before photos were chosen, or before this script came.
export class Lines {
  constructor(form, photos) {
    this.field = form.elements.descriptions;
    this.place = this.field.closest("[data-descriptions]");
    this.take(photos.length); // photos that come along know what is said of them
  }

  take(count) {
    const lines = this.field.value.split("\n");
    this.field.value = lines.slice(count).join("\n");
    return lines.slice(0, count);
  }

  handOut(photos) {
    const lines = this.take(photos.length);
    photos.forEach((photo, place) => (photo.description = lines[place] ?? ""));
  }

  show() {
    this.place.hidden = !this.field.value.trim();
  }

  addTo(body, photos) {
    const said = photos.map(({ description }) => description.replace(/\s+/g, " ").trim());
    body.set("descriptions", [...said, ...(this.field.value.trim() ? [this.field.value] : [])].join("\n"));
  }
}
