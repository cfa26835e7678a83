// How the desk's scripts ask: for JSON, in the language of the page they stand in, which a link may have chosen for
// it alone.
export const asPage = { Accept: "application/json", "Page-Language": document.documentElement.lang };

// The token that forms of this page need by now: another one where its reader has signed in anew in another tab, "" where
// nobody is signed in, undefined where there is no such page any more. Throws where the server does not answer.
export async function freshToken() {
  const response = await fetch(location.pathname);
  if (response.redirected) return "";
  if (response.status >= 500) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main [name=csrf_token]")?.value;
}
