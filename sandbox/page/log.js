// What passed between the app and the sandbox, newest at the bottom; what was refused stands out with its reason.

import { fill, h, iconButton } from "./dom.js";
import { sandbox } from "./api.js";

const KEPT = 500;
const TITLES = ["Time", "Kind", "Name", "Who", "Result", "Took"];

/** The log at the bottom of the page; empty until somebody opens it. */
export class LogPane {
  constructor(store, onClose) {
    this.store = store;
    this.last = 0;
    this.rows = h("tbody");
    const heads = TITLES.map((title) => h("th", { scope: "col" }, title));
    const table = h("table", {}, h("thead", {}, h("tr", {}, heads)), this.rows);
    this.scroller = h("div", { class: "log-rows", tabIndex: 0 }, table);
    const props = { class: "log", hidden: true, "aria-label": "Log of calls and deliveries", id: "log" };
    this.root = h("section", props, this.heading(onClose), this.scroller);
  }

  heading(onClose) {
    const change = (event) => this.root.classList.toggle("only-refused", event.currentTarget.checked);
    const filter = h(
      "label",
      { class: "choice" },
      h("input", { type: "checkbox", on: { change } }),
      "Refused only",
    );
    const close = iconButton("close", "Close the log", onClose);
    return h("header", {}, h("h2", {}, "Calls and deliveries"), filter, close);
  }

  /** @returns {Promise<boolean>} whether it is open now */
  async toggle() {
    this.root.hidden = !this.root.hidden;
    if (!this.root.hidden) await this.store.attempt(() => this.load());
    return !this.root.hidden;
  }

  async load() {
    const answer = await sandbox.log(this.last);
    for (const entry of answer.entries) this.add(entry);
  }

  /** Begin anew: a sandbox that was restarted counts from one. */
  async reset() {
    this.last = 0;
    fill(this.rows);
    if (!this.root.hidden) await this.load();
  }

  /** Add an entry. A closed log catches up when it is opened. */
  add(entry) {
    if (this.root.hidden || entry.n <= this.last) return;
    const following = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 40;
    this.rows.append(this.row(entry));
    this.last = entry.n;
    while (this.rows.children.length > KEPT) this.rows.firstChild.remove();
    if (following) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  row(entry) {
    const at = Date.parse(entry.at);
    const result = entry.ok ? "ok" : [entry.error, entry.detail].filter(Boolean).join(": ");
    return h(
      "tr",
      { class: entry.ok ? null : "refused" },
      h("td", {}, this.store.calendar.words("seconds", at)),
      h("td", {}, entry.kind),
      h("td", {}, h("code", {}, entry.name)),
      h("td", {}, entry.who && this.store.nameOf(entry.who)),
      h("td", {}, entry.ok && entry.detail ? `ok: ${entry.detail}` : result),
      h("td", {}, entry.ms == null ? "" : `${Math.round(entry.ms)} ms`),
    );
  }
}
