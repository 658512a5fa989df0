// Everybody the reader can be. A click becomes that person; the small square opens a second window as that person.

import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { accountTag, statusOf } from "./person.js";
import { addressOfPerson } from "./route.js";
import { Calendar } from "./time.js";

const TICK = 15_000;
const MANY = 20;

/** The list of people at the bottom of the sidebar. */
export class PeopleList {
  constructor(store) {
    this.store = store;
    this.clocks = new Map();
    this.list = h("ul", { class: "people" });
    this.root = h("section", { class: "others" }, h("h2", {}, "Be someone else"), this.finder(), this.list);
    store.on("people", () => this.draw());
    store.on("clock", () => this.tick());
    store.every(TICK, () => this.tick());
    this.draw();
  }

  finder() {
    if (this.store.staff().length <= MANY) return null;
    const words = "Find a person";
    const input = (event) => this.narrow(event.currentTarget.value);
    return h("input", {
      type: "search",
      class: "finder",
      placeholder: words,
      "aria-label": words,
      on: { input },
    });
  }

  narrow(words) {
    const wanted = words.trim().toLowerCase();
    for (const row of this.list.children) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }

  draw() {
    this.localTimes = [];
    const gone = this.store.staff().filter((person) => person.deleted);
    const rows = [
      ...this.store.humans().map((person) => this.row(person)),
      ...gone.map((one) => this.left(one)),
    ];
    fill(this.list, rows);
    this.tick();
  }

  row(person) {
    const name = this.store.nameOf(person.id);
    const label = `${name} in a second window`;
    const second = {
      class: "second",
      target: "_blank",
      href: addressOfPerson(person.id),
      "aria-label": label,
    };
    return h("li", {}, this.link(person, name), h("a", { ...second, title: label }, icon("window")));
  }

  /** A real link, so that a middle click opens a second window too. */
  link(person, name) {
    const time = h("time", { class: "local-time" });
    this.localTimes.push([person.tz ?? "UTC", time]);
    const isMe = person.id === this.store.me.id;
    return h(
      "a",
      { class: "person", href: addressOfPerson(person.id), "aria-current": isMe ? "true" : null },
      avatar(person.id, name),
      words(person, name),
      time,
    );
  }

  /** Somebody who has left still stands here, since their name stands in messages; nobody can be them. */
  left(person) {
    const name = this.store.nameOf(person.id);
    return h(
      "li",
      {},
      h("span", { class: "person person-left" }, avatar(person.id, name), words(person, name)),
    );
  }

  tick() {
    const now = this.store.now();
    for (const [zone, place] of this.localTimes) place.textContent = this.clock(zone).time(now);
  }

  clock(zone) {
    if (!this.clocks.has(zone)) this.clocks.set(zone, new Calendar(zone));
    return this.clocks.get(zone);
  }
}

function words(person, name) {
  return h(
    "span",
    { class: "person-words" },
    h("span", {}, name, statusOf(person)),
    h("small", {}, person.profile?.title, accountTag(person)),
  );
}
