// Blocks that hold others, and the tasks of an agent's plan. Source: Slack reference, "Container block", "Layout block",
// "Plan block", "Task card block".

import { h } from "./dom.js";
import { link } from "./inline.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const STATES = { pending: "Waiting", in_progress: "At work", complete: "Done", error: "Failed" };

/**
 * @param {Object} block @param {import("./surface.js").Surface} surface
 * @param {(child: Object, surface: Object) => HTMLElement} render draws one block
 */
export function container(block, surface, render) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, surface.store)
    : plainText(block.title);
  const subtitle = block.subtitle && h("small", {}, textObject(block.subtitle, surface.store));
  const children = block.child_blocks.map((child) => render(child, surface));
  const look = `container container-${block.width ?? "standard"}`;
  if (!block.is_collapsible)
    return h(
      "section",
      { class: look },
      h("div", { class: "container-head" }, h("h3", {}, title), subtitle),
      children,
    );
  return h(
    "details",
    { class: look, open: !block.default_collapsed },
    h("summary", {}, title, subtitle),
    children,
  );
}

/**
 * Rows of items side by side. The label is no heading, and is read out whether it shows or not.
 * @param {Object} block @param {import("./surface.js").Surface} surface
 * @param {(child: Object, surface: Object) => HTMLElement} render draws one block
 */
export function layout(block, surface, render) {
  const item = ({ width, blocks }) =>
    h(
      "div",
      { class: `layout-item layout-${width ?? "standard"}` },
      blocks.map((child) => render(child, surface)),
    );
  return h(
    "div",
    { class: `layout lines-${block.grid_lines ?? "none"}`, role: "group", "aria-label": block.label },
    block.is_label_visible && h("strong", {}, block.label),
    block.rows.map((row) => h("div", { class: "layout-row" }, row.items.map(item))),
  );
}

/** @param {Object} block `{title, tasks}` */
export function plan(block, surface) {
  const tasks = (block.tasks ?? []).map((task) => h("li", {}, taskCard(task, surface)));
  return h("section", { class: "card plan" }, h("h3", {}, block.title), h("ol", {}, tasks));
}

/** @param {Object} task `{title, status, details?, output?, sources?}` */
export function taskCard(task, { store }) {
  const sources = (task.sources ?? []).map((source) => h("li", {}, link(source.url, source.text)));
  return h(
    "div",
    { class: "task" },
    h("strong", {}, task.title),
    h("span", { class: "tag" }, STATES[task.status] ?? STATES.complete),
    task.details && richText(task.details, store),
    task.output && richText(task.output, store),
    sources.length > 0 && h("ul", {}, sources),
  );
}
