// The live wire: the sandbox tells this person's page what happened.

const FIRST_WAIT = 300;
const LONGEST_WAIT = 2000;

/** A WebSocket that reconnects by itself, waiting a little longer after each failure. */
export class Live {
  /**
   * @param {string} user
   * @param {{onEvent: (event: Object) => void, onBack: () => void, onAway: () => void}} listeners
   *   `onBack` comes after a *re*connection only: the moment to reload what may have been missed.
   */
  constructor(user, listeners) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/${user}`;
    this.listeners = listeners;
    this.wait = FIRST_WAIT;
    this.lost = false;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.address);
    socket.addEventListener("open", () => this.opened());
    socket.addEventListener("message", (frame) => this.listeners.onEvent(JSON.parse(frame.data)));
    socket.addEventListener("close", () => this.closed());
  }

  opened() {
    this.wait = FIRST_WAIT;
    if (this.lost) this.listeners.onBack();
    this.lost = false;
  }

  closed() {
    this.lost = true;
    this.listeners.onAway();
    setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}
