// Lets the browser fill in who somebody is, or no longer, here in the page: nothing typed is lost. Without this the link
// opens the page anew. Heard at the document, since a form that comes back takes the place of the page's body.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-fill] a");
  if (!link) return;
  event.preventDefault();
  const line = link.closest("[data-fill]");
  const form = link.closest("form");
  const sentence = line.querySelector("span");
  form.action = link.href; // should the page come back, then as it is now
  const fills = new URL(link.href).searchParams.has("fill");
  for (const field of form.querySelectorAll("[data-purpose]")) field.autocomplete = fills ? field.dataset.purpose : "off";
  const { then, link: name, address } = line.dataset;
  Object.assign(line.dataset, { then: sentence.textContent, link: link.textContent, address: link.href });
  sentence.textContent = then;
  link.textContent = name;
  link.href = address;
});
