// Where in the workspace the reader is, kept in the address: #C0GENERAL, #D0X/home, #C0GENERAL/thread/1766400000.000100

/** @typedef {{channel: string, home: boolean, thread: string|null}} Route */

/** @param {string} hash @returns {Route|null} */
export function parseRoute(hash) {
  const match = /^#(\w+)(?:\/(home)|\/thread\/([\d.]+))?$/.exec(hash);
  return match && { channel: match[1], home: Boolean(match[2]), thread: match[3] ?? null };
}

/** A permalink arrives as `?channel=…&ts=…`. @param {URLSearchParams} query @returns {string} */
export function hashOfQuery(query) {
  return query.has("channel") ? hashOf({ channel: query.get("channel"), thread: query.get("ts") }) : "";
}

/** @param {Route} route @returns {string} */
export function hashOf({ channel, home = false, thread = null }) {
  if (thread) return `#${channel}/thread/${thread}`;
  return home ? `#${channel}/home` : `#${channel}`;
}

/** @param {string} person Slack id @returns {string} the address of the page as that person */
export function addressOfPerson(person) {
  return `?as=${person}`;
}

/** @param {string} team Slack id @returns {string} the address of a workspace, as whoever the reader was there last */
export function addressOfWorkspace(team) {
  return `?team=${team}`;
}
