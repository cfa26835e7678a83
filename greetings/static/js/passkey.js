// Passkeys: asks the device, puts its answer into the form and sends it as any form is sent, so that whatever is to
// be said about it is a page of the server, in the reader's language. Shown only where the browser can do it.

import { asPage } from "./desk-ask.js";
import { unfold } from "./unfold.js";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

function worksAt(domain) {
  return Boolean(window.PublicKeyCredential && navigator.credentials) && location.hostname === domain;
}

async function made(form) {
  const options = JSON.parse(form.dataset.options);
  const { id, response } = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });
  return { id, clientDataJSON: toText(response.clientDataJSON), attestationObject: toText(response.attestationObject) };
}

async function asked(form) {
  const answer = await fetch(form.dataset.question, { headers: asPage });
  if (!answer.ok) throw new Error(`no question: ${answer.status}`);
  const options = await answer.json();
  const { id, response } = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: named(options.allowCredentials),
    },
  });
  return {
    id,
    clientDataJSON: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: response.userHandle ? toText(response.userHandle) : "",
  };
}

function sentenceFor(form, error) {
  if (error.name === "InvalidStateError") return form.dataset.known;
  return ["NotAllowedError", "AbortError"].includes(error.name) ? form.dataset.stopped : form.dataset.failed;
}

async function answer(form) {
  const button = form.querySelector("button");
  const said = form.querySelector("[data-passkey-said]");
  button.disabled = true;
  said.textContent = form.dataset.waiting;
  try {
    const found = form.dataset.passkey === "make" ? await made(form) : await asked(form);
    form.querySelector("input[name$=answer]").value = JSON.stringify(found);
    form.submit(); // the button stays off: a question is answered once
  } catch (error) {
    said.textContent = sentenceFor(form, error);
    button.disabled = false;
    button.focus();
  }
}

// the parts that a browser can use here, or the sentence that says why not
const canHere = worksAt(document.querySelector("[data-domain]")?.dataset.domain);
unfold(document.querySelectorAll(canHere ? "[data-passkey-part]" : "[data-passkey-else]"));

const forms = [...document.querySelectorAll("form[data-passkey]")];
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}

// Back from the cache of the browser, after the way back was pressed: what was switched off works again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of forms) form.querySelector("button").disabled = false;
});
