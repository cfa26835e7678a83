// Moments of the team's own work, said in the reader's local time. Without this they stand in UTC.

const page = document.documentElement.lang;
const language = page === "en" ? "en-GB" : page; // the order of day and month that the rest of the page has
// browsers that don't know the language (few know Belarusian) would say the month in another one: figures, then
const isKnown = Intl.DateTimeFormat.supportedLocalesOf([language]).length > 0;
const clock = { hour: "2-digit", minute: "2-digit" };
const forms = isKnown
  ? { long: new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }), short: new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...clock }) }
  : { long: new Intl.DateTimeFormat("ru", { dateStyle: "short", timeStyle: "short" }), short: new Intl.DateTimeFormat("ru", { day: "2-digit", month: "2-digit", ...clock }) };

export function sayLocally(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) time.textContent = forms[time.dataset.clock || "long"].format(new Date(time.dateTime));
}

sayLocally(document);
