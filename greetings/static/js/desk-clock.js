// Moments of the team's own work, said in the reader's local time. Without this they stand in UTC.

const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });

for (const time of document.querySelectorAll("time[data-clock]")) {
  time.textContent = form.format(new Date(time.dateTime));
}
