// The left side: who you are, your conversations, and everybody else you can be.

import { avatar } from "./avatar.js";
import { fill, h, icon, keepFocus } from "./dom.js";
import { PeopleList } from "./people.js";
import { accountTag, personSelect, statusOf } from "./person.js";
import { ask, askFor, openMenu } from "./popup.js";
import { addressOfPerson } from "./route.js";

/** The sidebar of one person. */
export class Sidebar {
  constructor(store, hands) {
    Object.assign(this, { store, hands });
    this.current = null;
    this.you = h("header", { class: "you" });
    this.lists = h("div", { class: "conversation-lists" });
    this.root = h(
      "nav",
      { class: "sidebar", id: "sidebar", "aria-label": "Conversations and people" },
      this.you,
      this.lists,
      new PeopleList(store).root,
    );
    for (const topic of ["app", "people"]) store.on(topic, () => this.drawYou());
    for (const topic of ["conversations", "people"]) store.on(topic, () => this.drawConversations());
    this.drawYou();
  }

  drawYou() {
    const { me, team, nameOf } = this.store;
    const name = nameOf.call(this.store, me.id);
    keepFocus(this.you, () =>
      fill(
        this.you,
        h("p", { class: "team" }, h("span", {}, team.name), h("small", {}, "Sandbox")),
        h(
          "div",
          { class: "you-card" },
          avatar(me.id, name),
          h("div", { class: "you-words" }, h("strong", {}, name, statusOf(me)), small(me)),
          this.menuButton(name),
        ),
      ),
    );
  }

  menuButton(name) {
    return h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Menu of ${name}`,
        title: `Menu of ${name}`,
        "aria-haspopup": "menu",
        data: { key: "you" },
        on: { click: (event) => openMenu(event.currentTarget, this.menuItems(name)) },
      },
      icon("down"),
    );
  }

  menuItems(name) {
    const { app, me } = this.store;
    const address = addressOfPerson(me.id);
    const second = { label: "Open a second window", hint: `As ${name}, side by side`, href: address };
    const isAdmin = me.is_admin || me.is_owner;
    if (!isAdmin) return [second];
    const hint = "Uninstalls it from this workspace";
    const remove = { label: `Remove app ${app.name}…`, hint, run: () => this.removeApp() };
    return [second, ...this.accountItems(), app.installed !== false && remove].filter(Boolean);
  }

  /** What an administrator does with the accounts of others. */
  accountItems() {
    const { store, hands } = this;
    const others = store.humans().filter((person) => person.id !== store.me.id && !person.is_owner);
    const gone = store.staff().filter((person) => person.deleted);
    const end = { title: "Deactivate an account", label: "Who leaves", confirm: "Deactivate", style: "danger" };
    const back = { title: "Reactivate an account", label: "Who comes back", confirm: "Reactivate" };
    const item = (question, people, act) => ({
      label: `${question.title}…`,
      run: () => this.chooseAccount(question, people, act),
    });
    return [
      others.length > 0 && item(end, others, (user) => hands.deactivate(user)),
      gone.length > 0 && item(back, gone, (user) => hands.reactivate(user)),
    ];
  }

  async chooseAccount(question, people, act) {
    const user = await askFor(question, personSelect(people, this.store));
    if (user) await this.store.attempt(() => act(user));
  }

  async removeApp() {
    const { app, team } = this.store;
    const plain = (text) => ({ type: "plain_text", text });
    const question = {
      title: plain(`Remove ${app.name}?`),
      text: plain(`Its tokens end at once, and it hears nothing of ${team.name} any more. Messages stay.`),
      confirm: plain("Remove app"),
      deny: plain("Keep it"),
      style: "danger",
    };
    if (await ask(question, this.store)) await this.store.attempt(() => this.hands.uninstall());
  }

  drawConversations() {
    const all = [...this.store.conversations.values()].filter((entry) => entry.member !== false);
    const ofKind = (kind) => all.filter((entry) => entry.kind === kind);
    const [channels, direct] = [ofKind("channel"), ofKind("dm")];
    const apps = direct.filter((entry) => this.store.isAppConversation(entry.id));
    const others = direct.filter((entry) => !apps.includes(entry));
    keepFocus(this.lists, () =>
      fill(
        this.lists,
        this.group(
          "Channels",
          channels.filter((entry) => !entry.archived),
        ),
        this.group("Direct messages", others),
        this.group("Apps", apps),
        this.group(
          "Archived",
          channels.filter((entry) => entry.archived),
        ),
      ),
    );
  }

  group(title, list) {
    if (!list.length) return null;
    const rows = list.map((entry) => h("li", {}, this.conversationLink(entry)));
    return h("section", {}, h("h2", {}, title), h("ul", {}, rows));
  }

  conversationLink(entry) {
    const title = this.store.titleOf(entry);
    const isCurrent = entry.id === this.current;
    const unread = isCurrent ? 0 : entry.unread;
    return h(
      "a",
      {
        class: ["conversation", unread && "unread", entry.archived && "archived"].filter(Boolean).join(" "),
        href: `#${entry.id}`,
        title,
        data: { key: entry.id },
        "aria-current": isCurrent ? "page" : null,
      },
      this.sign(entry, title),
      h("span", { class: "conversation-title" }, title),
      entry.archived && h("span", { class: "heard-only" }, "archived"),
      entry.kind === "dm" && statusOf(this.store.people.get(entry.with)),
      unread > 0 && badge(unread),
    );
  }

  sign(entry, title) {
    if (entry.kind === "dm") return avatar(entry.with, title, this.store.isAppConversation(entry.id));
    const sign = entry.archived ? icon("archive") : entry.private ? icon("lock") : "#";
    return h("span", { class: "hash", "aria-hidden": "true" }, sign);
  }

  /** Mark the conversation in front of the reader. */
  select(id) {
    this.current = id;
    this.drawConversations();
  }
}

function small(person) {
  return h("small", {}, person.profile?.title, accountTag(person));
}

function badge(unread) {
  return h(
    "span",
    { class: "badge" },
    unread > 99 ? "99+" : String(unread),
    h("span", { class: "heard-only" }, " unread"),
  );
}
