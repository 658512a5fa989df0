// A list of messages that grows at both ends. All that were loaded are known; only those around the reader are drawn,
// each once, so that the page stays light however long the conversation is.

import { fill, h, icon, keepFocus } from "./dom.js";
import { continues, renderMessage } from "./message.js";
import { instantOfTs } from "./time.js";

/** How many messages are drawn at most, and by how many the drawn part moves. */
const DRAWN = 300;
const STEP = 100;
const NEAR = 80;

/** The messages of one conversation or one thread, oldest on top, the newest in sight. */
export class MessageList {
  /**
   * @param {Object} place see `renderMessage`; `values` is added per message
   * @param {() => Promise<void>} [onTop] load older messages; called when the reader comes near the top
   */
  constructor(place, onTop = () => {}) {
    Object.assign(this, { place, onTop });
    this.all = [];
    this.from = this.to = 0;
    this.drawn = new Map();
    this.values = new Map();
    this.list = h("div", {
      class: "messages",
      role: "log",
      "aria-live": "off",
      "aria-label": "Messages",
      on: { keydown: (event) => this.walk(event) },
    });
    this.top = h("div", { class: "messages-top" });
    this.bottom = h("div", { class: "messages-bottom" });
    // Laid out from the bottom, the list stays at its newest message while it grows, without a line of code.
    this.scroller = h(
      "div",
      { class: "scroller" },
      h("div", { class: "scrolled" }, this.top, this.list, this.bottom),
    );
    this.newest = this.newestButton();
    this.root = h("div", { class: "scroll-frame" }, this.scroller, this.newest);
    this.watchEnds();
  }

  newestButton() {
    const props = {
      type: "button",
      class: "button newest",
      hidden: true,
      on: { click: () => this.showNewest() },
    };
    this.missed = h("span", {}, "Newest messages");
    this.scroller.addEventListener("scroll", () => this.isFollowing && this.caughtUp(), { passive: true });
    return h("button", props, icon("down"), this.missed);
  }

  /** Draw more where the reader comes near an end of what is drawn. */
  watchEnds() {
    const seen = (entries) => {
      const inSight = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      if (inSight.includes(this.top)) this.goUp();
      if (inSight.includes(this.bottom)) this.goDown();
    };
    this.observer = new IntersectionObserver(seen, { root: this.scroller, rootMargin: "600px 0px" });
    this.lookAgain();
  }

  /** Ask anew whether an end is in sight: a page may not have filled the height. */
  lookAgain() {
    for (const end of [this.top, this.bottom]) {
      this.observer.unobserve(end);
      this.observer.observe(end);
    }
  }

  goUp() {
    if (this.from) this.moveTo(this.from - STEP, this.from - STEP + DRAWN);
    else this.onTop();
  }

  goDown() {
    if (this.to < this.all.length) this.moveTo(this.to + STEP - DRAWN, this.to + STEP);
  }

  moveTo(from, to) {
    this.show(from, to);
    this.lookAgain();
  }

  /** Say what is above the oldest message. */
  setMore(more) {
    this.top.textContent = more ? "Older messages are on their way…" : "The conversation begins here.";
    this.lookAgain();
  }

  get oldest() {
    return this.all.find((message) => !message.ephemeral)?.ts;
  }

  /** Whether the newest message is in sight. The scroll position counts from the bottom. */
  get isFollowing() {
    return this.isAtEnd && Math.abs(this.scroller.scrollTop) < NEAR;
  }

  /** Whether the newest message is drawn. */
  get isAtEnd() {
    return this.to === this.all.length;
  }

  /** Replace everything. */
  reset(messages) {
    this.all = messages;
    this.forget();
    this.showNewest();
  }

  /** Draw everything anew, at the same place. */
  redraw() {
    const { scrollTop } = this.scroller;
    keepFocus(this.list, () => {
      this.forget();
      this.show(this.from, this.to);
    });
    this.scroller.scrollTop = scrollTop;
  }

  forget() {
    this.drawn.clear();
    fill(this.list);
  }

  /** Add a page in time order before what is there. */
  addOlder(messages) {
    const known = new Set(this.all.map((message) => message.ts));
    const added = messages.filter((message) => !known.has(message.ts));
    this.all = [...added, ...this.all];
    this.from += added.length;
    this.to += added.length;
    if (added.length) this.show(this.from - STEP, this.from - STEP + DRAWN);
  }

  /** Show messages that are new or have changed. @returns {Object[]} the new ones */
  put(messages) {
    const { isFollowing, isAtEnd } = this;
    const fresh = messages.filter((message) => this.settle(message));
    const end = this.all.length;
    if (isFollowing) this.show(Math.max(this.from, end - DRAWN), end, null);
    else this.show(this.from, isAtEnd ? Math.min(end, this.from + DRAWN) : this.to);
    if (!isFollowing && fresh.length) this.tellMissed(fresh.length);
    return fresh;
  }

  /** @returns {boolean} whether it is new */
  settle(message) {
    const at = this.indexOf(message.ts);
    const before = this.all[at];
    if (before?.ts !== message.ts) {
      this.all.splice(at, 0, message);
      if (at < this.from) this.from += 1;
      if (at < this.to) this.to += 1;
      return true;
    }
    this.all[at] = { ...message, ephemeral: message.ephemeral ?? before.ephemeral };
    if (this.drawn.has(message.ts)) this.replace(this.all[at]);
    return false;
  }

  /** Where a message stands, or would stand. */
  indexOf(ts) {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.all[middle].ts) < Number(ts)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  replace(message) {
    const old = this.drawn.get(message.ts);
    const entry = this.draw(message);
    keepFocus(old.row, () => {
      old.row.replaceWith(entry.row);
      return entry.article;
    });
  }

  remove(ts) {
    const at = this.indexOf(ts);
    if (this.all[at]?.ts !== ts) return;
    this.all.splice(at, 1);
    if (at < this.from) this.from -= 1;
    if (at < this.to) this.to -= 1;
    this.show(this.from, this.to);
  }

  showNewest() {
    this.show(this.all.length - STEP, this.all.length, null);
    this.scroller.scrollTop = 0;
    this.caughtUp();
    this.lookAgain();
  }

  tellMissed(count) {
    this.missedCount = (this.missedCount ?? 0) + count;
    this.missed.textContent = `${this.missedCount} new ${this.missedCount === 1 ? "message" : "messages"}`;
    this.newest.hidden = false;
  }

  caughtUp() {
    this.missedCount = 0;
    this.newest.hidden = true;
  }

  /**
   * Draw the messages from one index to before another, and nothing else.
   * @param {Element|null} anchor the row that stays where it is in the window
   */
  show(from, to, anchor = this.inSight()) {
    const before = anchor?.getBoundingClientRect().top;
    this.to = Math.min(Math.max(to, 0), this.all.length);
    this.from = Math.max(Math.min(from, this.to), 0);
    this.drawMissing(this.all.slice(this.from, this.to));
    if (anchor?.isConnected) this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** The first row the reader sees; none where the newest message is in sight, since there the bottom stays. */
  inSight() {
    if (this.isFollowing) return null;
    const edge = this.scroller.getBoundingClientRect().top;
    return [...this.list.children].find((row) => row.getBoundingClientRect().bottom > edge);
  }

  drawMissing(wanted) {
    const kept = new Set(wanted.map((message) => message.ts));
    for (const [ts, { row }] of this.drawn)
      if (!kept.has(ts)) {
        row.remove();
        this.drawn.delete(ts);
      }
    let next = this.list.firstChild;
    let above = null;
    for (const message of wanted) {
      const entry = this.drawn.get(message.ts) ?? this.draw(message);
      if (entry.row === next) next = next.nextSibling;
      else this.list.insertBefore(entry.row, next);
      this.decorate(entry, above);
      above = entry;
    }
    this.markWalkable(above);
  }

  draw(message) {
    if (!this.values.has(message.ts)) this.values.set(message.ts, new Map());
    const article = renderMessage(message, { ...this.place, values: this.values.get(message.ts) });
    const day = this.place.store.calendar.day(instantOfTs(message.ts));
    const entry = { message, article, day, row: h("div", { class: "row" }, article) };
    this.drawn.set(message.ts, entry);
    return entry;
  }

  /** What depends on the neighbour above: the line between days, and messages that continue each other. */
  decorate(entry, above) {
    const { store } = this.place;
    const newDay = above?.day !== entry.day;
    entry.article.classList.toggle("continued", !newDay && continues(entry.message, above?.message, store));
    if (newDay === (entry.newDay ?? false)) return;
    entry.newDay = newDay;
    const title = () => store.calendar.dayTitle(instantOfTs(entry.message.ts), store.now());
    // The message itself stays where it is: moved, it would lose the keyboard.
    if (newDay) entry.row.prepend(h("h2", { class: "day" }, h("span", {}, title())));
    else entry.row.firstChild.remove();
  }

  /** One stop for the Tab key: the newest message; from there the arrow keys walk. */
  markWalkable(newest) {
    if (this.walkable && this.walkable !== newest?.article) this.walkable.tabIndex = -1;
    this.walkable = newest?.article;
    if (newest) newest.article.tabIndex = 0;
  }

  /** Put the keyboard on a message, if it is drawn. */
  focus(ts) {
    this.drawn.get(ts)?.article.focus();
  }

  walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const { ts } = event.target.dataset;
    if (!step || !ts) return;
    event.preventDefault();
    this.focus(this.all[this.indexOf(ts) + step]?.ts);
  }
}
