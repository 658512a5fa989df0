// The `rich_text` block. Source: Slack reference, "Rich text block" and its element pages.

import { h } from "./dom.js";
import * as inline from "./inline.js";

const STYLES = {
  bold: "strong",
  italic: "em",
  strike: "s",
  code: "code",
  underline: "u",
  highlight: "mark",
  client_highlight: "mark",
};

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => inline.link(leaf.url, leaf.text || leaf.url),
  user: (leaf, store) => inline.personMention(store, leaf.user_id),
  channel: (leaf, store) => inline.channelMention(store, leaf.channel_id),
  usergroup: (leaf) => inline.broadcast(leaf.usergroup_id),
  broadcast: (leaf) => inline.broadcast(leaf.range),
  emoji: (leaf) => inline.emoji(leaf.name) ?? fromCodePoints(leaf.unicode) ?? `:${leaf.name}:`,
  date: (leaf, store) =>
    inline.dateWords(store, {
      seconds: leaf.timestamp,
      template: leaf.format,
      address: leaf.url,
      fallback: leaf.fallback ?? "",
    }),
  tag: (leaf) => h("span", { class: "tag" }, leaf.text),
  color: (leaf) => [swatch(leaf.value), h("code", {}, leaf.value)],
};

/** The many kinds that name something elsewhere (a canvas, a record, a source) read alike: a link, or what it is called. */
function mentioned(leaf, store) {
  if (leaf.user_id) return inline.personMention(store, leaf.user_id);
  const name = leaf.text ?? leaf.label ?? leaf.url ?? leaf.file_id ?? leaf.entity_id ?? leaf.type;
  return leaf.url ? inline.link(leaf.url, name) : h("span", { class: "mention" }, name);
}

function swatch(colour) {
  const place = h("span", { class: "swatch", "aria-hidden": "true" });
  place.style.background = colour;
  return place;
}

/** "1f44b-1f3fd" as the sign it stands for. */
function fromCodePoints(unicode) {
  const points = unicode?.split("-").map((point) => Number.parseInt(point, 16));
  return points?.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

function styled(entry, store) {
  const bare = (LEAVES[entry.type] ?? mentioned)(entry, store);
  return Object.keys(entry.style ?? {})
    .filter((name) => entry.style[name] && STYLES[name])
    .reduce((node, name) => h(STYLES[name], {}, node), bare);
}

const leaves = (part, store) => part.elements.map((entry) => styled(entry, store));

const PARTS = {
  rich_text_section: (part, store) => h("p", { class: "rich" }, leaves(part, store)),
  rich_text_quote: (part, store) => h("blockquote", { class: "rich" }, leaves(part, store)),
  rich_text_preformatted: (part, store) => h("pre", {}, leaves(part, store)),
  rich_text_list: (part, store) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { start: part.offset ? part.offset + 1 : null, data: { indent: String(part.indent ?? 0) } },
      part.elements.map((item) => h("li", {}, leaves(item, store))),
    ),
};

/** @param {{elements: Object[]}} block @param {import("./store.js").Store} store @returns {Node[]} */
export function richText(block, store) {
  return block.elements.map((part) => {
    const made = PARTS[part.type]?.(part, store);
    if (part.border) made?.classList.add("bordered");
    return made;
  });
}

/** What was typed into a rich text field, as the block Slack makes of it; nothing where nothing was typed. */
export function typedRichText(text) {
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return text ? { type: "rich_text", elements: [section] } : null;
}

/** The bare words of a rich text. @param {Object|null} block */
export function plainWords(block) {
  if (!block?.elements) return block?.text ?? "";
  const breaks = { rich_text: "\n", rich_text_list: "\n" };
  return block.elements.map(plainWords).join(breaks[block.type] ?? "");
}
