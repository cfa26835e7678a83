// Moments of the team's own work, said in the reader's local time. Without this they stand in UTC.

const page = document.documentElement.lang;
const language = page === "en" ? "en-GB" : page; // the order of day and month that the rest of the page has
const form = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

export function sayLocally(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) time.textContent = form.format(new Date(time.dateTime));
}

sayLocally(document);
