// What comes over the live wire, and which part of the page it concerns.

/** Passes the news on to the parts of a page; see `Live` for what calls it. */
export class News {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** All that came since the last picture: the lists are drawn once for the whole burst. */
  onNews(news) {
    this.messages = [];
    this.entries = [];
    this.counted = false;
    for (const one of news) this[one.type]?.(one);
    this.passMessages();
    if (news.some((one) => one.type.startsWith("view_"))) this.page.modal.sync();
    if (this.counted) this.page.store.tell("conversations");
    if (this.entries.length) this.page.drawer.log.add(this.entries);
  }

  onBack() {
    this.page.reload();
  }

  onAway() {
    this.page.topBar.drawAway();
  }

  passMessages() {
    if (!this.messages.length) return;
    this.page.conversation?.received(this.messages);
    this.page.thread?.received(this.messages);
  }

  message({ channel, message }) {
    if (channel === this.page.route?.channel) this.messages.push(message);
    if (this.page.store.count(channel, message)) this.counted = true;
    else this.page.refreshSoon();
  }

  message_deleted({ channel, ts }) {
    this.passMessages(); // in the order in which it happened
    this.messages = [];
    if (channel === this.page.route?.channel) {
      this.page.conversation?.removed(ts);
      this.page.thread?.removed(ts);
    }
    this.page.refreshSoon();
  }

  conversation({ conversation }) {
    const { conversations } = this.page.store;
    const before = conversations.get(conversation.id);
    conversations.set(conversation.id, conversation);
    this.counted = true;
    // Who comes into a channel that is in front can write in it from now on, and who is taken out cannot.
    if (before && before.member !== conversation.member) this.page.membershipChanged(conversation.id);
  }

  home({ view }) {
    this.page.home.show(view);
  }

  notice({ text }) {
    this.page.store.notice(text);
  }

  clock(reading) {
    this.page.store.setClock(reading);
  }

  log({ entry }) {
    this.entries.push(entry);
  }

  faults({ faults }) {
    this.page.drawer.faults.show(faults);
  }

  person({ person }) {
    this.page.store.setPerson(person);
  }

  /** The app was installed or removed: with it come and go commands, shortcuts and its account. */
  installation() {
    this.page.reload();
  }

  app({ connected }) {
    this.page.store.setConnected(connected);
  }
}
