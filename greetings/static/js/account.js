// What only scripts can serve on the page of one's own account.
import { offerKeys } from "./desk-keys.js";
import { unfold } from "./unfold.js";

unfold(document.querySelectorAll("[data-keys-part]"));
offerKeys();
