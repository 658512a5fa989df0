// Emoji under a message: who reacted, and reacting oneself.

import { h, iconButton } from "./dom.js";
import { emoji } from "./inline.js";
import { openMenu } from "./popup.js";

const OFFERED = ["white_check_mark", "eyes", "+1", "tada", "question"];

/** The reactions to a message; a press adds one's own or takes it away. */
export function reactions(message, place) {
  const all = message.reactions.map((reaction) => h("li", {}, toggle(reaction, message, place)));
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, all);
}

function toggle({ name, users, count }, message, place) {
  const { store } = place;
  const isMine = users.includes(store.me.id);
  const who = users.map((user) => store.nameOf(user)).join(", ");
  return h(
    "button",
    {
      type: "button",
      title: `${who} reacted with :${name}:`,
      "aria-pressed": String(isMine),
      data: { key: `reaction/${message.ts}/${name}` },
      on: { click: () => react(name, isMine, message, place) },
    },
    emoji(name) ?? `:${name}:`,
    ` ${count}`,
  );
}

function react(name, gone, message, { store, hands, channel }) {
  return store.attempt(() => hands.react(channel, message.ts, name, gone));
}

/** The tool of a message that offers a few emoji. */
export function reactButton(message, place) {
  const items = OFFERED.map((name) => ({
    label: [emoji(name), ` ${name.replaceAll("_", " ")}`],
    run: () => react(name, false, message, place),
  }));
  const open = (event) => openMenu(event.currentTarget, items);
  return iconButton("smile", "React", open, {
    "aria-haspopup": "menu",
    data: { key: `react/${message.ts}` },
  });
}
