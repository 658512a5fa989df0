// Modals. The sandbox keeps the stack; the page shows its top and remembers what was filled in on each view.

import { renderBlocks, showErrors } from "./blocks.js";
import { fill, h, icon, keepFocus, standIn } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { Surface } from "./surface.js";

/** Slack's most views on top of each other. */
const STACK = 3;

/** The window for the stack of open views. */
export class Modal {
  constructor(store, hands) {
    Object.assign(this, { store, hands });
    this.stack = [];
    this.values = new Map();
    this.shown = null;
    this.syncing = Promise.resolve();
    this.dialog = h("dialog", {
      class: "dialog modal",
      "aria-labelledby": "modal-title",
      on: { cancel: (event) => this.escaped(event), close: () => this.closed() },
    });
  }

  /** Ask for the stack as it is now, and show it; one question at a time, so that the last answer is the newest. */
  sync() {
    this.syncing = this.syncing.then(() => this.store.attempt(() => this.fetchStack()));
    return this.syncing;
  }

  async fetchStack() {
    const answer = await this.hands.views();
    this.stack = answer.views;
    for (const id of this.values.keys())
      if (!this.stack.some((view) => view.id === id)) this.values.delete(id);
    this.show();
  }

  show() {
    const top = this.stack.at(-1);
    const before = this.shown;
    this.shown = top && { id: top.id, hash: top.hash, depth: this.stack.length };
    if (!top) this.vanish();
    else if (JSON.stringify(before) !== JSON.stringify(this.shown)) this.appear(top, before?.id === top.id);
    else if (!this.dialog.open) this.dialog.showModal();
  }

  appear(view, wasThere) {
    if (!this.dialog.open) this.opener = document.activeElement;
    keepFocus(this.dialog, () => this.draw(view, wasThere));
    if (!this.dialog.open) this.dialog.showModal();
    if (!wasThere) this.focusFirst();
  }

  /** The keyboard goes back to where it was; what stood there may have been drawn anew since. */
  vanish() {
    this.dialog.close();
    fill(this.dialog);
    const { opener } = this;
    this.opener = null;
    if (!opener || opener.isConnected) return;
    (standIn(opener) || document.querySelector(".main .composer-text, .main"))?.focus();
  }

  draw(view, keepScroll) {
    const scrolled = keepScroll ? this.body?.scrollTop : 0;
    if (!this.values.has(view.id)) this.values.set(view.id, new Map());
    this.surface = new Surface({
      store: this.store,
      hands: this.hands,
      target: { view_id: view.id },
      blocks: view.blocks,
      values: this.values.get(view.id),
    });
    this.body = h("div", { class: "modal-body" }, renderBlocks(this.surface));
    fill(
      this.dialog,
      h(
        "form",
        { class: "modal-form", novalidate: true, on: { submit: (event) => this.submitted(event, view) } },
        this.header(view),
        this.body,
        this.footer(view),
      ),
    );
    this.body.scrollTop = scrolled;
  }

  header(view) {
    const nested = this.stack.length > 1;
    const close = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": nested ? "Back" : "Close",
        on: { click: () => this.close(view) },
      },
      icon(nested ? "back" : "close"),
    );
    const depth = nested && h("small", {}, `${this.stack.length} of ${STACK}`);
    return h("header", {}, h("h2", { id: "modal-title" }, plainText(view.title)), depth, close);
  }

  footer(view) {
    this.submitButton =
      view.submit &&
      h(
        "button",
        { type: "submit", class: "button primary", disabled: view.submit_disabled },
        plainText(view.submit),
      );
    return h(
      "footer",
      {},
      h(
        "button",
        { type: "button", class: "button", on: { click: () => this.close(view) } },
        view.close ? plainText(view.close) : "Close",
      ),
      this.submitButton,
    );
  }

  focusFirst() {
    const wanted =
      this.body.querySelector("[autofocus]") ?? this.body.querySelector("input, select, textarea, button");
    (wanted ?? this.dialog.querySelector("footer button")).focus();
  }

  async submitted(event, view) {
    event.preventDefault();
    if (!this.submitButton || this.submitButton.disabled) return;
    this.busy(true);
    showErrors(this.dialog, {});
    await this.store.attempt(() => this.send(view));
    this.busy(false);
  }

  busy(on) {
    this.submitButton.disabled = on;
    if (on) this.submitButton.setAttribute("aria-busy", "true");
    else this.submitButton.removeAttribute("aria-busy");
  }

  async send(view) {
    const answer = await this.hands.submit(view.id, this.surface.touched());
    if (answer.errors) showErrors(this.dialog, answer.errors);
    else await this.sync();
  }

  async close(view) {
    await this.store.attempt(() => this.hands.close(view.id));
    await this.sync();
  }

  /** Escape closes the top view only, as its Close button does. */
  escaped(event) {
    event.preventDefault();
    const top = this.stack.at(-1);
    if (top) this.close(top);
  }

  /** A browser may close the window on its own at a second Escape: then see whether the view is really gone. */
  closed() {
    if (this.stack.length) this.sync();
  }
}
