// What lies on this screen is ours for some minutes: told to the server again and again while it can be seen.

import { sendForm, tokenNow } from "./desk-ask.js";

const EVERY_MS = 30_000;
const EMPTY_MS = 5_000; // whoever has nothing to look at waits for what others give back, and for what comes

export class Claims {
  // `held()` gives the benches on this screen; `hear(answer)` gets how much waits and what has changed.
  constructor(url, csrf, held, hear) {
    Object.assign(this, { url, csrf, held, hear });
    this.goOn();
    document.addEventListener("visibilitychange", () => this.renew());
  }

  goOn() {
    const holdsSome = this.held().some((bench) => bench.dataset.id);
    setTimeout(() => this.renew().finally(() => this.goOn()), holdsSome ? EVERY_MS : EMPTY_MS);
  }

  form(benches, more = {}) {
    const body = new FormData();
    body.append("csrf_token", tokenNow(this.csrf));
    for (const [name, value] of Object.entries(more)) body.append(name, value);
    for (const bench of benches) {
      if (bench.dataset.id) body.append("ids", `${bench.dataset.id}:${bench.dataset.version}`);
    }
    return body;
  }

  async renew() {
    if (document.visibilityState !== "visible") return;
    try {
      const response = await sendForm(this.url, this.form(this.held()));
      if (response.ok) this.hear(await response.json());
    } catch {
      // the next time
    }
  }

  // Others may have these at once.
  letGo(benches) {
    if (benches.length) navigator.sendBeacon(this.url, this.form(benches, { do: "let-go" }));
  }
}
