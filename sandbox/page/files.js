// Files as messages show them.

import { h, icon } from "./dom.js";

const PICTURE = /^image\/(png|jpe?g|gif|webp)$/;
const UNITS = ["bytes", "KB", "MB", "GB"];

/** A size in words: 1536 → "1.5 KB". @param {number} bytes */
export function sizeWords(bytes) {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const amount = bytes / 1000 ** step;
  return `${step && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[step]}`;
}

/**
 * A file: name and size, a preview of pictures, a click opens it.
 * @param {Object} file Slack's file object
 * @param {import("./api.js").Hands} hands
 */
export function fileCard(file, hands) {
  if (file.mode === "tombstone") return h("p", { class: "file-gone" }, "This file was deleted.");
  const address = hands.fileAddress(file.id);
  const name = file.title || file.name;
  const kind = file.pretty_type ?? file.filetype;
  const words = h(
    "span",
    { class: "file-words" },
    h("strong", {}, name),
    h("small", {}, `${kind} · ${sizeWords(file.size)}`),
  );
  const preview =
    PICTURE.test(file.mimetype) && h("img", { src: address, alt: `Preview of ${name}`, loading: "lazy" });
  const props = {
    class: preview ? "file-card file-picture" : "file-card",
    href: address,
    target: "_blank",
    rel: "noopener",
  };
  return h(
    "a",
    props,
    h("span", { class: "file-head" }, h("span", { class: "file-icon" }, icon("file")), words),
    preview,
  );
}
