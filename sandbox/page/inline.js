// Turning a run of text into nodes: the parts that mrkdwn, markdown and rich text have in common.

import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { hashOf } from "./route.js";

/**
 * A rule of a small language: what to look for and what to make of it.
 * @typedef {{pattern: RegExp, make: (match: RegExpMatchArray, inner: (text: string) => Node[]) => Node|string|null}} Rule
 *   `make` gives null where the match turns out to be plain text; `inner` applies the same rules to a part.
 */

/**
 * @param {string} text
 * @param {Rule[]} rules earlier rules win where two match at the same place
 * @param {(text: string) => Node|string} plain what to make of text between the matches
 * @returns {Array<Node|string>}
 */
export function scan(text, rules, plain) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const found = first(rest, rules);
    if (!found) break;
    nodes.push(plain(rest.slice(0, found.match.index)));
    nodes.push(found.rule.make(found.match, (part) => scan(part, rules, plain)) ?? plain(found.match[0]));
    rest = rest.slice(found.match.index + found.match[0].length);
  }
  return [...nodes, plain(rest)].flat().filter((node) => node !== "");
}

function first(text, rules) {
  let best = null;
  for (const rule of rules) {
    const match = rule.pattern.exec(text);
    if (match && (!best || match.index < best.match.index)) best = { rule, match };
  }
  return best;
}

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

const PERMALINK = new RegExp(
  `^${location.origin}/archives/(\\w+)/p(\\d+)(\\d{6})(?:\\?thread_ts=([\\d.]+))?`,
);

/** A link that opens elsewhere, or here if it leads to a message; anything but web, mail and telephone stays text. */
export function link(address, label = address) {
  if (!SAFE_LINK.test(address)) return label;
  const message = PERMALINK.exec(address);
  if (message)
    return h(
      "a",
      { href: hashOf({ channel: message[1], thread: message[4] ?? `${message[2]}.${message[3]}` }) },
      label,
    );
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** `:name:` as its emoji, or null for a name that is not known. */
export function emoji(name) {
  const sign = emojiOf(name);
  return sign
    ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, sign)
    : null;
}

export const EMOJI_RULE = {
  pattern: /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/,
  make: (match) => emoji(match[1]),
};
export const BARE_LINK_RULE = {
  pattern: /https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]]/,
  make: (match) => link(decoded(match[0])),
};
export const CODE_RULE = { pattern: /`([^`\n]+)`/, make: (match) => h("code", {}, decoded(match[1])) };

/** Slack escapes exactly three characters. */
export function decoded(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A person, marked when it is the reader. */
export function personMention(store, id) {
  return h("span", { class: id === store.me.id ? "mention mention-me" : "mention" }, `@${store.nameOf(id)}`);
}

/** A channel, as a link where the reader can open it. */
export function channelMention(store, id, label) {
  const known = store.conversations.get(id);
  const name = `#${known?.name ?? label ?? id}`;
  return known ? h("a", { class: "mention", href: `#${id}` }, name) : h("span", { class: "mention" }, name);
}

/** @channel, @here, @everyone, or a group. */
export function broadcast(name) {
  return h("span", { class: "mention mention-me" }, `@${name}`);
}

/** A date in the reader's own words; what the tokens would not understand shows the fallback. */
export function dateWords(store, { seconds, template, address, fallback }) {
  const at = new Date(Number(seconds || NaN) * 1000).getTime(); // not a number too where no calendar reaches
  if (Number.isNaN(at)) return fallback;
  const words = store.calendar.fillTokens(template, at, store.now());
  const title = `${store.calendar.words("long", at)}, ${store.calendar.time(at)} (${store.calendar.zone})`;
  const time = h("time", { datetime: new Date(at).toISOString(), title }, words);
  return address ? link(address, time) : time;
}
