// Initials in a colour, so that people are told apart at a glance.

import { h } from "./dom.js";

const HUES = 12;

/** @param {string} name @returns {string} one or two letters; an emoji of several code points stays whole */
export function initials(name) {
  const signs = new Intl.Segmenter();
  return name
    .trim()
    .split(/\s+/)
    .map((word) => signs.segment(word)[Symbol.iterator]().next().value?.segment ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

/** @param {string} id decides the colour @param {string} name gives the initials */
export function avatar(id, name, isApp = false) {
  const look = `avatar hue-${hueOf(id)} ${isApp ? "avatar-app" : ""}`;
  return h("span", { class: look, "aria-hidden": "true" }, initials(name));
}

function hueOf(id = "") {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % HUES;
}
