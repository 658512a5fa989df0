// Slack's mrkdwn. Source: Slack reference, "Formatting text for app surfaces".

import { h } from "./dom.js";
import * as inline from "./inline.js";

// A format mark counts only at the edge of a word, and may span a <…> token but not a line.
const wrapped = (mark, tag) => ({
  pattern: new RegExp(
    `(?<![\\p{L}\\p{N}${mark}])${mark}(?![\\s${mark}])((?:<[^<>\\n]*>|[^${mark}\\n<])*?)(?<!\\s)${mark}(?![\\p{L}\\p{N}${mark}])`,
    "u",
  ),
  make: (match, inner) => (match[1] ? h(tag, {}, inner(match[1])) : null),
});

const FORMATS = [wrapped("\\*", "strong"), wrapped("_", "em"), wrapped("~", "s")];

const MARKERS = [
  [/^@(\w+)$/, (store, match) => inline.personMention(store, match[1])],
  [/^#(\w+)$/, (store, match, label) => inline.channelMention(store, match[1], label)],
  [/^!(channel|here|everyone)$/, (store, match) => inline.broadcast(match[1])],
  [/^!subteam\^(\w+)$/, (store, match, label) => inline.broadcast((label ?? match[1]).replace(/^@/, ""))],
  [
    /^!date\^(-?\d+)\^([^^]+)(?:\^(.+))?$/,
    (store, match, label) =>
      inline.dateWords(store, {
        seconds: match[1],
        template: match[2],
        address: match[3],
        fallback: label ?? "",
      }),
  ],
];

function markerRule(store) {
  return {
    pattern: /<([^<>\n|]+)(?:\|([^<>\n]*))?>/,
    make(match) {
      const target = inline.decoded(match[1]);
      const label = match[2] === undefined ? undefined : inline.decoded(match[2]);
      for (const [pattern, make] of MARKERS) {
        const found = pattern.exec(target);
        if (found) return make(store, found, label);
      }
      return target.startsWith("!")
        ? (label ?? target)
        : inline.link(target, label || target.replace(/^mailto:/, ""));
    },
  };
}

function inlineNodes(text, store) {
  const rules = [inline.CODE_RULE, markerRule(store), ...FORMATS, inline.EMOJI_RULE, inline.BARE_LINK_RULE];
  return inline.scan(text, rules, inline.decoded);
}

const BULLET = /^(\s*)(?:[•◦▪-]|\d+[.)]) /;

/** One line: bullets hang, so that a long point reads as one. */
function line(text, store) {
  const hanging = BULLET.test(text);
  return h("span", { class: hanging ? "line hanging" : "line" }, text ? inlineNodes(text, store) : h("br"));
}

function lines(text, store) {
  return groups(text.split("\n")).map(([quoted, group]) => {
    const nodes = group.map((entry) => line(entry, store));
    return quoted ? h("blockquote", {}, nodes) : nodes;
  });
}

/** Neighbouring quoted lines make one quotation. */
function groups(all) {
  const found = [];
  for (const entry of all) {
    const quote = /^(?:&gt;|>) ?/.exec(entry);
    const quoted = quote !== null;
    if (found.at(-1)?.[0] !== quoted) found.push([quoted, []]);
    found.at(-1)[1].push(quoted ? entry.slice(quote[0].length) : entry);
  }
  return found;
}

/**
 * @param {string} text mrkdwn as Slack stores it (`&`, `<`, `>` escaped)
 * @param {import("./store.js").Store} store names, the reader's zone, the clock
 * @returns {Node[]}
 */
export function mrkdwn(text, store) {
  return text
    .split(/\n?```\n?([\s\S]*?)\n?```\n?/)
    .flatMap((part, index) => {
      if (index % 2) return h("pre", {}, inline.decoded(part));
      return part ? lines(part, store) : [];
    })
    .flat();
}

/** A Slack text object: `mrkdwn`, or `plain_text` where only emoji mean something. */
export function textObject(text, store) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text, store) : plainText(text);
}

/** @param {{text: string, emoji?: boolean}} text a plain_text object */
export function plainText(text) {
  return inline.scan(text.text, text.emoji === false ? [] : [inline.EMOJI_RULE], (part) => part);
}

/** A person's text as it was typed: mentions are names again, and links are addresses. */
export function typedAgain(text, store) {
  const back = (_, target, label) => {
    if (target.startsWith("@")) return `@${store.nameOf(target.slice(1))}`;
    if (target.startsWith("#")) return `#${store.conversations.get(target.slice(1))?.name ?? label}`;
    return target.startsWith("!") ? `@${target.slice(1)}` : (label ?? target);
  };
  return inline.decoded(text.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, back));
}

/** The words of a mrkdwn text without any marks, for announcements and notifications. */
export function spoken(text, store) {
  return h("span", {}, mrkdwn(text, store)).textContent;
}
