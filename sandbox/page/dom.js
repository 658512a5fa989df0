// Building the page's elements. People's text only ever passes through text nodes, so it can never become markup.

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "selected",
  "multiple",
  "required",
  "tabIndex",
  "open",
]);

/**
 * Build one element.
 * @param {string} tag
 * @param {Object} [props] `class`, `on` (listeners by event name), `data` (dataset); the rest are attributes.
 *   null, undefined and false leave an attribute out, true sets it empty.
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) apply(element, name, value);
  element.append(...present(children));
  return element;
}

function apply(element, name, value) {
  if (value == null) return;
  if (name in GROUPS) {
    for (const [key, entry] of Object.entries(value)) GROUPS[name](element, key, entry);
  } else if (PROPERTIES.has(name)) {
    element[name] = value;
  } else if (value !== false) {
    element.setAttribute(name, value === true ? "" : value);
  }
}

const GROUPS = {
  on: (element, event, listener) => element.addEventListener(event, listener),
  data: (element, key, entry) => {
    if (entry != null) element.dataset[key] = entry;
  },
};

function present(children) {
  return children.flat(Infinity).filter((child) => child != null && child !== false);
}

/** Put `children` in place of what `element` holds. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

/**
 * Redraw part of the page without taking the keyboard away from who is using it: the control with the same
 * `data-key` gets the focus, and its text caret, back. Where it is gone, what stands there now gets the focus if it can.
 * @param {HTMLElement} root
 * @param {() => HTMLElement|void} redraw gives the element that stands in the place of `root`, if another does
 */
export function keepFocus(root, redraw) {
  const active = document.activeElement;
  const hadFocus = root.contains(active);
  const caret = active.selectionStart;
  const now = redraw() ?? root;
  if (!hadFocus) return;
  const again = withKey(now, active.dataset.key) ?? now;
  again.focus({ preventScroll: true });
  // Other kinds of fields have no caret: there it reads as null, or as nothing at all.
  if (again !== now && Number.isInteger(caret)) again.setSelectionRange(caret, caret);
}

/** The element that stands where this one stood before it was drawn anew, if any does. */
export function standIn(element) {
  if (element.isConnected) return element;
  const { ts } = element.closest("[data-ts]")?.dataset ?? {}; // the same button may stand in many messages
  const place = ts ? document.querySelector(`[data-ts="${ts}"]`) : document;
  return place && (withKey(place, element.dataset.key) ?? (ts && place));
}

function withKey(root, key) {
  return key && [...root.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M8 12.5l6.5-6.5a3 3 0 0 1 4.3 4.3l-8.6 8.6a5 5 0 0 1-7.1-7.1L11 3.9",
  send: "M3 11.5L21 3l-7 18-3.2-7.3z",
  bolt: "M13 2L5 13.5h6L10 22l9-12.5h-6.5z",
  reply: "M4 5h16v11h-8l-5 4v-4H4z",
  more: "M12 5v1M12 11.5v1M12 18v1",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  menu: "M4 6h16M4 12h16M4 18h16",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  down: "M6 9l6 6 6-6",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
  smile: "M12 3a9 9 0 1 0 .01 0zM8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500v.01M15 9.500v.01",
  archive: "M4 4h16v5H4zM6 9v11h12V9M10 13h4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  window: "M14 4h6v6M20 4l-8 8M11 5H5v14h14v-6",
  fault: "M12 3l10 18H2zM12 10v5M12 18v.01",
  up: "M6 15l6-6 6 6",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  good: "M7 11v9H4v-9zM7 11l4-8c2 0 2.500 1.500 2 4l-.5 2H19l-1.500 9.500H7",
  bad: "M7 13V4H4v9zM7 13l4 8c2 0 2.500-1.500 2-4l-.5-2H19l-1.500-9.500H7",
  video: "M4 5h16v14H4zM10 9l5 3-5 3z",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
};

/** Build one element of a drawing; attributes and children as in `h`. @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...present(children));
  return element;
}

/** @param {keyof typeof ICONS} name @returns {SVGElement} a decorative icon; the button around it carries the label */
export function icon(name) {
  const props = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" };
  return svg("svg", props, svg("path", { d: ICONS[name] }));
}

/** A button that shows an icon; `label` is what it does, for the tooltip and for screen readers. */
export function iconButton(name, label, onClick, props = {}) {
  return h(
    "button",
    {
      type: "button",
      "aria-label": label,
      title: label,
      ...props,
      class: `icon-button ${props.class ?? ""}`,
      on: { click: onClick },
    },
    icon(name),
  );
}
