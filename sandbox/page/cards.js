// Cards, carousels, alerts and videos. Source: Slack reference, "Card block", "Carousel block", "Alert block", "Video block".

import { h, icon } from "./dom.js";
import { picture, renderElement } from "./elements.js";
import { link } from "./inline.js";
import { plainText, textObject } from "./mrkdwn.js";

/** @param {Object} block @param {import("./surface.js").Surface} surface @returns {HTMLElement} */
export function card(block, surface) {
  const { store } = surface;
  const part = (name, look) => block[name] && h("div", { class: look }, textObject(block[name], store));
  return h(
    "div",
    { class: "card" },
    block.hero_image && picture(block.hero_image, "card-hero", surface),
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, "card-icon", surface),
      h("div", {}, part("title", "card-title"), part("subtitle", "card-subtitle")),
    ),
    part("body", "card-body"),
    part("subtext", "card-subtitle"),
    block.actions &&
      h(
        "div",
        { class: "block-actions" },
        block.actions.map((element) => renderElement(surface.field(block, element))),
      ),
  );
}

/** @param {Object} block @param {import("./surface.js").Surface} surface @returns {HTMLElement} */
export function carousel(block, surface) {
  const props = { class: "carousel", tabIndex: 0, role: "region", "aria-label": "Cards" };
  return h(
    "div",
    props,
    block.elements.map((one) => card(one, surface)),
  );
}

/** @param {Object} block @returns {HTMLElement} */
export function alert(block, { store }) {
  return h(
    "div",
    { class: `alert alert-${block.level ?? "default"}`, role: "note" },
    textObject(block.text, store),
  );
}

/** Nothing is fetched from elsewhere here: the words of the video, and a link to it. @param {Object} block */
export function video(block) {
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return h(
    "div",
    { class: "card video" },
    h(
      "div",
      { class: "card-head" },
      h("span", { class: "file-icon" }, icon("video")),
      h("div", {}, title(block), from && h("small", {}, from)),
    ),
    block.description && h("p", {}, plainText(block.description)),
    h("small", {}, block.alt_text),
  );
}

function title(block) {
  return h("div", { class: "card-title" }, link(block.title_url ?? block.video_url, block.title.text));
}
