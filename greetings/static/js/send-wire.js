// Brings a greeting to the server, however often it takes: when the house is full or asks to wait, and when the
// connection breaks, it waits for all to see and goes on by itself. The key in the form is the same each time, so
// that nothing is received twice.

const FIRST_PAUSE_SECONDS = 4;
const LONGEST_PAUSE_SECONDS = 60;
const PATIENCE_MS = 15 * 60 * 1000;
const STALLED_MS = 60_000; // nothing has moved for so long: the connection is gone though nobody said so
const ANSWER_MS = 180_000;
const SPREAD = 0.2; // so that a crowd that was sent away doesn't come back as one
const MOST_SPREAD_SECONDS = 8;
const TOO_OFTEN = 429;
const PASSING = new Set([408, TOO_OFTEN, 502, 503, 504]); // 408: it came in too slowly to be waited for

export class Wire {
  // `show` has the methods step(name), share(0 to 1), pause(seconds or null).
  constructor(url, show) {
    this.url = url;
    this.show = show;
    this.isStopped = false;
    this.stopping = new Promise((done) => (this.tellStopped = done));
    this.goOn = () => {};
    this.request = null;
    this.again = () => this.goOn();
    addEventListener("online", this.again);
  }

  // The last answer, or null without any. `pack` makes the body, each time anew.
  async deliver(pack) {
    const until = Date.now() + PATIENCE_MS;
    try {
      for (let tries = 1; ; tries += 1) {
        this.show.step("on-its-way");
        const answer = await this.post(pack());
        const isFinal = answer && !PASSING.has(answer.status);
        if (isFinal || this.isStopped || Date.now() > until) return answer;
        this.show.step(stepAfter(answer));
        await this.pause(secondsAfter(answer, tries));
        if (this.isStopped) return null;
      }
    } finally {
      removeEventListener("online", this.again);
    }
  }

  // Not with fetch, which doesn't tell how much has gone out.
  post(body) {
    return new Promise((done) => {
      const request = (this.request = new XMLHttpRequest());
      request.open("POST", this.url);
      let patience = setTimeout(() => request.abort(), STALLED_MS);
      const listen = (patienceMs) => {
        clearTimeout(patience);
        patience = setTimeout(() => request.abort(), patienceMs);
      };
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        listen(loaded < total ? STALLED_MS : ANSWER_MS);
        this.show.share(total ? loaded / total : 0);
      });
      request.addEventListener("load", () => {
        const wait = Number.parseInt(request.getResponseHeader("Retry-After") ?? "", 10);
        done({ status: request.status, html: request.responseText, wait });
      });
      request.addEventListener("error", () => done(null));
      request.addEventListener("abort", () => done(null));
      request.addEventListener("loadend", () => clearTimeout(patience));
      request.send(body);
    });
  }

  pause(seconds) {
    return new Promise((done) => {
      const until = Date.now() + seconds * 1000;
      const tick = () => {
        const left = Math.ceil((until - Date.now()) / 1000);
        if (left > 0) this.show.pause(left);
        else this.goOn();
      };
      const clock = setInterval(tick, 500);
      this.goOn = () => {
        clearInterval(clock);
        this.goOn = () => {};
        this.show.pause(null);
        done();
      };
      tick();
    });
  }

  stop() {
    this.isStopped = true;
    this.tellStopped();
    this.request?.abort();
    this.goOn();
  }
}

function stepAfter(answer) {
  if (answer?.status === TOO_OFTEN) return "too-often";
  return answer ? "busy" : "offline";
}

function secondsAfter(answer, tries) {
  const seconds = answer?.wait || Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1));
  return seconds + Math.random() * Math.min(seconds * SPREAD, MOST_SPREAD_SECONDS);
}
