// A card is pulled aside by one finger: to the right and to the left something else is done. What would be done is said
// under the card all the while, pale until it counts. Scrolling stays the browser's: only what begins clearly sideways is
// ours, and a second finger, a way back or a finger that leaves early ends it without a decision.

const SLIP_PX = 10; // below this nobody knows yet where it goes
const STEEP = 0.6; // more upright than this is scrolling
const EDGE_PX = 24; // at the edge of the screen a swipe means the browser's own way back
const SHARE = 0.4; // of the card's width: from here on it counts
const LEAST_PX = 72;
const MOST_PX = 120;
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

export class Swipe {
  // `find(target)` gives the card under a finger, or nothing; `offer(card, side)` the word, look and act of a side
  // ("left" or "right"), or nothing. The act may return a promise: the card lies back when it is done.
  constructor(root, find, offer) {
    Object.assign(this, { root, find, offer, hold: null });
    root.addEventListener("pointerdown", (event) => this.begin(event));
    root.addEventListener("pointermove", (event) => this.pull(event));
    root.addEventListener("pointerup", (event) => this.letGo(event));
    // else the browser takes it for a tap at its end, or for a scroll that rolls on and the next tap for the end of that
    root.addEventListener("touchmove", (event) => this.hold?.isOurs && event.cancelable && event.preventDefault(), { passive: false });
    root.addEventListener("pointercancel", () => this.end());
  }

  begin(event) {
    if (event.pointerType !== "touch") return;
    if (!event.isPrimary) return this.end(); // two fingers mean something else
    const card = this.find(event.target);
    const isAtEdge = event.clientX < EDGE_PX || event.clientX > innerWidth - EDGE_PX;
    if (card && !isAtEdge) this.hold = { card, id: event.pointerId, x: event.clientX, y: event.clientY, dx: 0 };
  }

  pull(event) {
    const { hold } = this;
    if (!hold || event.pointerId !== hold.id) return;
    const [dx, dy] = [event.clientX - hold.x, event.clientY - hold.y];
    if (!hold.isOurs) {
      if (Math.hypot(dx, dy) < SLIP_PX) return;
      if (Math.abs(dy) > STEEP * Math.abs(dx)) return (this.hold = null);
      this.take(hold);
    }
    hold.dx = dx;
    this.show(hold);
  }

  take(hold) {
    hold.isOurs = true;
    hold.width = hold.card.offsetWidth;
    hold.enough = Math.min(Math.max(hold.width * SHARE, LEAST_PX), MOST_PX);
    hold.under = document.createElement("div");
    hold.under.setAttribute("aria-hidden", true);
    hold.under.append(document.createElement("span"));
    const { offsetLeft, offsetTop, offsetHeight } = hold.card;
    const lowered = hold.y - hold.card.getBoundingClientRect().top; // the word stands where the finger is
    Object.assign(hold.under.style, { paddingTop: `${Math.max(lowered - 12, 8)}px`, left: `${offsetLeft}px`, top: `${offsetTop}px`, width: `${hold.width}px`, height: `${offsetHeight}px` });
    hold.card.before(hold.under);
    hold.card.classList.add("swiping");
    this.root.setPointerCapture?.(hold.id);
  }

  show(hold) {
    const side = hold.dx < 0 ? "left" : "right";
    hold.offered = this.offer(hold.card, side);
    hold.isArmed = Boolean(hold.offered) && Math.abs(hold.dx) >= hold.enough;
    hold.under.className = ["swipe-under", side, hold.offered?.look, hold.isArmed && "armed"].filter(Boolean).join(" ");
    hold.under.firstChild.textContent = hold.offered?.word ?? "";
    const way = hold.offered ? hold.dx : Math.sign(hold.dx) * Math.min(Math.abs(hold.dx) / 4, 24);
    if (isCalm.matches) hold.under.style.zIndex = 2; // nothing moves: the word comes over the card instead
    else hold.card.style.left = `${way}px`; // a transform would hold what is fixed inside
  }

  letGo(event) {
    const { hold } = this;
    if (!hold || event.pointerId !== hold.id) return;
    if (!hold.isOurs || !hold.isArmed) return this.end();
    this.hold = null;
    Promise.resolve(hold.offered.act(hold.card)).finally(() => this.layBack(hold));
  }

  end() {
    const { hold } = this;
    this.hold = null;
    if (hold?.isOurs) this.layBack(hold);
  }

  layBack({ card, under }) {
    card.classList.replace("swiping", "settling");
    card.style.left = "";
    const done = () => {
      under.remove();
      card.classList.remove("settling");
    };
    if (isCalm.matches) done();
    else setTimeout(done, 260);
  }
}
