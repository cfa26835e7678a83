// Moments of the team's own work, said in the reader's local time, in the words of the page: browsers don't know the
// months of every language. Without this they stand in UTC.

const forms = JSON.parse(document.body.dataset.clockForms);
const twoFigures = (number) => String(number).padStart(2, "0");

function localMoment(iso, length = "long") {
  const at = new Date(iso);
  const { day, months } = forms[length];
  const said = day.replace("{day}", at.getDate()).replace("{month}", months[at.getMonth()]).replace("{year}", at.getFullYear());
  return `${said}, ${twoFigures(at.getHours())}:${twoFigures(at.getMinutes())}`;
}

export function sayLocally(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) time.textContent = localMoment(time.dateTime, time.dataset.clock);
}

// A sentence of the server's with the moment that stands in it.
export function withLocalMoment({ message, moment }) {
  return moment ? message.replace(moment.said, localMoment(moment.at)) : message;
}

sayLocally(document);
