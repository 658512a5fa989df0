// Blocks. Each renderer gets the block and the surface it stands on. Source: Slack reference, "Blocks".

import { alert, card, carousel, video } from "./cards.js";
import { chart } from "./charts.js";
import { container, layout, plan, taskCard } from "./groups.js";
import { h } from "./dom.js";
import { renderElement, picture } from "./elements.js";
import { markdown } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const BLOCKS = {
  section,
  header: ({ text, level = 1 }) => h("h3", { class: `block-header level-${level}` }, plainText(text)),
  divider: () => h("hr", { class: "block-divider" }),
  context: (block, surface) =>
    h(
      "div",
      { class: "block-context" },
      block.elements.map((element) =>
        element.type === "image"
          ? picture(element, "context-image", surface)
          : h("span", {}, textObject(element, surface.store)),
      ),
    ),
  actions: elementRow,
  context_actions: elementRow,
  image: (block, surface) =>
    h(
      "figure",
      { class: "block-image" },
      block.title && h("figcaption", {}, plainText(block.title)),
      picture(block, "image", surface),
    ),
  input,
  rich_text: (block, { store }) => h("div", { class: "rich-text" }, richText(block, store)),
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  file: (block) => h("p", { class: "file-gone" }, `A file from elsewhere: ${block.external_id}`),
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel,
  alert,
  video,
  container: (block, surface) => container(block, surface, renderBlock),
  layout: (block, surface) => layout(block, surface, renderBlock),
  plan,
  task_card: taskCard,
};

function elementRow(block, surface) {
  const elements = block.elements.map((element) => renderElement(surface.field(block, element)));
  return h("div", { class: "block-actions" }, elements);
}

/** @param {import("./surface.js").Surface} surface @returns {HTMLElement[]} */
export function renderBlocks(surface) {
  return surface.blocks.map((block) => renderBlock(block, surface));
}

function renderBlock(block, surface) {
  return h("div", { class: "block", data: { block: block.block_id ?? "" } }, bodyOf(block, surface));
}

/** A block this page does not know, or cannot make sense of, must not take the rest of the page with it. */
function bodyOf(block, surface) {
  try {
    return BLOCKS[block.type](block, surface);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const words = `A block of the kind “${block.type}” stands here; this page cannot show it.`;
    return h("em", { class: "unknown" }, words);
  }
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
  const id = `field-${crypto.randomUUID()}`;
  const name = [plainText(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const hint = block.hint && h("small", { class: "hint", id: `${id}-hint` }, plainText(block.hint));
  const error = h("p", { class: "field-error", role: "alert", id: `${id}-error` });
  const target = targetOf(control);
  target.setAttribute("aria-describedby", [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "));
  const parts = [control, hint, error];
  if (GROUPS.has(element.type)) return h("fieldset", { class: "block-input" }, h("legend", {}, name), parts);
  target.id = id;
  return h("div", { class: "block-input" }, h("label", { for: id }, name), parts);
}

/** The part of a control that has the keyboard, and so takes the label. */
function targetOf(control) {
  if (control.matches("input, select, textarea")) return control;
  return control.querySelector(":is(input, .multi-open):not(.choice input)") ?? control;
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
  wrong[0]?.scrollIntoView({ block: "nearest" }); // the sentence stands below the field
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
