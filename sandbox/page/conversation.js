// A conversation or a thread: its messages, its composer, and the news that reach it.

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { announcement } from "./message.js";
import { MessageList } from "./messages.js";

/** What a conversation and a thread have in common. */
class Pane {
  constructor({ store, hands, channel, thread = null, openThread = null, label }) {
    Object.assign(this, { store, hands, channel, thread });
    const older = thread ? undefined : () => this.loadOlder();
    this.messages = new MessageList({ store, hands, channel, openThread }, older);
    this.composer = new Composer({ store, hands, channel, thread, label });
    this.announcer = h("div", { class: "heard-only", "aria-live": "polite" });
    this.root = h("div", { class: "pane" }, this.messages.root, this.composer.root, this.announcer);
    this.composer.acceptDrops(this.root);
  }

  /** Fetch the messages; what arrives live in the meantime may be newer than the answer, and is put on top of it. */
  async load() {
    this.arrived = [];
    await this.store.attempt(() => this.fetch());
    const { arrived } = this;
    this.arrived = null;
    for (const message of arrived) this.put(message);
  }

  put(message) {
    this.arrived?.push(message);
    const isNew = this.messages.put(message);
    if (isNew && message.user !== this.store.me.id)
      this.announcer.textContent = announcement(message, this.store);
  }

  removed(ts) {
    this.messages.remove(ts);
  }

  /** Dates such as "today" are told anew when the day changes. */
  redraw() {
    this.messages.reset(this.messages.entries.map((entry) => entry.message));
  }
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
    const came = await this.store.attempt(() => this.fetchOlder());
    this.loading = false;
    if (came) this.messages.setMore(this.more);
  }

  async fetchOlder() {
    const page = await this.hands.messages(this.channel, this.messages.oldest);
    this.more = page.has_more;
    this.messages.addOlder(page.messages);
  }

  /** A message came or changed; replies belong to the thread beside. */
  received(message) {
    if (!isReply(message)) this.put(message);
    this.read();
  }

  /** Only what is really in front of the reader counts as read. */
  read() {
    if (document.visibilityState === "visible") this.store.attempt(() => this.hands.read(this.channel));
  }
}

/** A thread at the side: the root message and its replies. */
export class Thread extends Pane {
  async fetch() {
    const answer = await this.hands.thread(this.channel, this.thread);
    this.messages.reset(answer.messages);
  }

  received(message) {
    if (message.ts === this.thread || message.thread_ts === this.thread) this.put(message);
  }
}
