// The blocks `table` and `data_table`. Source: Slack reference, "Table block", "Data table block".

import { fill, h } from "./dom.js";
import { renderElement } from "./elements.js";
import { richText } from "./richtext.js";

const PAGE = 10;

/** @param {Object} block `{rows, column_settings?}`; the first row is the head @returns {HTMLElement} */
export function table(block, { store }) {
  const [head, ...rows] = block.rows;
  const settings = block.column_settings ?? [];
  const cells = (tag) => (cell, at) => h(tag, cellProps(cell, settings[at], tag), cellNodes(cell, store));
  return wrapped(
    "Table",
    h("thead", {}, h("tr", {}, head.map(cells("th")))),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, row.map(cells("td")))),
    ),
  );
}

/** @param {Object} block `{caption, rows, page_size?, row_header_column_index?}` @returns {HTMLElement} */
export function dataTable(block, surface) {
  return new DataTable(block, surface).root;
}

class DataTable {
  constructor(block, surface) {
    const { store } = surface;
    Object.assign(this, { block, surface, store });
    [this.head, ...this.rows] = block.rows;
    this.size = block.page_size ?? PAGE;
    this.page = 0;
    this.body = h("tbody");
    const heads = this.head.map((cell) => h("th", cellProps(cell, null, "th"), cellNodes(cell, store)));
    this.where = h("span", { role: "status" });
    this.root = h(
      "div",
      { class: "data-table" },
      wrapped(block.caption, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, heads)), this.body),
      this.rows.length > this.size && this.pager(),
    );
    this.draw();
  }

  pager() {
    const button = (label, step) => {
      const click = () => this.turn(step);
      return h("button", { type: "button", class: "button", on: { click } }, label);
    };
    this.back = button("Previous rows", -1);
    this.on = button("Next rows", 1);
    return h("div", { class: "pager" }, this.back, this.where, this.on);
  }

  turn(step) {
    this.page += step;
    this.draw();
  }

  draw() {
    const first = this.page * this.size;
    const shown = this.rows.slice(first, first + this.size);
    fill(
      this.body,
      shown.map((row) =>
        h(
          "tr",
          {},
          row.map((cell, at) => this.cell(cell, at)),
        ),
      ),
    );
    if (!this.back) return;
    this.where.textContent = `${first + 1}–${first + shown.length} of ${this.rows.length}`;
    this.back.disabled = !this.page;
    this.on.disabled = first + this.size >= this.rows.length;
  }

  cell(cell, at) {
    const isHead = at === this.block.row_header_column_index;
    const props = isHead ? { scope: "row" } : cellProps(cell, null, "td");
    const action = cell.type === "action_cell" && renderElement(this.surface.field(this.block, cell.element));
    return h(isHead ? "th" : "td", props, action || cellNodes(cell, this.store));
  }
}

/** A wide table scrolls by itself; the keyboard must be able to reach what scrolls. */
function wrapped(label, ...parts) {
  return h(
    "div",
    { class: "table-wrap", tabIndex: 0, role: "region", "aria-label": label },
    h("table", {}, parts),
  );
}

function cellProps(cell, settings, tag) {
  const align = settings?.align ?? (cell.type === "raw_number" ? "right" : null);
  const look = [align && `align-${align}`, settings?.is_wrapped === false && "unwrapped"].filter(Boolean);
  return { class: look.join(" ") || null, scope: tag === "th" ? "col" : null };
}

function cellNodes(cell, store) {
  if (cell.type === "rich_text") return richText(cell, store);
  return cell.text ?? cell.value ?? "";
}
