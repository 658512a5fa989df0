// The left side: who you are, your conversations, and everybody else you can be.

import { avatar } from "./avatar.js";
import { fill, h, keepFocus } from "./dom.js";

const MINUTE = 60_000;

/** The sidebar of one person. */
export class Sidebar {
  constructor(store, clocks) {
    Object.assign(this, { store, clocks });
    this.current = null;
    this.lists = h("div", { class: "conversation-lists" });
    this.people = h("ul", { class: "people" });
    this.root = h(
      "nav",
      { class: "sidebar", id: "sidebar", "aria-label": "Conversations and people" },
      this.heading(),
      this.lists,
      h("section", { class: "others" }, h("h2", {}, "Be someone else"), this.people),
    );
    this.drawPeople();
    store.on("conversations", () => this.drawConversations());
    store.on("clock", () => this.tick());
    setInterval(() => this.tick(), MINUTE / 4);
    this.tick();
  }

  heading() {
    const { me, team } = this.store;
    return h(
      "header",
      { class: "you" },
      h("p", { class: "team" }, team.name, h("small", {}, "Sandbox")),
      h(
        "div",
        { class: "you-card" },
        avatar(me.id, this.store.nameOf(me.id)),
        h("div", {}, h("strong", {}, this.store.nameOf(me.id)), h("small", {}, me.profile?.title)),
      ),
    );
  }

  drawPeople() {
    this.localTimes = [];
    fill(
      this.people,
      this.store.humans().map((person) => h("li", {}, this.personLink(person))),
    );
  }

  /** A real link: a click becomes that person, a middle click opens a second window as that person. */
  personLink(person) {
    const name = this.store.nameOf(person.id);
    const time = h("time", { class: "local-time" });
    this.localTimes.push([person.tz ?? "UTC", time]);
    return h(
      "a",
      {
        class: "person",
        href: `?as=${person.id}`,
        "aria-current": person.id === this.store.me.id ? "true" : null,
      },
      avatar(person.id, name),
      h("span", { class: "person-words" }, h("span", {}, name), h("small", {}, person.profile?.title)),
      time,
    );
  }

  tick() {
    const now = this.store.now();
    for (const [zone, place] of this.localTimes) place.textContent = this.clocks(zone).time(now);
  }

  drawConversations() {
    const all = [...this.store.conversations.values()].filter((entry) => entry.member !== false);
    const ofKind = (kind) => all.filter((entry) => entry.kind === kind);
    const direct = ofKind("dm");
    const apps = direct.filter((entry) => this.store.isAppConversation(entry.id));
    const others = direct.filter((entry) => !apps.includes(entry));
    keepFocus(this.lists, () =>
      fill(
        this.lists,
        this.group("Channels", ofKind("channel")),
        this.group("Direct messages", others),
        this.group("Apps", apps),
      ),
    );
  }

  group(title, list) {
    if (!list.length) return null;
    return h(
      "section",
      {},
      h("h2", {}, title),
      h(
        "ul",
        {},
        list.map((entry) => h("li", {}, this.conversationLink(entry))),
      ),
    );
  }

  conversationLink(entry) {
    const title = this.store.titleOf(entry);
    const unread = entry.id === this.current ? 0 : entry.unread;
    const sign =
      entry.kind === "channel"
        ? h("span", { class: "hash", "aria-hidden": "true" }, "#")
        : avatar(entry.with, title, this.store.isAppConversation(entry.id));
    return h(
      "a",
      {
        class: unread ? "conversation unread" : "conversation",
        href: `#${entry.id}`,
        data: { key: entry.id },
        "aria-current": entry.id === this.current ? "page" : null,
      },
      sign,
      h("span", { class: "conversation-title" }, title),
      unread > 0 &&
        h("span", { class: "badge", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread)),
    );
  }

  /** Mark the conversation in front of the reader. */
  select(id) {
    this.current = id;
    this.drawConversations();
  }
}
