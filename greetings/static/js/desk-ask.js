// How the desk's scripts ask: for JSON, in the language of the page they stand in, which a link may have chosen for
// it alone.

export const asPage = { Accept: "application/json", "Page-Language": document.documentElement.lang };
