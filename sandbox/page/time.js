// Dates in the words of one person: their zone, their locale. Instants are milliseconds since 1970, as in Date.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FORMATS = {
  date: { day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  longThisYear: { weekday: "long", day: "numeric", month: "long" },
  slash: { day: "2-digit", month: "2-digit", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  weekday: { weekday: "short" },
};

// Slack reference: "Formatting text for app surfaces", date tokens; "Date element", format strings.
const TOKENS = {
  date_num: (calendar, at) => calendar.day(at),
  date_slash: (calendar, at) => calendar.words("slash", at),
  date_long: (calendar, at) => calendar.words("long", at),
  date_long_full: (calendar, at) => calendar.words("date", at),
  date_long_pretty: (calendar, at, now) => calendar.pretty("long", at, now),
  date: (calendar, at) => calendar.words("date", at),
  date_pretty: (calendar, at, now) => calendar.pretty("date", at, now),
  date_short: (calendar, at) => calendar.words("short", at),
  date_short_pretty: (calendar, at, now) => calendar.pretty("short", at, now),
  day_divider_pretty: (calendar, at, now) => calendar.dayTitle(at, now),
  time: (calendar, at) => calendar.time(at),
  time_secs: (calendar, at) => calendar.words("seconds", at),
  ago: (calendar, at, now) => calendar.ago(at, now),
};

/** The calendar of one person. Making a formatter is slow, so each is made once and kept. */
export class Calendar {
  /** @param {string} zone IANA name @param {string} [locale] */
  constructor(zone, locale = "en-GB") {
    this.zone = zone;
    this.locale = locale;
    this.formatters = new Map();
  }

  formatter(name, options) {
    if (!this.formatters.has(name)) {
      this.formatters.set(name, new Intl.DateTimeFormat(this.locale, { ...options, timeZone: this.zone }));
    }
    return this.formatters.get(name);
  }

  words(name, at) {
    return this.formatter(name, FORMATS[name]).format(at);
  }

  time(at) {
    return this.words("time", at);
  }

  /** The local wall clock at an instant, written as if it were UTC. */
  wall(at) {
    const options = {
      ...FORMATS.seconds,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      numberingSystem: "latn",
      calendar: "gregory",
    };
    const parts = this.formatter("wall", options).formatToParts(at);
    const part = (type) => Number(parts.find((entry) => entry.type === type).value);
    return Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
  }

  /** The local day as YYYY-MM-DD. */
  day(at) {
    return new Date(this.wall(at)).toISOString().slice(0, 10);
  }

  /** The local date and minute as a datetime-local field wants it. */
  fieldValue(at) {
    return new Date(this.wall(at)).toISOString().slice(0, 16);
  }

  /** The instant of a local wall time, `YYYY-MM-DDTHH:MM`. A time that a spring gap skips becomes the hour after it. */
  instant(local) {
    const wall = Date.parse(`${local}Z`);
    const guess = wall - (this.wall(wall) - wall);
    return guess + (wall - this.wall(guess));
  }

  /** The first 09:00 of a Monday-to-Friday after `now`. */
  nextMorning(now) {
    for (let wall = Date.parse(`${this.day(now)}T09:00Z`); ; wall += DAY) {
      const weekend = [0, 6].includes(new Date(wall).getUTCDay());
      const morning = this.instant(new Date(wall).toISOString().slice(0, 16));
      if (!weekend && morning > now) return morning;
    }
  }

  /** Whole local days from now to `at`: -1 is yesterday. */
  daysAway(at, now) {
    return Math.round((Date.parse(this.day(at)) - Date.parse(this.day(now))) / DAY);
  }

  pretty(name, at, now) {
    return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[this.daysAway(at, now)] ?? this.words(name, at);
  }

  dayTitle(at, now) {
    const sameYear = this.day(at).slice(0, 4) === this.day(now).slice(0, 4);
    const title = this.pretty(sameYear ? "longThisYear" : "long", at, now);
    return title[0].toUpperCase() + title.slice(1);
  }

  ago(at, now) {
    const away = at - now;
    const [unit, size] = [
      ["day", DAY],
      ["hour", HOUR],
      ["minute", MINUTE],
    ].find((entry) => Math.abs(away) >= entry[1]) ?? ["second", 1000];
    return new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(
      Math.trunc(away / size),
      unit,
    );
  }

  /**
   * Fill Slack's date tokens.
   * @param {string} template e.g. "due {date_short_pretty} at {time}"
   * @param {number} at instant @param {number} now instant, for "today" and "ago"
   */
  fillTokens(template, at, now) {
    return template.replace(/\{(\w+)\}/g, (token, name) =>
      Object.hasOwn(TOKENS, name) ? TOKENS[name](this, at, now) : token,
    );
  }
}

/** The instant of a message ts ("1766400000.000100"). */
export function instantOfTs(ts) {
  return Number(ts) * 1000;
}
