// How the desk's scripts ask: for JSON, in the language of the page they stand in, which a link may have chosen for
// it alone.
export const asPage = { Accept: "application/json", "Page-Language": document.documentElement.lang };

const me = (page = document) => page.querySelector(".me");

// The token that forms of this page need by now: another one where its reader has signed in anew in another tab, "" where
// they are signed out, or somebody else is in, undefined where there is no such page any more. Throws where the server does
// not answer.
export async function freshToken(address = location.pathname) {
  const response = await fetch(address);
  if (response.redirected) return "";
  if (response.status >= 500) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (me(page)?.textContent !== me().textContent) return "";
  return page.querySelector("main [name=csrf_token]")?.value;
}

const FORBIDDEN = 403;
let token = null; // of a session that began while this page stood here

export const tokenNow = (given) => token ?? given;

// Sends a form; once more, should its reader have signed in anew in another tab since.
export async function sendForm(url, body, more = {}) {
  const post = () => fetch(url, { method: "POST", body, headers: asPage, ...more });
  body.set("csrf_token", tokenNow(body.get("csrf_token")));
  const response = await post();
  const fresh = response.status === FORBIDDEN ? await freshToken(me().href) : null; // their own page: it claims nothing
  if (!fresh || fresh === body.get("csrf_token")) return response;
  token = fresh;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  body.set("csrf_token", token);
  return post();
}
