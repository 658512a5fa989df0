// A select whose options come from the app while one types. Source: Slack reference, "Select menu with external data
// source"; ARIA Authoring Practices, "Combobox with list autocomplete".

import { fill, h, icon } from "./dom.js";
import { openPanel } from "./popup.js";

const TYPING_PAUSE = 300;
const SHORTEST = 3;

/** @param {import("./surface.js").Field} field @param {boolean} several @returns {HTMLElement} */
export function externalSelect(field, several = false) {
  return new Suggestions(field, several).root;
}

class Suggestions {
  constructor(field, several) {
    Object.assign(this, { field, several });
    this.listId = `offers-${crypto.randomUUID()}`;
    this.list = h("div", {
      class: "menu offers",
      role: "listbox",
      id: this.listId,
      "aria-label": "Suggestions",
    });
    this.chips = h("span", { class: "chips" });
    this.said = h("span", { class: "heard-only", role: "status" });
    this.input = this.textBox();
    this.root = h(
      "div",
      { class: several ? "multi input" : "suggest" },
      several && this.chips,
      this.input,
      this.said,
    );
    this.draw();
  }

  textBox() {
    const { element, isInput, key } = this.field;
    const placeholder = element.placeholder?.text ?? "Type to search…";
    return h("input", {
      class: this.several ? "multi-typed" : "input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      placeholder,
      "aria-label": isInput ? null : placeholder,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.listId,
      data: { key },
      on: {
        input: () => this.typed(),
        focus: () => this.shortest === 0 && this.typed(),
        keydown: (event) => this.key(event),
        blur: () => this.left(),
      },
    });
  }

  get shortest() {
    return this.field.element.min_query_length ?? SHORTEST;
  }

  /** Whole options, since nobody but the app knows what stands behind a value. */
  get chosen() {
    const kept = this.field.surface.values.get(`${this.field.key}/options`);
    const { element } = this.field;
    return kept ?? element.initial_options ?? [element.initial_option].filter(Boolean);
  }

  choose(options) {
    this.field.surface.values.set(`${this.field.key}/options`, options);
    this.draw();
    const values = options.map((option) => option.value);
    this.field.choose(this.several ? values : (values[0] ?? null));
  }

  draw() {
    if (!this.several) this.input.value = this.chosen[0]?.text.text ?? "";
    fill(
      this.chips,
      this.chosen.map((option) => this.chip(option)),
    );
  }

  chip(option) {
    const remove = () => {
      this.choose(this.chosen.filter((other) => other.value !== option.value));
      this.input.focus();
    };
    const label = `Take away ${option.text.text}`;
    const button = h("button", { type: "button", "aria-label": label, on: { click: remove } }, icon("close"));
    return h("span", { class: "chip" }, option.text.text, button);
  }

  /** Ask when the typing rests; an answer to what was typed before comes too late. */
  typed() {
    clearTimeout(this.waiting);
    const words = this.input.value.trim();
    if (words.length < this.shortest) {
      const more = this.shortest - words.length;
      this.offer([], words && `Type ${more} more ${more === 1 ? "letter" : "letters"}.`);
      return;
    }
    this.waiting = setTimeout(() => this.ask(words), TYPING_PAUSE);
  }

  async ask(words) {
    const { block, element, surface } = this.field;
    this.offer([], "Searching…");
    const question = {
      ...surface.target,
      block_id: block.block_id,
      action_id: element.action_id,
      value: words,
    };
    const went = await surface.store.attempt(async () => {
      const answer = await surface.hands.suggest(question);
      if (words === this.input.value.trim()) this.answered(answer);
    });
    if (!went) this.close?.();
  }

  answered({ options, option_groups: groups }) {
    const parts = groups?.length ? groups : [{ options: options ?? [] }];
    const found = parts.flatMap((part) => part.options).length;
    this.offer(parts, found ? "" : "Nothing fits.");
    this.said.textContent = found ? `${found} suggestions` : "";
  }

  /** Show options under the field, or a sentence. */
  offer(parts, sentence) {
    if (!parts.length && !sentence) return this.close?.();
    fill(
      this.list,
      sentence && h("p", { class: "offer-note" }, sentence),
      parts.map((part) => this.group(part)),
    );
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.list.setAttribute("role", this.options.length ? "listbox" : "note");
    this.point(0);
    if (!this.list.isConnected) this.open();
    return undefined;
  }

  open() {
    this.close = openPanel(this.input, this.list, () => this.input.removeAttribute("aria-activedescendant"));
  }

  group({ label, options }) {
    const rows = options.map((option) => this.option(option));
    return label
      ? h("div", { role: "group", "aria-label": label.text }, h("h4", {}, label.text), rows)
      : rows;
  }

  option(option) {
    const take = (event) => {
      event.preventDefault(); // the keyboard stays in the field
      this.take(option);
    };
    const props = {
      class: "menu-item",
      role: "option",
      id: `${this.listId}-${option.value}`,
      on: { pointerdown: take },
    };
    const row = h(
      "div",
      props,
      option.text.text,
      option.description && h("small", {}, option.description.text),
    );
    row.option = option;
    return row;
  }

  take(option) {
    this.close?.();
    const others = this.several ? this.chosen.filter((other) => other.value !== option.value) : [];
    this.input.value = "";
    const most = this.field.element.max_selected_items ?? Infinity;
    if (others.length < most) this.choose([...others, option]);
    else this.field.store.notice(`At most ${most} can be chosen here.`);
  }

  point(index) {
    const { options } = this;
    this.pointed = options.length ? (index + options.length) % options.length : 0;
    options.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.pointed)));
    const row = options[this.pointed];
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    row?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const isOpen = this.list.isConnected && this.options?.length;
    const act = isOpen && this.keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  keys = {
    ArrowDown: () => this.point(this.pointed + 1),
    ArrowUp: () => this.point(this.pointed - 1),
    Enter: () => this.take(this.options[this.pointed].option),
    Escape: () => this.close(),
  };

  /** What was typed and not chosen counts for nothing; an emptied field is an empty choice. */
  left() {
    clearTimeout(this.waiting);
    this.close?.();
    const isEmptied = !this.several && !this.input.value && this.chosen.length;
    if (isEmptied) this.choose([]);
    else this.draw();
    if (this.several) this.input.value = "";
  }
}
