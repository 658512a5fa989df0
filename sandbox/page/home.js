// The Home tab of the app: the view it published for this person.

import { renderBlocks } from "./blocks.js";
import { fill, h, keepFocus } from "./dom.js";
import { Surface } from "./surface.js";

/** The Home tab, redrawn whenever the app publishes. */
export class Home {
  constructor(store, hands) {
    Object.assign(this, { store, hands });
    this.values = new Map();
    this.body = h("div", { class: "home-body" });
    this.root = h("div", { class: "home" }, h("h2", { class: "heard-only" }, "Home"), this.body);
  }

  async load() {
    await this.store.attempt(() => this.fetch());
  }

  async fetch() {
    const before = this.view;
    const answer = await this.hands.home();
    // What the app published in the meantime is newer than this answer.
    if (this.view === before) this.show(answer.view);
  }

  /** @param {Object|null} view Slack's view object; null before the app has published one */
  show(view) {
    this.view = view;
    keepFocus(this.body, () => fill(this.body, view ? this.blocks(view) : this.nothing()));
  }

  redraw() {
    this.show(this.view);
  }

  blocks(view) {
    const surface = new Surface({
      store: this.store,
      hands: this.hands,
      target: { view_id: view.id },
      blocks: view.blocks,
      values: this.values,
    });
    return renderBlocks(surface);
  }

  nothing() {
    return h("p", { class: "empty" }, `${this.store.app.name} has not put anything on your Home tab yet.`);
  }
}
