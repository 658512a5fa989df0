// The `markdown` block: the part of standard Markdown that Slack renders. Source: Slack reference, "Markdown block".

import { h } from "./dom.js";
import * as inline from "./inline.js";

const wrap = (pattern, tag) => ({ pattern, make: (match, inner) => h(tag, {}, inner(match[1])) });

const RULES = [
  inline.CODE_RULE,
  { pattern: /\\([\\`*_{}[\]()#+.!~>-])/, make: (match) => document.createTextNode(match[1]) },
  {
    pattern: /!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/,
    make: (match) => inline.link(match[2], match[1] || match[2]),
  },
  wrap(/\*\*(?=\S)(.+?)(?<=\S)\*\*/, "strong"),
  wrap(/(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)/, "strong"),
  wrap(/~~(?=\S)(.+?)(?<=\S)~~/, "s"),
  wrap(/\*(?=[^\s*])([^*\n]+?)(?<=\S)\*/, "em"),
  wrap(/(?<!\w)_(?=[^\s_])([^_\n]+?)(?<=\S)_(?!\w)/, "em"),
  inline.EMOJI_RULE,
  inline.BARE_LINK_RULE,
];

const nodes = (text) => inline.scan(text, RULES, (part) => part);

const LIST_ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** Each kind of paragraph: how its lines are recognised, and what they make together. */
const KINDS = [
  {
    test: (text) => /^#{1,6}\s/.test(text),
    single: true,
    make: ([text]) => h("p", { class: "markdown-heading" }, nodes(text.replace(/^#+\s+/, ""))),
  },
  { test: (text) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(text), single: true, make: () => h("hr") },
  {
    test: (text) => /^\s*>/.test(text),
    make: (all) => h("blockquote", {}, paragraphs(all.map((text) => text.replace(/^\s*> ?/, "")))),
  },
  { test: (text) => LIST_ITEM.test(text), make: list },
  { test: (text) => /^\s*\|.*\|\s*$/.test(text), make: table },
  { test: (text) => text.trim() === "", make: () => [] },
  { test: () => true, make: (all) => h("p", {}, nodes(all.join("\n"))) },
];

function list(all) {
  const ordered = /^\s*\d/.test(all[0]);
  return h(
    ordered ? "ol" : "ul",
    {},
    all.map((text) => {
      const [, indent, , body] = LIST_ITEM.exec(text);
      return h("li", { data: { indent: String(Math.min(Math.floor(indent.length / 2), 4)) } }, nodes(body));
    }),
  );
}

function table(all) {
  const rows = all.map((text) =>
    text
      .trim()
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  const body = rows.filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
  return h(
    "div",
    { class: "table-wrap" },
    h(
      "table",
      {},
      body.map((cells, index) =>
        h(
          "tr",
          {},
          cells.map((cell) => h(index ? "td" : "th", {}, nodes(cell))),
        ),
      ),
    ),
  );
}

function paragraphs(all) {
  const runs = [];
  for (const text of all) {
    const kind = KINDS.find((entry) => entry.test(text));
    if (runs.at(-1)?.kind === kind && !kind.single) runs.at(-1).lines.push(text);
    else runs.push({ kind, lines: [text] });
  }
  return runs.map((run) => run.kind.make(run.lines)).flat();
}

/** @param {string} text Markdown @returns {Node[]} */
export function markdown(text) {
  return text
    .split(/^```[^\n]*\n([\s\S]*?)\n?```\s*$/m)
    .flatMap((part, index) => (index % 2 ? h("pre", {}, part) : paragraphs(part.split("\n"))));
}
