// Numbers as the page's language writes them; browsers without Belarusian would write them as in English.

const languages = [document.documentElement.lang, "ru"];
const figures = new Intl.NumberFormat(languages);
const shares = new Intl.NumberFormat(languages, { style: "percent" });

export const figure = (value) => figures.format(value);

// A share of one, in whole hundredths.
export const percent = (share) => shares.format(share);
