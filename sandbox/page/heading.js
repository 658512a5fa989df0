// The line above a conversation: its name, its topic, and the two tabs of the app.

import { h } from "./dom.js";
import { statusOf } from "./person.js";
import { hashOf } from "./route.js";

/**
 * @param {Object} conversation @param {boolean} home whether the Home tab is in front
 * @param {import("./store.js").Store} store
 * @returns {HTMLElement}
 */
export function heading(conversation, home, store) {
  const title = store.titleOf(conversation);
  const isChannel = conversation.kind === "channel";
  return h(
    "header",
    { class: "main-heading" },
    h(
      "h1",
      {},
      isChannel ? `# ${title}` : title,
      !isChannel && statusOf(store.people.get(conversation.with)),
    ),
    conversation.archived && h("span", { class: "tag" }, "Archived"),
    conversation.topic && h("p", { class: "topic", title: conversation.topic }, conversation.topic),
    store.isAppConversation(conversation.id) && store.app.home_tab && tabs(conversation.id, home, title),
  );
}

function tabs(channel, home, title) {
  const tab = (label, isHome) =>
    h(
      "a",
      { href: hashOf({ channel, home: isHome }), "aria-current": home === isHome ? "page" : null },
      label,
    );
  return h("nav", { class: "tabs", "aria-label": title }, tab("Home", true), tab("Messages", false));
}

/** A sentence where the app is not installed in this workspace, otherwise nothing. */
export function notInstalled({ app, team }) {
  if (app.installed !== false) return null;
  const words = `${app.name} is not installed in ${team.name}. What it posted stays; its commands, shortcuts and buttons rest until an administrator installs it.`;
  return h("p", { class: "banner", role: "note" }, words);
}
