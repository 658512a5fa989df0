// The sandbox clock: what time it is for this person, and the buttons that move it.

import { fill, h, icon, iconButton } from "./dom.js";
import { sandbox } from "./api.js";
import { openPanel } from "./popup.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How fast the sandbox's time may run, in its seconds per second. */
const SPEEDS = [
  [1, "Real time"],
  [60, "1 min/s"],
  [3600, "1 hour/s"],
  [86_400, "1 day/s"],
];

/** The clock of the top bar. */
export class ClockBar {
  constructor(store) {
    this.store = store;
    this.date = h("span", { class: "clock-date" });
    this.time = h("strong", { class: "clock-time" });
    this.face = h(
      "time",
      { class: "clock-face", title: `Sandbox time in ${store.calendar.zone}` },
      this.date,
      this.time,
      h("span", { class: "clock-zone" }, store.calendar.zone),
    );
    this.play = h("button", {
      type: "button",
      class: "clock-button",
      on: { click: () => this.move({ playing: !store.clock.playing }) },
    });
    this.speed = this.speedSelect();
    this.root = h(
      "div",
      { class: "clock", role: "group", "aria-label": "Sandbox clock" },
      this.face,
      this.play,
      this.jumps(),
    );
    store.on("clock", () => this.tick());
    store.every(1000, () => this.tick());
    this.tick();
  }

  speedSelect() {
    const change = (event) =>
      this.move({ playing: this.store.clock.playing, speed: Number(event.currentTarget.value) });
    const options = SPEEDS.map(([value, label]) => h("option", { value }, label));
    const label = "How fast time runs";
    return h("select", { class: "clock-button", "aria-label": label, title: label, on: { change } }, options);
  }

  jumps() {
    const jump = (label, change, title) =>
      h(
        "button",
        { type: "button", class: "clock-button", title, on: { click: () => this.move(change()) } },
        label,
      );
    const morning = () => ({ to: new Date(this.store.calendar.nextMorning(this.store.now())).toISOString() });
    return h(
      "div",
      { class: "clock-jumps" },
      this.speed,
      jump("+1 hour", () => ({ advance: HOUR }), "Move the clock on by an hour"),
      jump("Next morning", morning, "Move the clock to 09:00 of the next working day"),
      jump("+1 day", () => ({ advance: DAY }), "Move the clock on by a day"),
      jump("+1 week", () => ({ advance: 7 * DAY }), "Move the clock on by a week"),
      iconButton("calendar", "Go to a date and time", (event) => this.choose(event.currentTarget), {
        class: "clock-button",
      }),
    );
  }

  choose(anchor) {
    const { calendar } = this.store;
    const now = calendar.fieldValue(this.store.now());
    const field = h("input", {
      type: "datetime-local",
      class: "input",
      value: now,
      min: now,
      required: true,
    });
    const go = (event) => {
      event.preventDefault();
      close();
      this.move({ to: new Date(calendar.instant(field.value)).toISOString() });
    };
    const close = openPanel(
      anchor,
      h(
        "form",
        { class: "goto", on: { submit: go } },
        h("label", {}, `Go to (${calendar.zone})`, field),
        h("small", {}, "The clock only moves forward."),
        h("button", { type: "submit", class: "button primary" }, "Go"),
      ),
    );
  }

  move(change) {
    return this.store.attempt(async () => this.store.setClock(await sandbox.moveClock(change)));
  }

  tick() {
    const { calendar, clock } = this.store;
    const now = this.store.now();
    this.date.textContent = `${calendar.words("weekday", now)} ${calendar.words("short", now)}`;
    this.time.textContent = calendar.time(now);
    this.face.dateTime = new Date(now).toISOString();
    this.speed.value = nearestSpeed(clock.speed ?? 1);
    if (this.drawn === clock.playing) return;
    this.drawn = clock.playing;
    const label = clock.playing ? "Pause the clock" : "Let the clock run";
    fill(this.play, icon(clock.playing ? "pause" : "play"));
    this.play.title = label;
    this.play.setAttribute("aria-label", label);
  }
}

/** A program may have set a speed that is not offered here. */
function nearestSpeed(speed) {
  return SPEEDS.map(([value]) => value).findLast((value) => value <= speed) ?? 1;
}
