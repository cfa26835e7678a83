// Fetches a page of our own as a document, so that a part of it can be taken over.

export const LOST = "network"; // what an error says when no answer came at all
const PATIENCE_MS = 12_000;

export function fetchPage(address) {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open("GET", address);
    ask.responseType = "document";
    ask.timeout = PATIENCE_MS;
    ask.onload = () => (ask.status === 200 && ask.response ? resolve(ask.response) : reject(new Error(ask.status)));
    ask.onerror = ask.ontimeout = () => reject(new Error(LOST));
    ask.send();
  });
}
