// Says below a place for photos which files were chosen: where scripts run, the browser's own control, which would say it
// in its own language, lies unseen over the place (see able.js).

for (const said of document.querySelectorAll(".drop + [data-chosen]")) {
  const input = said.previousElementSibling.querySelector("input");
  input.addEventListener("change", () => {
    said.textContent = [...input.files].map((file) => file.name).join(", ");
  });
}
