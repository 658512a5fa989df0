// The line above a conversation: its name, its topic, and the two tabs of the app.

import { h } from "./dom.js";
import { personSelect, statusOf } from "./person.js";
import { askFor } from "./popup.js";
import { hashOf } from "./route.js";

/**
 * @param {Object} conversation @param {boolean} home whether the Home tab is in front
 * @param {import("./store.js").Store} store @param {import("./api.js").Hands} hands
 * @returns {HTMLElement}
 */
export function heading(conversation, home, store, hands) {
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
    mayInvite(conversation, store) && inviteButton(conversation, store, hands),
    store.isAppConversation(conversation.id) && store.app.home_tab && tabs(conversation.id, home, title),
  );
}

function mayInvite({ kind, member, archived }, { me }) {
  return kind === "channel" && member && !archived && !me.is_restricted && !me.deleted;
}

function inviteButton({ id, name }, store, hands) {
  const invite = async () => {
    const app = store.app.installed === false ? [] : [store.people.get(store.app.user)];
    const others = store.humans().filter((person) => person.id !== store.me.id);
    const question = { title: `Invite to #${name}`, label: "Person or app", confirm: "Invite" };
    const user = await askFor(question, personSelect([...app, ...others], store));
    if (user && (await store.attempt(() => hands.invite(id, user))))
      store.notice(`${store.nameOf(user)} is in #${name} now.`);
  };
  const props = { type: "button", class: "button invite", data: { key: "invite" }, on: { click: invite } };
  return h("button", props, "Invite");
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

/** A sentence where the reader's account has ended, otherwise nothing. */
export function signedOut({ me, team }) {
  if (!me.deleted) return null;
  const words = `This account of ${team.name} is deactivated: nothing can be done with it any more. Be someone else.`;
  return h("p", { class: "banner", role: "note" }, words);
}

/** A sentence where the app is not installed in this workspace, otherwise nothing. */
export function notInstalled({ app, team }) {
  if (app.installed !== false) return null;
  const words = `${app.name} is not installed in ${team.name}. What it posted stays; its commands, shortcuts and buttons rest until an administrator installs it.`;
  return h("p", { class: "banner", role: "note" }, words);
}
