// The page of one person: puts its parts together and shows what the address says.

import { Hands, sandbox } from "./api.js";
import { Conversation, Thread } from "./conversation.js";
import { fill, h, iconButton, keepFocus } from "./dom.js";
import { Drawer } from "./drawer.js";
import { heading, notInstalled, signedOut } from "./heading.js";
import { Home } from "./home.js";
import { Live } from "./live.js";
import { Modal } from "./modal.js";
import { News } from "./news.js";
import { notices } from "./notice.js";
import { hashOf, parseRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { TopBar } from "./topbar.js";

const REFRESH_PAUSE = 120;

/** Everything one person sees. */
export class Page {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.hands = new Hands(store.me.id);
    this.modal = new Modal(store, this.hands);
    this.home = new Home(store, this.hands);
    this.sidebar = new Sidebar(store, this.hands);
    this.drawer = new Drawer(store);
    this.topBar = new TopBar(store, this.drawer, () => this.toggleSidebar());
    this.main = h("main", { class: "main", id: "main", tabIndex: -1 });
    this.side = h("aside", { class: "side", hidden: true, "aria-label": "Thread" });
    this.day = store.calendar.day(store.now());
  }

  /** The elements of the page, in the order in which the keyboard walks them. */
  parts() {
    return [
      this.skipLink(),
      this.topBar.root,
      this.sidebar.root,
      this.main,
      this.side,
      this.drawer.root,
      notices(this.store),
      this.modal.dialog,
    ];
  }

  /** @param {string} place the hash to begin at; nothing is the conversation with the app */
  async start(place) {
    await this.store.attempt(() => this.refreshConversations());
    this.listen();
    if (place && place !== location.hash) history.replaceState(null, "", place);
    this.live = new Live(this.store.me.id, new News(this));
    await this.go();
    await this.modal.sync();
  }

  listen() {
    const { store } = this;
    store.listen(window, "hashchange", () => this.go());
    store.listen(document, "visibilitychange", () => this.conversation?.read());
    store.listen(window, "keydown", (event) => event.key === "Escape" && this.toggleSidebar(false));
    this.main.addEventListener("click", () => this.toggleSidebar(false));
    store.on("conversations", () => this.drawHeading());
    store.on("clock", () => this.dayMayHaveChanged());
    store.on("app", () => this.drawHeading());
    store.on("people", () => this.drawHeading());
    store.on("people", () => this.redraw());
    store.every(30_000, () => this.dayMayHaveChanged());
  }

  /** The reader becomes somebody else. */
  end() {
    this.live?.end();
    this.store.end();
    this.modal.dialog.remove();
  }

  get place() {
    return this.route ? hashOf(this.route) : "";
  }

  skipLink() {
    const skip = (event) => {
      event.preventDefault();
      (this.main.querySelector(".composer-text") ?? this.main).focus();
    };
    return h("a", { class: "skip", href: "#main", on: { click: skip } }, "Skip to the conversation");
  }

  toggleSidebar(open = !document.body.classList.contains("drawer-open")) {
    document.body.classList.toggle("drawer-open", open);
    this.topBar.menuButton.setAttribute("aria-expanded", String(open));
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
    this.toggleSidebar(false);
    const same = this.route?.channel === route.channel && this.route.home === route.home;
    this.route = route;
    if (!same) await this.openMain(route);
    await this.openSide(route);
  }

  wanted() {
    const route = parseRoute(location.hash);
    if (route && this.store.conversations.has(route.channel)) return route;
    const all = [...this.store.conversations.values()];
    const first = all.find((entry) => this.store.isAppConversation(entry.id)) ?? all[0];
    return first ? { channel: first.id, home: false, thread: null } : null;
  }

  async openMain({ channel, home }) {
    this.sidebar.select(channel);
    this.store.current = channel;
    const { store, hands } = this;
    const openThread = (thread) => this.openThread(thread);
    this.conversation = home ? null : new Conversation({ store, hands, channel, openThread });
    const shown = this.conversation ?? this.home;
    this.heading = h("div", { class: "main-top" });
    this.drawHeading();
    fill(this.main, this.heading, shown.root);
    await shown.load();
    this.focusMain();
    if (!home && this.store.isAppConversation(channel)) store.attempt(() => hands.messagesTab());
  }

  membershipChanged(channel) {
    if (channel === this.route?.channel) this.openMain(this.route);
  }

  /** Where the reader types, unless a modal or the log has the keyboard. */
  focusMain() {
    const elsewhere = document.activeElement?.closest("dialog, .drawer");
    if (!elsewhere) this.conversation?.composer?.text.focus();
  }

  drawHeading() {
    const conversation = this.store.conversations.get(this.route?.channel);
    if (!conversation) return;
    this.drawTitle();
    const { store, hands } = this;
    const top = heading(conversation, this.route.home, store, hands);
    keepFocus(this.heading, () => fill(this.heading, top, signedOut(store), notInstalled(store)));
  }

  /** The tab of the browser tells of what waits unread, so that two windows can be watched at once. */
  drawTitle() {
    const conversation = this.store.conversations.get(this.route?.channel);
    if (!conversation) return;
    const { store } = this;
    const waiting = [...store.conversations.values()].filter((entry) => entry !== conversation);
    const unread = waiting.reduce((sum, entry) => sum + (entry.unread ?? 0), 0);
    const title = `${store.titleOf(conversation)} · ${store.nameOf(store.me.id)} · ${store.team.name}`;
    document.title = unread ? `(${unread}) ${title}` : title;
  }

  openThread(thread) {
    location.hash = hashOf({ channel: this.route.channel, thread });
  }

  async openSide({ channel, thread }) {
    this.side.hidden = !thread;
    document.body.classList.toggle("side-open", Boolean(thread));
    if (this.thread?.thread === thread && this.thread?.channel === channel) return;
    const { store, hands, thread: before } = this;
    this.thread = thread ? new Thread({ store, hands, channel, thread }) : null;
    if (!thread) return before && this.backFrom(before);
    fill(this.side, this.sideHeading(channel), this.thread.root);
    await this.thread.load();
    this.thread.composer?.text.focus();
  }

  /** The keyboard goes back to the message whose thread was open. */
  backFrom({ thread }) {
    this.conversation?.messages.focus(thread);
  }

  sideHeading(channel) {
    const close = () => {
      location.hash = hashOf({ channel });
    };
    return h(
      "header",
      { class: "main-heading" },
      h("h2", {}, "Thread"),
      iconButton("close", "Close the thread", close),
    );
  }

  /** What was missed while the sandbox was away. */
  reload() {
    return this.store.attempt(() => this.fetchAgain());
  }

  async fetchAgain() {
    const { app, clock, people } = await sandbox.workspace(this.store.team.id);
    this.store.setPeople(people);
    this.store.setClock(clock);
    this.store.setApp(app);
    await this.refreshConversations();
    await Promise.all([
      this.conversation?.load(),
      this.thread?.load(),
      this.route?.home && this.home.load(),
      this.modal.sync(),
      this.drawer.reset(),
    ]);
  }

  /** "Today" is another day once the clock has moved past midnight. */
  dayMayHaveChanged() {
    const today = this.store.calendar.day(this.store.now());
    if (today === this.day) return;
    this.day = today;
    this.redraw();
  }

  redraw() {
    for (const shown of [this.conversation, this.thread, this.route?.home && this.home])
      if (shown) shown.redraw();
  }
}
