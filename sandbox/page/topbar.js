// The top bar: the clock, whether the app is there, and what opens the drawers.

import { ClockBar } from "./clock.js";
import { fill, h, icon, iconButton } from "./dom.js";

/** The bar over everything. */
export class TopBar {
  /**
   * @param {import("./store.js").Store} store @param {import("./drawer.js").Drawer} drawer
   * @param {() => void} onMenu show or hide the sidebar of a narrow window
   */
  constructor(store, drawer, onMenu) {
    this.store = store;
    this.menuButton = iconButton("menu", "Conversations and people", onMenu, {
      class: "drawer-button",
      "aria-controls": "sidebar",
      "aria-expanded": "false",
    });
    this.connection = h("span", { class: "connection", role: "status" });
    store.on("app", () => this.drawConnection());
    this.drawConnection();
    this.root = h(
      "header",
      { class: "top" },
      this.menuButton,
      new ClockBar(store).root,
      this.connection,
      drawer.opener("log", "Log", icon("list")),
      drawer.opener("faults", "Faults", icon("fault")),
    );
  }

  drawConnection() {
    const { app, connected } = this.store;
    const words = app.installed === false ? "App not installed" : connected ? "App connected" : "App away";
    this.connection.classList.toggle("connected", connected);
    this.connection.title = `${app.name} at ${this.store.team.name}`;
    this.say(words);
  }

  /** The sandbox itself does not answer. */
  drawAway() {
    this.connection.classList.remove("connected");
    this.say("Sandbox away");
  }

  say(words) {
    fill(this.connection, h("span", { class: "dot", "aria-hidden": "true" }), h("span", {}, words));
  }
}
