// What this page knows: who is looking, who works here, which conversations there are, what time it is.

import { Refused } from "./api.js";
import { Calendar } from "./time.js";

/** One reader's view of the workspace, with news for whoever listens. */
export class Store {
  /**
   * @param {string} me the reader's Slack id
   * @param {Object} workspace the answer of `GET /hands/workspace`
   */
  constructor(me, workspace) {
    this.team = workspace.team;
    this.app = workspace.app;
    this.people = new Map(workspace.people.map((person) => [person.id, person]));
    this.me = this.people.get(me);
    this.calendar = new Calendar(this.me.tz ?? "UTC", this.me.locale);
    this.conversations = new Map();
    this.connected = Boolean(workspace.app.connected);
    this.listeners = new Map();
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
    this.tell("conversations", list);
  }

  setConnected(connected) {
    this.connected = connected;
    this.tell("app", connected);
  }

  /** People who can be someone at this page: not the app, not Slackbot, nobody who has left. */
  humans() {
    return [...this.people.values()].filter(
      (person) => !person.deleted && !person.is_bot && person.id !== "USLACKBOT",
    );
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
