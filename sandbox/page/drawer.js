// The drawer at the bottom: what passed between the app and the sandbox, and the faults one can inject.

import { h, iconButton } from "./dom.js";
import { Faults } from "./faults.js";
import { LogPane } from "./log.js";

const TITLES = { log: "Log", faults: "Faults" };

/** The drawer with its two tabs; closed until somebody opens it. */
export class Drawer {
  constructor(store) {
    this.store = store;
    this.log = new LogPane(store);
    this.faults = new Faults(store);
    this.openers = {};
    this.shown = null;
    this.tabs = Object.keys(TITLES).map((name) => this.tab(name));
    const list = h(
      "div",
      {
        class: "tabs",
        role: "tablist",
        "aria-label": "Log and faults",
        on: { keydown: (event) => this.walk(event) },
      },
      this.tabs,
    );
    const close = iconButton("close", "Close the drawer", () => this.toggle(this.shown));
    this.root = h(
      "section",
      { class: "drawer", id: "drawer", hidden: true, "aria-label": "Log and faults" },
      h("header", {}, list, close),
      Object.keys(TITLES).map((name) => this.panel(name)),
    );
    this.root.addEventListener("keydown", (event) => this.escaped(event));
    if (new URLSearchParams(location.search).get("desk") in TITLES)
      this.toggle(new URLSearchParams(location.search).get("desk"));
  }

  tab(name) {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": `panel-${name}`,
        on: { click: () => this.show(name) },
      },
      TITLES[name],
    );
  }

  panel(name) {
    const props = {
      class: "drawer-panel",
      role: "tabpanel",
      id: `panel-${name}`,
      "aria-labelledby": `tab-${name}`,
    };
    return h("div", props, this[name].root);
  }

  /** A button of the top bar that opens and closes the drawer at one of its tabs. */
  opener(name, label, sign) {
    const props = {
      type: "button",
      class: "clock-button",
      "aria-expanded": String(this.shown === name),
      "aria-controls": "drawer",
    };
    this.openers[name] = h(
      "button",
      { ...props, on: { click: () => this.toggle(name) } },
      sign,
      h("span", {}, label),
    );
    return this.openers[name];
  }

  toggle(name) {
    const isClosing = this.shown === name;
    this.show(isClosing ? null : name);
    if (isClosing) this.openers[name]?.focus();
  }

  /** @param {string|null} name the tab to show; null closes the drawer */
  show(name) {
    this.shown = name;
    this.root.hidden = !name;
    for (const [index, other] of Object.keys(TITLES).entries()) {
      const isShown = other === name;
      this.tabs[index].setAttribute("aria-selected", String(isShown));
      this.tabs[index].tabIndex = isShown ? 0 : -1;
      this.root.children[index + 1].hidden = !isShown;
      this.openers[other]?.setAttribute("aria-expanded", String(isShown));
      this[other].shown(isShown);
    }
  }

  walk(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = Object.keys(TITLES).find((name) => name !== this.shown);
    this.show(other);
    this.tabs[Object.keys(TITLES).indexOf(other)].focus();
  }

  escaped(event) {
    if (event.key === "Escape" && this.shown) this.toggle(this.shown);
  }

  /** A sandbox that was restarted counts from one, and has no faults. */
  async reset() {
    await Promise.all([this.log.reset(), this.faults.reset()]);
  }
}
