// Initials in a colour, so that people are told apart at a glance.

import { h } from "./dom.js";

const HUES = 12;

/** @param {string} id decides the colour @param {string} name gives the initials */
export function avatar(id, name, isApp = false) {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return h(
    "span",
    { class: `avatar hue-${hueOf(id)} ${isApp ? "avatar-app" : ""}`, "aria-hidden": "true" },
    initials,
  );
}

function hueOf(id = "") {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % HUES;
}
