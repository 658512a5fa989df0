// What passed between the app and the sandbox, newest at the bottom; what was refused stands out with its reason.

import { fill, h } from "./dom.js";
import { sandbox } from "./api.js";

const KEPT = 500;
const TITLES = ["Time", "Kind", "Name", "Who", "Result", "Took"];
const NEAR = 40;

/** The log; empty until somebody opens it. */
export class LogPane {
  constructor(store) {
    this.store = store;
    this.last = 0;
    this.waiting = null;
    this.isShown = false;
    this.filter = { refused: false, words: "" };
    this.rows = h("tbody");
    const heads = TITLES.map((title) => h("th", { scope: "col" }, title));
    const table = h("table", {}, h("thead", {}, h("tr", {}, heads)), this.rows);
    const props = { class: "log-rows", tabIndex: 0, role: "region", "aria-label": "Calls and deliveries" };
    this.scroller = h("div", props, table);
    this.count = h("span", { class: "log-count", role: "status" });
    this.root = h("div", { class: "log" }, this.tools(), this.scroller);
  }

  tools() {
    const refused = (event) => this.narrow({ refused: event.currentTarget.checked });
    const words = (event) => this.narrow({ words: event.currentTarget.value.trim().toLowerCase() });
    const box = h("input", { type: "checkbox", on: { change: refused } });
    const search = { type: "search", class: "input", placeholder: "Filter", "aria-label": "Filter the log" };
    return h(
      "div",
      { class: "drawer-tools" },
      h("label", { class: "choice" }, box, "Refused only"),
      h("input", { ...search, on: { input: words } }),
      this.count,
    );
  }

  /** The tab of the log came to the front, or went away. A log nobody looks at catches up when it is opened. */
  shown(isShown) {
    this.isShown = isShown;
    if (isShown) this.store.attempt(() => this.load());
  }

  /** What comes live meanwhile is newer than the answer, and waits for it. */
  async load() {
    this.waiting = [];
    try {
      this.append((await sandbox.log(this.last)).entries);
    } finally {
      const { waiting } = this;
      this.waiting = null;
      this.append(waiting);
    }
  }

  /** Begin anew: a sandbox that was restarted counts from one. */
  async reset() {
    this.last = 0;
    fill(this.rows);
    if (this.isShown) await this.load();
  }

  /** Entries that come live. */
  add(entries) {
    if (this.waiting) this.waiting.push(...entries);
    else if (this.isShown) this.append(entries);
  }

  /** Add entries; a reader who looks at older ones keeps the place. */
  append(entries) {
    const fresh = entries.filter((entry) => entry.n > this.last);
    if (!fresh.length) return;
    const { scroller } = this;
    const isFollowing = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    this.last = fresh.at(-1).n;
    this.rows.append(...fresh.slice(-KEPT).map((entry) => this.row(entry)));
    const surplus = this.rows.children.length - KEPT;
    const before = scroller.scrollHeight;
    for (const row of [...this.rows.children].slice(0, Math.max(surplus, 0))) row.remove();
    if (isFollowing) scroller.scrollTop = scroller.scrollHeight;
    else scroller.scrollTop -= before - scroller.scrollHeight;
    this.tellCount();
  }

  narrow(change) {
    Object.assign(this.filter, change);
    for (const row of this.rows.children) row.hidden = !this.fits(row);
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.tellCount();
  }

  fits(row) {
    const { refused, words } = this.filter;
    return (!refused || row.className !== "") && row.textContent.toLowerCase().includes(words);
  }

  tellCount() {
    const all = [...this.rows.children];
    const left = all.filter((row) => !row.hidden).length;
    this.count.textContent = left === all.length ? `${left} entries` : `${left} of ${all.length} entries`;
  }

  row(entry) {
    const row = h(
      "tr",
      { class: lookOf(entry) },
      this.cells(entry).map((cell) => h("td", {}, cell)),
    );
    row.hidden = !this.fits(row);
    return row;
  }

  cells(entry) {
    return [
      this.store.calendar.words("seconds", Date.parse(entry.at)),
      entry.kind,
      h("code", {}, entry.name),
      entry.who && this.store.nameOf(entry.who),
      resultOf(entry),
      entry.ms == null ? "" : `${Math.round(entry.ms)} ms`,
    ];
  }
}

/** What went wrong because somebody wished so, and not because of the app, is marked as such. */
const isInjected = (entry) => entry.kind === "fault";

function lookOf(entry) {
  if (isInjected(entry)) return "injected";
  return entry.ok ? null : "refused";
}

function resultOf(entry) {
  if (isInjected(entry)) return [h("span", { class: "fault-mark" }, "Injected"), " ", entry.detail];
  if (!entry.ok) return [entry.error ?? "refused", entry.detail].filter(Boolean).join(": ");
  return entry.detail ? `ok: ${entry.detail}` : "ok";
}
