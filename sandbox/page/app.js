// Where everything begins: who the reader is, in which workspace, and the page of that person.

import { sandbox } from "./api.js";
import { fill, h } from "./dom.js";
import { Page } from "./page.js";
import { watchPresses } from "./presses.js";
import { Rail } from "./rail.js";
import { hashOfQuery } from "./route.js";
import { Store } from "./store.js";

/** The window of one reader, who may become somebody else at any time. */
class Desk {
  constructor() {
    this.places = new Map(); // by person: where they were last, to go on there
    this.lastIn = new Map(); // by workspace: who the reader was last
    this.said = h("div", { class: "heard-only", role: "status" });
    this.rail = new Rail();
    addEventListener("popstate", () => this.addressChanged());
    document.addEventListener("click", (event) => this.clicked(event));
  }

  async begin() {
    await this.rail.load();
    await this.show(location.hash || hashOfQuery(new URLSearchParams(location.search)));
  }

  /** A link to another person or workspace changes this page; with a key held it opens a window, as links do. */
  clicked(event) {
    const link = event.target.closest?.('a[href^="?"]:not([target])');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.leave();
    history.pushState(null, "", link.getAttribute("href"));
    this.become();
  }

  addressChanged() {
    const { person } = asked();
    if (person && person !== this.page?.store.me.id) {
      this.leave();
      this.become(location.hash);
    }
  }

  /** Remember where this person was. */
  leave() {
    if (this.page) this.places.set(this.page.store.me.id, this.page.place);
  }

  async become(place) {
    await this.show(place);
    const { me, team } = this.page.store;
    this.said.textContent = `You are now ${this.page.store.nameOf(me.id)} at ${team.name}.`;
  }

  async show(place) {
    const { workspace, person } = await this.find(asked());
    this.page?.end();
    this.lastIn.set(workspace.team.id, person);
    if (!asked().person) history.replaceState(null, "", `?as=${person}${place ?? ""}`);
    const store = new Store(person, workspace);
    this.rail.select(workspace.team.id);
    this.page = new Page(store);
    fill(document.body, this.page.parts(), this.said, this.rail.root);
    document.body.className = this.rail.isWanted ? "with-rail" : "";
    await this.page.start(place ?? this.places.get(person) ?? "");
  }

  /** The workspace in which the wanted person works; nobody in particular is whoever the reader was there last. */
  async find({ team, person }) {
    const teams = this.rail.workspaces.map((entry) => entry.id);
    const likely = team ?? this.page?.store.team.id ?? teams[0];
    for (const id of [likely, ...teams.filter((other) => other !== likely)]) {
      const workspace = await sandbox.workspace(id);
      const known = (wanted) => workspace.people.some((entry) => entry.id === wanted && !entry.deleted);
      if (known(person)) return { workspace, person };
      if (!person && id === team) return { workspace, person: this.lastIn.get(id) ?? first(workspace) };
    }
    const workspace = await sandbox.workspace(likely);
    return { workspace, person: first(workspace) };
  }
}

/** What the address asks for. */
function asked() {
  const query = new URLSearchParams(location.search);
  return { team: query.get("team"), person: query.get("as") };
}

function first({ people }) {
  return people.find((person) => !person.deleted && !person.is_bot && person.id !== "USLACKBOT").id;
}

watchPresses();
await new Desk().begin();
