// What this page knows: who is looking, who works here, which conversations there are, what time it is.

import { Refused } from "./api.js";
import { Calendar } from "./time.js";

/** One reader's view of one workspace, with news for whoever listens, until the reader becomes somebody else. */
export class Store {
  /**
   * @param {string} me the reader's Slack id
   * @param {Object} workspace the answer of `GET /hands/workspace`
   */
  constructor(me, workspace) {
    this.team = workspace.team;
    this.setPeople(workspace.people);
    this.me = this.people.get(me);
    this.calendar = new Calendar(this.me.tz ?? "UTC", this.me.locale);
    this.conversations = new Map();
    this.listeners = new Map();
    this.ending = new AbortController();
    this.setApp(workspace.app);
    this.setClock(workspace.clock);
  }

  /** @param {string} topic @param {(news: any) => void} listener */
  on(topic, listener) {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  /** Tell all who listen to a topic. */
  tell(topic, news) {
    for (const listener of this.listeners.get(topic) ?? []) listener(news);
  }

  /** Listen to the window or the document for as long as the reader is this person. */
  listen(target, event, listener) {
    target.addEventListener(event, listener, { signal: this.ending.signal });
  }

  /** Do something again and again for as long as the reader is this person. */
  every(milliseconds, action) {
    const timer = setInterval(action, milliseconds);
    this.ending.signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** The reader is somebody else from now on. */
  end() {
    this.listeners.clear();
    this.ending.abort();
  }

  /** Tell the reader a sentence. */
  notice(text) {
    this.tell("notice", text);
  }

  /**
   * Do something the sandbox may refuse; a refusal is told to the reader.
   * @param {() => Promise<any>} action
   * @returns {Promise<boolean>} whether it went through
   */
  async attempt(action) {
    try {
      await action();
      return true;
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      this.notice(refusal.message);
      return false;
    }
  }

  setClock(reading) {
    this.clock = reading;
    this.clockBase = Date.parse(reading.now);
    this.clockRead = performance.now();
    this.tell("clock", reading);
  }

  /** Sandbox time as an instant; between readings it runs on by itself. */
  now() {
    const elapsed = this.clock.playing ? (performance.now() - this.clockRead) * (this.clock.speed ?? 1) : 0;
    return this.clockBase + elapsed;
  }

  setConversations(list) {
    this.conversations = new Map(list.map((conversation) => [conversation.id, conversation]));
    this.tell("conversations");
  }

  /**
   * Count a message in the list of conversations, as the sandbox does; whoever calls tells "conversations" afterwards.
   * @returns {boolean} false where the conversation is not in the list yet
   */
  count(channel, message) {
    const conversation = this.conversations.get(channel);
    if (!conversation) return false;
    const isNew = Number(message.ts) > Number(conversation.last_ts ?? 0);
    if (isNew && !message.ephemeral) {
      conversation.last_ts = message.ts;
      const isReply = message.thread_ts && message.thread_ts !== message.ts;
      if (conversation.member && !isReply && message.user !== this.me.id) conversation.unread += 1;
    }
    return true;
  }

  setApp(app) {
    this.app = app;
    this.connected = Boolean(app.connected);
    this.tell("app", app);
  }

  setConnected(connected) {
    this.setApp({ ...this.app, connected });
  }

  setPeople(people) {
    this.people = new Map(people.map((person) => [person.id, person]));
  }

  /** Somebody's name, status or account changed. */
  setPerson(person) {
    this.people.set(person.id, person);
    if (person.id === this.me.id) this.me = person;
    this.tell("people", person);
  }

  /** People with an account: not the app, not Slackbot. */
  staff() {
    return [...this.people.values()].filter((person) => !person.is_bot && person.id !== "USLACKBOT");
  }

  /** People who can be someone at this page: nobody who has left. */
  humans() {
    return this.staff().filter((person) => !person.deleted);
  }

  nameOf(id) {
    const person = this.people.get(id);
    return person ? person.profile?.real_name || person.real_name || person.name : id;
  }

  /** The direct conversation with the app, which has a Home tab too. */
  isAppConversation(id) {
    const conversation = this.conversations.get(id);
    return conversation?.kind === "dm" && conversation.with === this.app.user;
  }

  /** What a conversation is called in the list. */
  titleOf(conversation) {
    return conversation.kind === "dm" ? this.nameOf(conversation.with) : conversation.name;
  }
}
