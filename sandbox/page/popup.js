// Things that open above the page: menus, small panels, questions. The browser's own popovers and dialogs give the top
// layer, Escape and the return of the focus.

import { fill, h, standIn } from "./dom.js";
import { mrkdwn, plainText } from "./mrkdwn.js";

const GAP = 4;

/**
 * Open a small panel beside a button; it closes with Escape, a click elsewhere, or `close()`.
 * @param {HTMLElement} anchor @param {HTMLElement} content
 * @param {() => void} [onClose]
 * @returns {() => void} close
 */
export function openPanel(anchor, content, onClose = () => {}) {
  const panel = h("div", { class: "panel", popover: "auto" }, content);
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    panel.remove();
    if (document.activeElement === document.body) standIn(anchor)?.focus(); // the anchor may have been drawn anew
    onClose();
  });
  // Not beside the anchor: a row of messages that is skipped while out of sight would take the panel with it.
  (anchor.closest("dialog") ?? document.body).append(panel);
  anchor.setAttribute("aria-expanded", "true"); // before the focus moves on: what shows the anchor may hang on it
  panel.showPopover();
  place(panel, anchor.getBoundingClientRect());
  panel.querySelector("[autofocus], input, button")?.focus();
  return () => panel.hidePopover();
}

function place(panel, at) {
  const { width, height } = panel.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight;
  panel.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  panel.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - height - GAP)}px`;
}

/**
 * Open a menu beside a button. Arrow keys move, Enter chooses.
 * @param {HTMLElement} anchor
 * @param {Array<{label: string|Node[], hint?: string, run?: () => void, href?: string}>} items
 */
export function openMenu(anchor, items) {
  const menu = h(
    "div",
    { role: "menu", class: "menu", on: { keydown: walk } },
    items.map((item) => menuItem(item, () => close())),
  );
  const close = openPanel(anchor, menu);
}

function menuItem(item, close) {
  const choose = () => {
    close();
    item.run?.();
  };
  const link = item.href
    ? { href: item.href, target: "_blank", rel: "noopener noreferrer" }
    : { type: "button" };
  return h(
    item.href ? "a" : "button",
    { ...link, role: "menuitem", class: "menu-item", on: { click: choose } },
    h("span", {}, item.label),
    item.hint && h("small", {}, item.hint),
  );
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

/**
 * Ask before an action, in the words the app gave.
 * @param {Object} confirm Slack's confirmation dialog object
 * @param {import("./store.js").Store} store
 * @returns {Promise<boolean>}
 */
export function ask(confirm, store) {
  const look = confirm.style === "danger" ? "button danger" : "button primary";
  const dialog = h("dialog", {
    class: "dialog question",
    role: "alertdialog",
    "aria-label": confirm.title?.text ?? "Are you sure?",
  });
  const answer = (value) => ({ click: () => dialog.close(value) });
  const body = confirm.text?.type === "mrkdwn" ? mrkdwn(confirm.text.text, store) : plainText(confirm.text);
  fill(
    dialog,
    h("h2", {}, plainText(confirm.title)),
    h("div", { class: "question-text" }, body),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "button", on: answer("no") }, plainText(confirm.deny)),
      h(
        "button",
        { type: "button", class: look, on: answer("yes"), autofocus: true },
        plainText(confirm.confirm),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/**
 * Ask for one thing in a dialog of its own.
 * @param {{title: string, label: string, confirm: string, style?: string}} question
 * @param {HTMLInputElement|HTMLSelectElement|HTMLTextAreaElement} field what is filled in
 * @returns {Promise<string|null>} null for a change of mind
 */
export function askFor({ title, label, confirm, style = "primary" }, field) {
  const dialog = h("dialog", { class: "dialog question", "aria-label": title });
  const cancel = { type: "button", class: "button", on: { click: () => dialog.close("no") } };
  field.id = `asked-${crypto.randomUUID()}`;
  field.autofocus = true;
  fill(
    dialog,
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, title),
      h("div", { class: "question-text block-input" }, h("label", { for: field.id }, label), field),
      h(
        "footer",
        {},
        h("button", cancel, "Cancel"),
        h("button", { type: "submit", class: `button ${style}`, value: "yes" }, confirm),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? field.value : null);
    });
  });
}

/** Ask if the element wants it. @returns {Promise<boolean>} true to go on */
export async function agreed(element, store) {
  return !element.confirm || ask(element.confirm, store);
}
