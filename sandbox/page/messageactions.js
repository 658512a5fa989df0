// What the menu of a message offers: the shortcuts of the app, and changing or deleting the message.

import { h } from "./dom.js";
import { typedAgain } from "./mrkdwn.js";
import { ask, askFor } from "./popup.js";

/** @returns {Array<{label: string, hint?: string, run: () => void}>} */
export function messageActions(message, place) {
  return [...shortcuts(message, place), ...changes(message, place)];
}

function shortcuts(message, { store, hands, channel }) {
  const all = (store.app.shortcuts ?? []).filter((shortcut) => shortcut.type === "message");
  return all.map((shortcut) => ({
    label: shortcut.name,
    hint: store.app.name,
    run: () => store.attempt(() => hands.shortcut(shortcut.callback_id, channel, message.ts)),
  }));
}

/** People change their own messages; administrators may also delete what others wrote. */
function changes(message, place) {
  const { store, channel } = place;
  const { archived, member } = store.conversations.get(channel) ?? {};
  if (archived || member === false || message.subtype === "tombstone") return [];
  const isMine = message.user === store.me.id;
  const edit = { label: "Edit message…", run: () => edited(message, place) };
  const remove = { label: "Delete message…", run: () => removed(message, place) };
  return [isMine && edit, (isMine || store.me.is_admin) && remove].filter(Boolean);
}

async function edited(message, { store, hands, channel }) {
  const field = h("textarea", { class: "input", rows: 4, value: typedAgain(message.text, store) });
  const text = await askFor({ title: "Edit message", label: "Message", confirm: "Save" }, field);
  if (text !== null) await store.attempt(() => hands.edit(channel, message.ts, text.trim()));
}

async function removed(message, { store, hands, channel }) {
  const plain = (text) => ({ type: "plain_text", text });
  const question = {
    title: plain("Delete message?"),
    text: plain("It is gone for everybody, and the app hears of it. This cannot be taken back."),
    confirm: plain("Delete"),
    deny: plain("Cancel"),
    style: "danger",
  };
  if (await ask(question, store)) await store.attempt(() => hands.delete(channel, message.ts));
}
