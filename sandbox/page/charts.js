// The block `data_visualization`: a small picture, and the same numbers as a table for whoever does not see it.
// Source: Slack reference, "Data visualization block".

import { h, svg } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 24;
const COLOURS = 12;

/** @param {{title: string, chart: Object}} block @returns {HTMLElement} */
export function chart(block) {
  const { chart: what, title } = block;
  const series =
    what.type === "pie" ? [{ name: title, data: what.segments }] : what.series.map(inOrder(what));
  const names = what.type === "pie" ? what.segments.map((one) => one.label) : series.map((one) => one.name);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, title),
    what.type === "pie" ? pie(what.segments, title) : axes({ ...what, series }, title),
    h(
      "ul",
      { class: "legend", "aria-hidden": "true" },
      names.map((name, at) => h("li", {}, h("span", { class: `swatch ${colour(at)}` }), name)),
    ),
    numbers(series),
  );
}

/** The points of a series may come in any order; the categories say which. */
const inOrder =
  ({ axis_config: axis }) =>
  ({ name, data }) => ({
    name,
    data: axis.categories.map((label) => data.find((point) => point.label === label) ?? { label, value: 0 }),
  });

const colour = (at) => `colour-${at % COLOURS}`;

function picture(title, width, ...parts) {
  const props = { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": `Chart: ${title}` };
  return svg("svg", { class: "chart-picture", ...props }, parts);
}

/** Lines, areas and bars share the two axes. */
function axes({ type, series, axis_config: axis }, title) {
  const values = series.flatMap((one) => one.data.map((point) => point.value));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = (value) => HEIGHT - BOTTOM - ((value - low) / (high - low || 1)) * (HEIGHT - BOTTOM - 12);
  const step = (WIDTH - LEFT) / axis.categories.length;
  const frame = { series, scale, step, at: (index) => LEFT + step * (index + 0.5) };
  return picture(
    title,
    WIDTH,
    [low, high].map((value) =>
      svg("text", { x: LEFT - 6, y: scale(value) + 4, class: "chart-number" }, value),
    ),
    svg("path", { class: "chart-axis", d: `M${LEFT} ${scale(0)}H${WIDTH}` }),
    axis.y_label && svg("text", { x: 4, y: 12, class: "chart-name" }, axis.y_label),
    axis.x_label &&
      svg("text", { x: WIDTH - 2, y: scale(0) - 5, class: "chart-name chart-number" }, axis.x_label),
    axis.categories.map((name, index) =>
      svg("text", { x: frame.at(index), y: HEIGHT - 6, class: "chart-category" }, shortened(name, step)),
    ),
    type === "bar" ? bars(frame) : lines(frame, type === "area"),
  );
}

const shortened = (name, width) =>
  name.length * 7 > width ? `${name.slice(0, Math.max(1, width / 7 - 1))}…` : name;

function bars({ series, scale, step, at }) {
  const width = (step * 0.8) / series.length;
  return series.flatMap((one, number) =>
    one.data.map(({ value }, index) =>
      svg("rect", {
        class: colour(number),
        x: at(index) - step * 0.4 + number * width,
        y: Math.min(scale(value), scale(0)),
        width,
        height: Math.abs(scale(value) - scale(0)),
      }),
    ),
  );
}

function lines({ series, scale, at }, isFilled) {
  return series.map((one, number) => {
    const points = one.data.map(({ value }, index) => `${at(index)} ${scale(value)}`).join("L");
    const area = `M${at(0)} ${scale(0)}L${points}L${at(one.data.length - 1)} ${scale(0)}Z`;
    return [
      isFilled && svg("path", { class: `chart-area ${colour(number)}`, d: area }),
      svg("path", { class: `chart-line ${colour(number)}`, d: `M${points}` }),
    ];
  });
}

function pie(segments, title) {
  const whole = segments.reduce((sum, one) => sum + Math.max(one.value, 0), 0) || 1;
  let turned = 0;
  const slices = segments.map(({ value }, at) => {
    const share = Math.max(value, 0) / whole;
    const start = turned;
    turned += share;
    return svg("path", { class: colour(at), d: slice(start, share) });
  });
  return picture(title, HEIGHT, slices);
}

function slice(start, share) {
  const [middle, radius] = [HEIGHT / 2, HEIGHT / 2 - 6];
  const end = start + Math.min(share, 0.9999); // a full circle has no two ends to draw an arc between
  const point = (turn) =>
    [turnX(turn, middle, radius), middle - radius * Math.cos(2 * Math.PI * turn)].join(" ");
  return `M${middle} ${middle}L${point(start)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${point(end)}Z`;
}

const turnX = (turn, middle, radius) => middle + radius * Math.sin(2 * Math.PI * turn);

function numbers(series) {
  const labels = series[0].data.map((point) => point.label);
  const row = (one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, one.name),
      one.data.map(({ value }) => h("td", {}, String(value))),
    );
  return h(
    "details",
    {},
    h("summary", {}, "The numbers"),
    h(
      "div",
      { class: "table-wrap", tabIndex: 0, role: "region", "aria-label": "The numbers" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td"),
            labels.map((label) => h("th", { scope: "col" }, label)),
          ),
        ),
        h("tbody", {}, series.map(row)),
      ),
    ),
  );
}
