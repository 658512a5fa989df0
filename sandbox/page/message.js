// One message: who, when, what, and what can be done with it.

import { renderBlocks } from "./blocks.js";
import { h, icon, iconButton } from "./dom.js";
import { fileCard } from "./files.js";
import { avatar } from "./avatar.js";
import { messageActions } from "./messageactions.js";
import { mrkdwn, spoken } from "./mrkdwn.js";
import { accountTag, statusOf } from "./person.js";
import { openMenu } from "./popup.js";
import { reactButton, reactions } from "./reactions.js";
import { Surface } from "./surface.js";
import { instantOfTs } from "./time.js";

/** The most seconds between two messages of one author that read as one. */
const CLOSE_TOGETHER = 300;

/** Who wrote a message, and under which name. */
export function authorOf(message, store) {
  if (!message.bot_id) return { id: message.user, name: store.nameOf(message.user), isApp: false };
  return { id: message.bot_id, name: message.username ?? store.app.name, isApp: true };
}

/** Whether a message reads as a continuation of the one before it. */
export function continues(message, before, store) {
  if (
    !before ||
    message.subtype ||
    before.subtype ||
    Boolean(message.ephemeral) !== Boolean(before.ephemeral)
  )
    return false;
  const sameAuthor = authorOf(message, store).id === authorOf(before, store).id;
  return sameAuthor && Number(message.ts) - Number(before.ts) < CLOSE_TOGETHER && !before.reply_count;
}

/** A message in a sentence, for people who listen. */
export function announcement(message, store) {
  const files = (message.files ?? []).map((file) => file.name).join(", ");
  return `${authorOf(message, store).name}: ${spoken(message.text ?? "", store)} ${files}`.trim();
}

/**
 * @param {Object} message Slack's message object
 * @param {Object} place where it is shown
 * @param {import("./store.js").Store} place.store
 * @param {import("./api.js").Hands} place.hands
 * @param {string} place.channel
 * @param {Map<string, any>} place.values what was filled in on this message
 * @param {((ts: string) => void)|null} place.openThread null where the message already stands in its thread
 * @returns {HTMLElement}
 */
export function renderMessage(message, place) {
  const { store } = place;
  const author = authorOf(message, store);
  const look = [
    "message",
    message.ephemeral && "ephemeral",
    message.subtype?.startsWith("channel_") && "happening",
  ]
    .filter(Boolean)
    .join(" ");
  return h(
    "article",
    {
      class: look,
      tabIndex: -1,
      data: { ts: message.ts, key: message.ts },
      "aria-label": `Message from ${author.name}`,
    },
    message.ephemeral && h("p", { class: "only-you" }, "Only visible to you"),
    h(
      "div",
      { class: "message-side" },
      avatar(author.id, author.name, author.isApp),
      h("span", { class: "side-time" }, store.calendar.time(instantOfTs(message.ts))),
    ),
    h(
      "div",
      { class: "message-main" },
      byline(message, author, store),
      body(message, place),
      message.files &&
        h(
          "div",
          { class: "files" },
          message.files.map((file) => fileCard(file, place.hands)),
        ),
      message.reactions?.length > 0 && reactions(message, place),
      place.openThread && message.reply_count > 0 && threadSummary(message, place),
    ),
    tools(message, place),
  );
}

function byline(message, author, store) {
  const at = instantOfTs(message.ts);
  const title = `${store.calendar.words("long", at)}, ${store.calendar.words("seconds", at)} (${store.calendar.zone})`;
  return h(
    "div",
    { class: "byline" },
    h("strong", {}, author.name),
    author.isApp ? h("span", { class: "app-mark" }, "APP") : accountMarks(store.people.get(author.id)),
    h("time", { datetime: new Date(at).toISOString(), title }, store.calendar.time(at)),
  );
}

function accountMarks(person) {
  return [statusOf(person), accountTag(person)];
}

function body(message, { store, hands, channel, values }) {
  const edited = message.edited && h("span", { class: "edited" }, "(edited)");
  // What a person typed is drawn from the text, which says the same as its rich text.
  if (message.blocks?.length && !message.client_msg_id) {
    const surface = new Surface({
      store,
      hands,
      target: { channel, ts: message.ts },
      blocks: message.blocks,
      values,
    });
    return h("div", { class: "blocks" }, renderBlocks(surface), edited);
  }
  return message.text ? h("div", { class: "text" }, mrkdwn(message.text, store), edited) : edited;
}

function threadSummary(message, { store, openThread }) {
  const count = message.reply_count;
  const latest =
    message.latest_reply &&
    `Last reply ${store.calendar.ago(instantOfTs(message.latest_reply), store.now())}`;
  return h(
    "button",
    {
      type: "button",
      class: "thread-summary",
      data: { key: `thread/${message.ts}` },
      on: { click: () => openThread(message.ts) },
    },
    (message.reply_users ?? []).map((user) => avatar(user, store.nameOf(user), user === store.app.user)),
    h("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    latest && h("small", {}, latest),
  );
}

function tools(message, place) {
  const buttons = [replyButton, reactButton, moreButton].map((make) => make(message, place)).filter(Boolean);
  return buttons.length && !message.ephemeral ? h("div", { class: "message-tools" }, buttons) : null;
}

function replyButton(message, { openThread }) {
  return (
    openThread &&
    iconButton("reply", "Reply in thread", () => openThread(message.thread_ts ?? message.ts), {
      data: { key: `reply/${message.ts}` },
    })
  );
}

function moreButton(message, place) {
  const items = messageActions(message, place);
  const open = (event) => openMenu(event.currentTarget, items);
  const props = { "aria-haspopup": "menu", data: { key: `more/${message.ts}` } };
  return items.length > 0 && iconButton("more", "More message actions", open, props);
}
