// The page: puts its parts together for one person and passes the news on.

import { Hands, sandbox } from "./api.js";
import { ClockBar } from "./clock.js";
import { Conversation, Thread } from "./conversation.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { Home } from "./home.js";
import { Live } from "./live.js";
import { LogPane } from "./log.js";
import { Modal } from "./modal.js";
import { notices } from "./notice.js";
import { hashOf, hashOfQuery, parseRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Calendar } from "./time.js";

const REFRESH_PAUSE = 120;

class Page {
  constructor(store) {
    this.store = store;
    this.hands = new Hands(store.me.id);
    this.modal = new Modal(store, this.hands);
    this.home = new Home(store, this.hands);
    this.sidebar = new Sidebar(store, calendars());
    this.log = new LogPane(store, () => this.toggleLog());
    this.main = h("main", { class: "main", id: "main", tabIndex: -1 });
    this.side = h("aside", { class: "side", hidden: true, "aria-label": "Thread" });
    this.day = store.calendar.day(store.now());
  }

  async start() {
    fill(
      document.body,
      this.skipLink(),
      this.topBar(),
      this.sidebar.root,
      this.main,
      this.side,
      this.log.root,
      notices(this.store),
      this.modal.dialog,
    );
    await this.refreshConversations();
    addEventListener("hashchange", () => this.go());
    this.store.on("conversations", () => this.drawTitle());
    document.addEventListener("visibilitychange", () => this.conversation?.read());
    addEventListener("keydown", (event) => event.key === "Escape" && this.toggleDrawer(false));
    this.main.addEventListener("click", () => this.toggleDrawer(false));
    this.store.on("clock", () => this.dayMayHaveChanged());
    setInterval(() => this.dayMayHaveChanged(), 30_000);
    this.live = new Live(this.store.me.id, {
      onEvent: (event) => this.heard(event),
      onBack: () => this.reload(),
      onAway: () => this.away(),
    });
    await this.go();
    await this.modal.sync();
  }

  skipLink() {
    const skip = (event) => {
      event.preventDefault();
      (this.main.querySelector(".composer-text") ?? this.main).focus();
    };
    return h("a", { class: "skip", href: "#main", on: { click: skip } }, "Skip to the conversation");
  }

  topBar() {
    this.drawerButton = iconButton("menu", "Conversations and people", () => this.toggleDrawer(), {
      class: "drawer-button",
      "aria-controls": "sidebar",
      "aria-expanded": "false",
    });
    this.logButton = h(
      "button",
      {
        type: "button",
        class: "clock-button",
        "aria-expanded": "false",
        "aria-controls": "log",
        on: { click: () => this.toggleLog() },
      },
      icon("list"),
      "Log",
    );
    this.connection = h("span", { class: "connection", role: "status" });
    this.store.on("app", () => this.drawConnection());
    this.drawConnection();
    return h(
      "header",
      { class: "top" },
      this.drawerButton,
      new ClockBar(this.store).root,
      this.connection,
      this.logButton,
    );
  }

  drawConnection() {
    const { app, connected } = this.store;
    this.connection.classList.toggle("connected", connected);
    this.connection.title = `${app.name} is ${connected ? "connected" : "away"}`;
    fill(
      this.connection,
      h("span", { class: "dot", "aria-hidden": "true" }),
      connected ? "App connected" : "App away",
    );
  }

  away() {
    this.connection.classList.remove("connected");
    fill(this.connection, h("span", { class: "dot", "aria-hidden": "true" }), "Sandbox away");
  }

  toggleDrawer(open = !document.body.classList.contains("drawer-open")) {
    document.body.classList.toggle("drawer-open", open);
    this.drawerButton.setAttribute("aria-expanded", String(open));
  }

  async toggleLog() {
    this.logButton.setAttribute("aria-expanded", String(await this.log.toggle()));
  }

  async refreshConversations() {
    const answer = await this.hands.conversations();
    this.store.setConversations(answer.conversations);
  }

  /** News come in bursts; one look at the list serves them all. */
  refreshSoon() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => this.store.attempt(() => this.refreshConversations()), REFRESH_PAUSE);
  }

  /** Show what the address says. */
  async go() {
    const route = this.wanted();
    if (!route) return;
    this.toggleDrawer(false);
    const same = this.route?.channel === route.channel && this.route.home === route.home;
    this.route = route;
    if (!same) await this.openMain(route);
    await this.openSide(route);
  }

  wanted() {
    const route = parseRoute(location.hash || hashOfQuery(new URLSearchParams(location.search)));
    if (route && this.store.conversations.has(route.channel)) return route;
    const all = [...this.store.conversations.values()];
    const first = all.find((entry) => this.store.isAppConversation(entry.id)) ?? all[0];
    return first ? { channel: first.id, home: false, thread: null } : null;
  }

  async openMain(route) {
    const { channel } = route;
    this.sidebar.select(channel);
    const conversation = this.store.conversations.get(channel);
    const title = this.store.titleOf(conversation);
    const label = conversation.kind === "channel" ? `Message #${title}` : `Message ${title}`;
    this.title = `${title} · ${this.store.nameOf(this.store.me.id)} · ${this.store.team.name}`;
    this.drawTitle();
    this.conversation = route.home
      ? null
      : new Conversation({
          store: this.store,
          hands: this.hands,
          channel,
          label,
          openThread: (thread) => this.openThread(thread),
        });
    const shown = this.conversation ?? this.home;
    fill(this.main, this.mainHeading(route, conversation, title), shown.root);
    await shown.load();
    this.conversation?.composer.text.focus();
  }

  /** The tab of the browser tells of what waits unread, so that two windows can be watched at once. */
  drawTitle() {
    const waiting = [...this.store.conversations.values()].filter(
      (entry) => entry.id !== this.route?.channel,
    );
    const unread = waiting.reduce((sum, entry) => sum + (entry.unread ?? 0), 0);
    document.title = unread ? `(${unread}) ${this.title}` : this.title;
  }

  mainHeading(route, conversation, title) {
    const tab = (label, home) =>
      h(
        "a",
        {
          href: hashOf({ channel: route.channel, home }),
          "aria-current": route.home === home ? "page" : null,
        },
        label,
      );
    const tabs =
      this.store.isAppConversation(conversation.id) &&
      this.store.app.home_tab &&
      h("nav", { class: "tabs", "aria-label": `${title}` }, tab("Home", true), tab("Messages", false));
    return h(
      "header",
      { class: "main-heading" },
      h("h1", {}, conversation.kind === "channel" ? `# ${title}` : title),
      conversation.topic && h("p", { class: "topic" }, conversation.topic),
      tabs,
    );
  }

  openThread(thread) {
    location.hash = hashOf({ channel: this.route.channel, thread });
  }

  async openSide({ channel, thread }) {
    this.side.hidden = !thread;
    document.body.classList.toggle("side-open", Boolean(thread));
    if (this.thread?.thread === thread && this.thread?.channel === channel) return;
    this.thread = thread
      ? new Thread({ store: this.store, hands: this.hands, channel, thread, label: "Reply…" })
      : null;
    if (!thread) return;
    fill(
      this.side,
      h(
        "header",
        { class: "main-heading" },
        h("h2", {}, "Thread"),
        iconButton("close", "Close the thread", () => {
          location.hash = hashOf({ channel });
        }),
      ),
      this.thread.root,
    );
    await this.thread.load();
    this.thread.composer.text.focus();
  }

  /** What was missed while the sandbox was away. */
  reload() {
    return this.store.attempt(() => this.fetchAgain());
  }

  async fetchAgain() {
    const { app, clock } = await sandbox.workspace();
    this.store.setClock(clock);
    this.store.setConnected(Boolean(app.connected));
    await this.refreshConversations();
    await Promise.all([
      this.conversation?.load(),
      this.thread?.load(),
      this.route?.home && this.home.load(),
      this.modal.sync(),
      this.log.reset(),
    ]);
  }

  heard(event) {
    this.hear[event.type]?.call(this, event);
  }

  hear = {
    message({ channel, message }) {
      if (channel === this.route?.channel) {
        this.conversation?.received(message);
        this.thread?.received(message);
      }
      this.refreshSoon();
    },
    message_deleted({ channel, ts }) {
      if (channel !== this.route?.channel) return;
      this.conversation?.removed(ts);
      this.thread?.removed(ts);
    },
    conversation() {
      this.refreshSoon();
    },
    view_opened: viewsChanged,
    view_updated: viewsChanged,
    view_pushed: viewsChanged,
    view_closed: viewsChanged,
    home({ view }) {
      this.home.show(view);
    },
    notice({ text }) {
      this.store.notice(text);
    },
    clock(reading) {
      this.store.setClock(reading);
    },
    log({ entry }) {
      this.log.add(entry);
    },
    app({ connected }) {
      this.store.setConnected(connected);
    },
  };

  /** "Today" is another day once the clock has moved past midnight. */
  dayMayHaveChanged() {
    const today = this.store.calendar.day(this.store.now());
    if (today === this.day) return;
    this.day = today;
    for (const shown of [this.conversation, this.thread, this.route?.home && this.home])
      if (shown) shown.redraw();
  }
}

function viewsChanged() {
  this.modal.sync();
}

/** One calendar per zone, made when first needed. */
function calendars() {
  const made = new Map();
  return (zone) => made.get(zone) ?? made.set(zone, new Calendar(zone)).get(zone);
}

/** The person of the address (`?as=U0MIRA`), or the first of the company. */
function chosenPerson(workspace) {
  const wanted = new URLSearchParams(location.search).get("as");
  const someone = workspace.people.find(
    (person) => !person.deleted && !person.is_bot && person.id !== "USLACKBOT",
  );
  return workspace.people.some((person) => person.id === wanted) ? wanted : someone.id;
}

const workspace = await sandbox.workspace();
await new Page(new Store(chosenPerson(workspace), workspace)).start();
