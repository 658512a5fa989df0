// A conversation or a thread: its messages, its composer, and the news that reach it.

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { announcement } from "./message.js";
import { MessageList } from "./messages.js";

const READ_PAUSE = 250;

/** What a conversation and a thread have in common. */
class Pane {
  constructor({ store, hands, channel, thread = null, openThread = null }) {
    Object.assign(this, { store, hands, channel, thread });
    const older = thread ? undefined : () => this.loadOlder();
    this.messages = new MessageList({ store, hands, channel, openThread }, older);
    this.announcer = h("div", { class: "heard-only", "aria-live": "polite" });
    this.root = h("div", { class: "pane" }, this.messages.root, this.foot(), this.announcer);
    this.composer?.acceptDrops(this.root);
  }

  /** The composer, or the reason why there is none. */
  foot() {
    const { store, hands, channel, thread } = this;
    const conversation = store.conversations.get(channel);
    const why = whyReadOnly(conversation);
    if (why) return h("p", { class: "read-only", role: "note" }, why);
    const title = store.titleOf(conversation);
    const label = thread ? "Reply…" : `Message ${conversation.kind === "channel" ? "#" : ""}${title}`;
    this.composer = new Composer({ store, hands, channel, thread, label });
    return this.composer.root;
  }

  /** Fetch the messages; what arrives live in the meantime may be newer than the answer, and is put on top of it. */
  async load() {
    this.arrived = [];
    await this.store.attempt(() => this.fetch());
    const { arrived } = this;
    this.arrived = null;
    if (arrived.length) this.put(arrived);
  }

  put(messages) {
    this.arrived?.push(...messages);
    const fresh = this.messages.put(messages).filter((message) => message.user !== this.store.me.id);
    if (fresh.length) this.announcer.textContent = this.announcementOf(fresh);
  }

  announcementOf(fresh) {
    const last = announcement(fresh.at(-1), this.store);
    return fresh.length > 1 ? `${fresh.length} new messages. ${last}` : last;
  }

  removed(ts) {
    this.messages.remove(ts);
  }

  /** Dates such as "today" are told anew when the day changes. */
  redraw() {
    this.messages.redraw();
  }
}

function whyReadOnly({ kind, name, archived, member }) {
  if (archived) return `#${name} is archived: it can be read, and nothing new is posted here.`;
  if (kind === "channel" && member === false)
    return `You are looking into #${name} without being a member; only members can post.`;
  return null;
}

const isReply = (message) =>
  message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";

/** The main conversation: a channel or a direct message. */
export class Conversation extends Pane {
  async fetch() {
    const page = await this.hands.messages(this.channel);
    this.more = page.has_more;
    this.messages.reset(page.messages);
    this.messages.setMore(page.has_more);
    this.read();
  }

  async loadOlder() {
    if (!this.more || this.loading) return;
    this.loading = true;
    await this.store.attempt(() => this.fetchOlder());
    this.loading = false;
    this.messages.setMore(this.more);
  }

  async fetchOlder() {
    const page = await this.hands.messages(this.channel, this.messages.oldest);
    this.more = page.has_more;
    this.messages.addOlder(page.messages);
  }

  /** Messages came or changed; replies belong to the thread beside. */
  received(messages) {
    const own = messages.filter((message) => !isReply(message));
    if (own.length) this.put(own);
    this.read();
  }

  /** Only what is really in front of the reader counts as read; one word to the sandbox is enough for a burst. */
  read() {
    if (document.visibilityState !== "visible") return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => this.store.attempt(() => this.hands.read(this.channel)), READ_PAUSE);
  }
}

/** A thread at the side: the root message and its replies. */
export class Thread extends Pane {
  async fetch() {
    const answer = await this.hands.thread(this.channel, this.thread);
    this.messages.reset(answer.messages);
  }

  received(messages) {
    const own = messages.filter(({ ts, thread_ts }) => ts === this.thread || thread_ts === this.thread);
    if (own.length) this.put(own);
  }
}
