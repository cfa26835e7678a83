// Lets the browser fill in who somebody is, or no longer, here in the page: nothing typed is lost. Without this the link
// opens the page anew.
const line = document.querySelector("[data-fill]");
const form = line.closest("form");
const sentence = line.querySelector("span");
const link = line.querySelector("a");

link.addEventListener("click", (event) => {
  event.preventDefault();
  form.action = link.href; // should the page come back, then as it is now
  const fills = new URL(link.href).searchParams.has("fill");
  for (const field of form.querySelectorAll("[data-purpose]")) field.autocomplete = fills ? field.dataset.purpose : "off";
  const { then, link: name, address } = line.dataset;
  Object.assign(line.dataset, { then: sentence.textContent, link: link.textContent, address: link.href });
  sentence.textContent = then;
  link.textContent = name;
  link.href = address;
});
