// Choosing several: chips that can be taken away, and a panel with a filter and tick boxes.

import { fill, h, icon } from "./dom.js";
import { openPanel } from "./popup.js";

/**
 * @param {import("./surface.js").Field} field
 * @param {Array<{value: string, label: string, hint?: string}>} options
 * @returns {HTMLElement}
 */
export function multiSelect(field, options) {
  return new MultiSelect(field, options).root;
}

class MultiSelect {
  constructor(field, options) {
    Object.assign(this, { field, options });
    this.chosen = new Set(field.value ?? []);
    this.chips = h("span", { class: "chips" });
    this.opener = h("button", {
      type: "button",
      class: "multi-open",
      data: { key: field.key },
      "aria-haspopup": "dialog",
      on: { click: () => this.open() },
    });
    this.root = h("div", { class: "multi input" }, this.chips, this.opener);
    this.draw();
  }

  draw() {
    const chosen = this.options.filter((option) => this.chosen.has(option.value));
    fill(
      this.chips,
      chosen.map((option) => this.chip(option)),
    );
    const hint = this.field.element.placeholder?.text ?? "Choose…";
    fill(this.opener, h("span", {}, chosen.length ? "Add or change" : hint), icon("down"));
  }

  chip(option) {
    const remove = () => {
      this.toggle(option.value, false);
      this.tell();
      this.opener.focus();
    };
    return h(
      "span",
      { class: "chip" },
      option.label,
      h(
        "button",
        { type: "button", "aria-label": `Take away ${option.label}`, on: { click: remove } },
        icon("close"),
      ),
    );
  }

  open() {
    const before = [...this.chosen].join();
    const list = h(
      "div",
      { class: "multi-list" },
      this.options.map((option) => this.row(option)),
    );
    const filter = h("input", {
      class: "input",
      type: "search",
      placeholder: "Filter",
      "aria-label": "Filter the choices",
      on: { input: (event) => narrow(list, event.currentTarget.value) },
    });
    openPanel(this.opener, h("div", { class: "multi-panel" }, filter, list), () => {
      if ([...this.chosen].join() !== before) this.tell();
    });
  }

  row(option) {
    const change = (event) => {
      const taken = this.toggle(option.value, event.currentTarget.checked);
      event.currentTarget.checked = taken;
    };
    return h(
      "label",
      { class: "choice" },
      h("input", { type: "checkbox", checked: this.chosen.has(option.value), on: { change } }),
      h("span", {}, option.label, option.hint && h("small", {}, option.hint)),
    );
  }

  /** @returns {boolean} whether the option is chosen now; the element's own maximum may say no */
  toggle(value, wanted) {
    const most = this.field.element.max_selected_items ?? Infinity;
    if (!wanted) this.chosen.delete(value);
    else if (this.chosen.size < most) this.chosen.add(value);
    else this.field.store.notice(`At most ${most} can be chosen here.`);
    this.field.keep([...this.chosen]);
    this.draw();
    return this.chosen.has(value);
  }

  tell() {
    this.field.choose([...this.chosen]);
  }
}

function narrow(list, words) {
  for (const row of list.children)
    row.hidden = !row.textContent.toLowerCase().includes(words.trim().toLowerCase());
}
