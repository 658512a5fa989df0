// Blocks. Each renderer gets the block and the surface it stands on. Source: Slack reference, "Blocks".

import { h } from "./dom.js";
import { renderElement, picture } from "./elements.js";
import { markdown } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const BLOCKS = {
  section,
  header: (block) => h("h3", { class: "block-header" }, plainText(block.text)),
  divider: () => h("hr", { class: "block-divider" }),
  context: (block, { store }) =>
    h(
      "div",
      { class: "block-context" },
      block.elements.map((element) =>
        element.type === "image"
          ? picture(element, "context-image")
          : h("span", {}, textObject(element, store)),
      ),
    ),
  actions: (block, surface) =>
    h(
      "div",
      { class: "block-actions" },
      block.elements.map((element) => renderElement(surface.field(block, element))),
    ),
  image: (block) =>
    h(
      "figure",
      { class: "block-image" },
      block.title && h("figcaption", {}, plainText(block.title)),
      picture(block, "image"),
    ),
  input,
  rich_text: (block, { store }) => h("div", { class: "rich-text" }, richText(block, store)),
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  file: (block) => h("p", { class: "file-gone" }, `A file from elsewhere: ${block.external_id}`),
  table: (block, { store }) =>
    h(
      "div",
      { class: "table-wrap" },
      h(
        "table",
        {},
        block.rows.map((row, index) =>
          h(
            "tr",
            {},
            row.map((cell) => h(index ? "td" : "th", {}, cellNodes(cell, store))),
          ),
        ),
      ),
    ),
};

/** @param {import("./surface.js").Surface} surface @returns {HTMLElement[]} */
export function renderBlocks(surface) {
  return surface.blocks.map((block) => {
    const make = BLOCKS[block.type];
    const body = make
      ? make(block, surface)
      : h(
          "em",
          { class: "unknown" },
          `A block of the kind “${block.type}” stands here; this page cannot show it.`,
        );
    return h("div", { class: "block", data: { block: block.block_id ?? "" } }, body);
  });
}

function cellNodes(cell, store) {
  return cell.type === "rich_text" ? richText(cell, store) : cell.text;
}

function section(block, surface) {
  const { store } = surface;
  const fields =
    block.fields &&
    h(
      "div",
      { class: "fields" },
      block.fields.map((text) => h("div", {}, textObject(text, store))),
    );
  const words = h("div", { class: "section-text" }, textObject(block.text, store), fields);
  const accessory =
    block.accessory && h("div", { class: "accessory" }, renderElement(surface.field(block, block.accessory)));
  return h("div", { class: "block-section" }, words, accessory);
}

// A group of choices is labelled as a group, a single control by its own label element.
const GROUPS = new Set(["radio_buttons", "checkboxes"]);

function input(block, surface) {
  const { element } = block;
  const control = renderElement(surface.field(block, element));
  const name = [plainText(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const hint = block.hint && h("small", { class: "hint" }, plainText(block.hint));
  const parts = [control, hint, h("p", { class: "field-error", role: "alert" })];
  if (GROUPS.has(element.type)) return h("fieldset", { class: "block-input" }, h("legend", {}, name), parts);
  return h("div", { class: "block-input" }, labelled(control, name), parts);
}

function labelled(control, name) {
  const target = control.matches("input, select, textarea")
    ? control
    : control.querySelector("input, .multi-open");
  const id = `field-${crypto.randomUUID()}`;
  if (target) target.id = id;
  return h("label", { for: id }, name);
}

/**
 * Say beside each field what is wrong with it, and go to the first.
 * @param {HTMLElement} root where the blocks stand
 * @param {Object<string, string>} errors sentence by block_id; an empty object clears
 */
export function showErrors(root, errors) {
  const wrong = [...root.querySelectorAll(".block")].filter((block) =>
    mark(block, errors[block.dataset.block]),
  );
  wrong[0]?.querySelector("input, select, textarea, button")?.focus();
}

/** @returns {boolean} whether the block has an error */
function mark(block, sentence) {
  const place = block.querySelector(".field-error");
  if (place) place.textContent = sentence ?? "";
  for (const control of block.querySelectorAll("input, select, textarea")) {
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  return Boolean(sentence);
}
