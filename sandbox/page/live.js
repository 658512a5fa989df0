// The live wire: the sandbox tells this person's page what happened.

import { released } from "./presses.js";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 2000;
const LONGEST_FRAME = 100;

/** A WebSocket that reconnects by itself, waiting a little longer after each failure. */
export class Live {
  /**
   * @param {string} user
   * @param {{onNews: (news: Object[]) => void, onBack: () => void, onAway: () => void}} listeners
   *   `onNews` gets all that came since the last picture was drawn, so that a burst is drawn once, and none mid-press.
   *   `onBack` comes after a *re*connection only: the moment to reload what may have been missed.
   */
  constructor(user, listeners) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/${user}`;
    this.listeners = listeners;
    this.wait = FIRST_WAIT;
    this.lost = false;
    this.ended = false;
    this.waiting = [];
    this.connect();
  }

  connect() {
    if (this.ended) return;
    this.socket = new WebSocket(this.address);
    this.socket.addEventListener("open", () => this.opened());
    this.socket.addEventListener("message", (frame) => this.received(JSON.parse(frame.data)));
    this.socket.addEventListener("close", () => this.closed());
  }

  opened() {
    this.wait = FIRST_WAIT;
    if (this.lost) this.listeners.onBack();
    this.lost = false;
  }

  received(news) {
    this.waiting.push(news);
    if (this.waiting.length === 1) beforeNextPicture(() => this.pass());
  }

  async pass() {
    await released();
    const news = this.waiting;
    this.waiting = [];
    if (!this.ended) this.listeners.onNews(news);
  }

  closed() {
    if (this.ended) return;
    this.lost = true;
    this.listeners.onAway();
    setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  /** Hang up for good. */
  end() {
    this.ended = true;
    this.socket.close();
  }
}

/** A window nobody looks at draws no pictures, yet its title tells what waits unread: there a timer stands in. */
function beforeNextPicture(action) {
  let timer;
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    action();
  });
  timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    action();
  }, LONGEST_FRAME);
}
