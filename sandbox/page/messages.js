// A list of messages that grows at both ends. Each message is drawn once and redrawn only when it changes.

import { fill, h, keepFocus } from "./dom.js";
import { continues, renderMessage } from "./message.js";
import { instantOfTs } from "./time.js";

/** The messages of one conversation or one thread, oldest on top, the newest in sight. */
export class MessageList {
  /**
   * @param {Object} place see `renderMessage`; `values` is added per message
   * @param {() => Promise<void>} [onTop] load older messages; called when the reader comes near the top
   */
  constructor(place, onTop) {
    this.place = place;
    this.entries = [];
    this.values = new Map();
    this.list = h("div", {
      class: "messages",
      role: "log",
      "aria-live": "off",
      "aria-label": "Messages",
      on: { keydown: (event) => this.walk(event) },
    });
    this.top = h("div", { class: "messages-top" });
    // Laid out from the bottom, the list stays at its newest message while it grows, without a line of code.
    this.root = h("div", { class: "scroller" }, h("div", { class: "scrolled" }, this.top, this.list));
    if (onTop) this.watchTop(onTop);
  }

  watchTop(onTop) {
    const seen = (entries) => entries.some((entry) => entry.isIntersecting) && onTop();
    this.observer = new IntersectionObserver(seen, { root: this.root, rootMargin: "600px 0px 0px" });
    this.observer.observe(this.top);
  }

  /** Say what is above, and look again whether it is in sight: a page may not have filled the height. */
  setMore(more) {
    this.top.textContent = more ? "Older messages are on their way…" : "The conversation begins here.";
    this.observer?.unobserve(this.top);
    this.observer?.observe(this.top);
  }

  get oldest() {
    return this.entries.find((entry) => !entry.message.ephemeral)?.message.ts;
  }

  /** Replace everything. */
  reset(messages) {
    this.entries = [];
    fill(this.list);
    this.addOlder(messages);
  }

  /** Add a page in time order before what is there. */
  addOlder(messages) {
    const known = new Set(this.entries.map((entry) => entry.message.ts));
    const added = messages.filter((message) => !known.has(message.ts)).map((message) => this.draw(message));
    this.entries = [...added, ...this.entries];
    this.list.prepend(...added.map((entry) => entry.row));
    for (const index of this.entries.keys()) if (index <= added.length) this.decorate(index);
    this.markWalkable();
  }

  /** Show a message that is new or has changed. @returns {boolean} whether it is new */
  put(message) {
    const at = this.entries.findIndex((entry) => entry.message.ts === message.ts);
    if (at >= 0) this.replace(at, message);
    else this.insert(message);
    return at < 0;
  }

  replace(at, message) {
    const old = this.entries[at];
    const entry = this.draw({ ...message, ephemeral: message.ephemeral ?? old.message.ephemeral });
    keepFocus(old.row, () => {
      old.row.replaceWith(entry.row);
      return entry.row;
    });
    this.entries[at] = entry;
    this.decorate(at);
    this.markWalkable();
  }

  insert(message) {
    const later = this.entries.findIndex((entry) => Number(entry.message.ts) > Number(message.ts));
    const at = later < 0 ? this.entries.length : later;
    const entry = this.draw(message);
    this.list.insertBefore(entry.row, this.entries[at]?.row ?? null);
    this.entries.splice(at, 0, entry);
    this.decorate(at);
    this.decorate(at + 1);
    this.markWalkable();
  }

  remove(ts) {
    const at = this.entries.findIndex((entry) => entry.message.ts === ts);
    if (at < 0) return;
    this.entries[at].row.remove();
    this.entries.splice(at, 1);
    this.decorate(at);
  }

  draw(message) {
    if (!this.values.has(message.ts)) this.values.set(message.ts, new Map());
    const article = renderMessage(message, { ...this.place, values: this.values.get(message.ts) });
    return { message, article, row: h("div", { class: "row" }, article) };
  }

  /** What depends on the neighbour above: the line between days, and messages that continue each other. */
  decorate(index) {
    const entry = this.entries[index];
    if (!entry) return;
    const { store } = this.place;
    const before = this.entries[index - 1]?.message;
    const at = instantOfTs(entry.message.ts);
    const newDay = !before || store.calendar.day(instantOfTs(before.ts)) !== store.calendar.day(at);
    entry.article.classList.toggle("continued", !newDay && continues(entry.message, before, store));
    fill(
      entry.row,
      newDay && h("h2", { class: "day" }, h("span", {}, store.calendar.dayTitle(at, store.now()))),
      entry.article,
    );
  }

  /** One stop for the Tab key: the newest message; from there the arrow keys walk. */
  markWalkable() {
    for (const entry of this.entries.slice(-2)) entry.article.tabIndex = -1;
    if (this.entries.length) this.entries.at(-1).article.tabIndex = 0;
  }

  walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const at = this.entries.findIndex((entry) => entry.article === event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    this.entries[at + step]?.article.focus();
  }
}
