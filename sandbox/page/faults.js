// The faults one can inject between Slack and the app: a form drawn from what the sandbox says it knows, and what is
// injected now.

import { sandbox } from "./api.js";
import { fill, h, keepFocus } from "./dom.js";

/** The pane of faults. */
export class Faults {
  constructor(store) {
    this.store = store;
    this.kinds = [];
    this.list = h("ul", { class: "fault-list", "aria-label": "Injected faults" });
    this.form = h("form", {
      class: "fault-form",
      "aria-label": "Inject a fault",
      on: { submit: (event) => this.inject(event) },
    });
    this.seed = h("input", { class: "input", type: "number", step: "1", required: true });
    this.root = h(
      "div",
      { class: "faults" },
      this.form,
      h("section", {}, h("h3", {}, "Injected now"), this.list, this.seedForm()),
    );
  }

  seedForm() {
    const sow = (event) => {
      event.preventDefault();
      this.store.attempt(() => sandbox.seed(Number(this.seed.value)));
    };
    return h(
      "form",
      { class: "fault-seed", "aria-label": "Seed", on: { submit: sow } },
      h("label", {}, "Seed of the random numbers", this.seed),
      h("button", { type: "submit", class: "button" }, "Start again from this seed"),
    );
  }

  /** The tab came to the front, or went away. */
  shown(isShown) {
    this.isShown = isShown;
    if (isShown) this.store.attempt(() => this.load());
  }

  reset() {
    return this.isShown && this.load();
  }

  async load() {
    const { seed, faults, kinds } = await sandbox.faults();
    this.seed.value = seed;
    this.show(faults);
    if (!this.kinds.length) this.drawForm(kinds);
  }

  drawForm(kinds) {
    this.kinds = kinds;
    const options = kinds.map(({ kind }) => h("option", { value: kind }, words(kind)));
    const change = () => this.drawSettings();
    this.kind = h("select", { class: "select", on: { change } }, options);
    this.settings = h("div", { class: "fault-settings" });
    const button = h("button", { type: "submit", class: "button primary" }, "Inject");
    fill(this.form, h("label", {}, "Kind of fault", this.kind), this.settings, button);
    this.drawSettings();
  }

  drawSettings() {
    const kind = this.kinds.find((one) => one.kind === this.kind.value);
    this.fields = kind.settings.map((setting) => new Setting(setting));
    fill(
      this.settings,
      h("p", { class: "fault-sentence" }, kind.sentence),
      this.fields.map((field) => field.root),
    );
  }

  inject(event) {
    event.preventDefault();
    const settings = Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
    this.store.attempt(() => sandbox.inject({ kind: this.kind.value, ...settings }));
  }

  /** @param {Object[]} faults what is injected now */
  show(faults) {
    const none = h("li", { class: "fault-none" }, "Nothing. Everything goes as it should.");
    const takeAll = h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "button", data: { key: "all" }, on: { click: () => this.takeAllBack() } },
        "Take back all",
      ),
    );
    const rows = faults.map((fault) => this.row(fault));
    keepFocus(this.list, () => fill(this.list, rows.length ? rows : none, rows.length > 1 && takeAll));
  }

  row(fault) {
    const { id, kind, left, hit, ...settings } = fault;
    const takeBack = () => this.store.attempt(() => sandbox.takeBack(id));
    return h(
      "li",
      { class: "fault" },
      h(
        "div",
        {},
        h("strong", {}, words(kind)),
        h("small", {}, settingsWords(settings)),
        h("small", { class: "fault-left" }, `${leftWords(left)}, hit ${times(hit)} so far`),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button",
          data: { key: id },
          "aria-label": `Take back ${words(kind)}`,
          on: { click: takeBack },
        },
        "Take back",
      ),
    );
  }

  takeAllBack() {
    this.store.attempt(() => sandbox.takeAllBack());
  }
}

/** One field of the form. */
class Setting {
  constructor({ name, type, default: preset, sentence }) {
    Object.assign(this, { name, type });
    const id = `fault-${name}`;
    const isBox = type === "boolean";
    const common = { id, "aria-describedby": `${id}-hint` };
    this.input = isBox
      ? h("input", { ...common, type: "checkbox", checked: Boolean(preset) })
      : h("input", {
          ...common,
          class: "input",
          type: type === "number" ? "number" : "text",
          step: "any",
          value: preset ?? "",
        });
    const label = h("label", { for: id }, words(name));
    this.root = h(
      "div",
      { class: "fault-setting" },
      label,
      this.input,
      h("small", { id: `${id}-hint` }, sentence),
    );
  }

  /** An empty field means "not set". */
  get value() {
    if (this.type === "boolean") return this.input.checked;
    if (this.input.value === "") return null;
    return this.type === "number" ? Number(this.input.value) : this.input.value;
  }
}

const words = (name) => {
  const plain = name.replaceAll("_", " ");
  return plain[0].toUpperCase() + plain.slice(1);
};

const times = (count) => (count === 1 ? "once" : `${count} times`);

const leftWords = (left) => (left == null ? "Until it is taken back" : left ? `${left} left` : "Used up");

function settingsWords(settings) {
  return Object.entries(settings)
    .filter(([, value]) => value != null && value !== false)
    .map(([name, value]) => (value === true ? words(name) : `${name.replaceAll("_", " ")} ${value}`))
    .join(" · ");
}
