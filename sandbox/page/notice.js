// Short sentences that pass by at the top: what did not work and why.

import { h, iconButton } from "./dom.js";

const SHOWN_FOR = 9000;

/** @param {import("./store.js").Store} store @returns {HTMLElement} the place where notices appear */
export function notices(store) {
  const place = h("div", { class: "notices", role: "status", "aria-live": "assertive", popover: "manual" });
  store.on("notice", (text) => show(place, text));
  return place;
}

function show(place, text) {
  const remove = () => {
    note.remove();
    if (!place.children.length && place.isConnected) place.hidePopover();
  };
  const note = h("p", { class: "notice" }, h("span", {}, text), iconButton("close", "Put away", remove));
  place.append(note);
  // Shown anew each time, so that it stands above a modal that opened since.
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
  setTimeout(remove, SHOWN_FOR);
}
