// How a person's account shows beside the name: status, guest, deactivated.

import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";

/** The status emoji with its words as tooltip, or nothing. @param {Object} [person] Slack's user object */
export function statusOf(person) {
  const { status_emoji: name = "", status_text: words = "" } = person?.profile ?? {};
  if (!name && !words) return null;
  const sign = emojiOf(name.replaceAll(":", "")) ?? "💬";
  const label = words || name.replaceAll(":", "").replaceAll("_", " ");
  return h(
    "span",
    { class: "emoji status", role: "img", title: label, "aria-label": `Status: ${label}` },
    sign,
  );
}

/** A field in which one of several accounts is chosen. @param {Object[]} people */
export function personSelect(people, store) {
  const options = people.map((person) => h("option", { value: person.id }, store.nameOf(person.id)));
  return h("select", { class: "input", required: true }, options);
}

/** "Guest" or "Deactivated", as Slack marks such accounts, or nothing. @param {Object} [person] */
export function accountTag(person) {
  if (person?.deleted) return h("span", { class: "tag" }, "Deactivated");
  if (person?.is_restricted || person?.is_ultra_restricted) return h("span", { class: "tag" }, "Guest");
  return null;
}
