// What a person can do, as calls to the sandbox (the hands API).

import { released } from "./presses.js";

/** The sandbox said no. `message` is a sentence for the person, `code` is for the program. */
export class Refused extends Error {
  constructor(answer, status) {
    super(answer.message || answer.error || `The sandbox answered ${status}.`);
    this.code = answer.error;
  }
}

/** The hands of one person. */
export class Hands {
  /** @param {string} user the person's Slack id */
  constructor(user) {
    this.user = user;
    this.own = `/hands/${user}`;
  }

  conversations() {
    return get(`${this.own}/conversations`);
  }

  /** The newest page of a conversation, or the page before the message `before`; in time order. */
  messages(channel, before) {
    return get(`${this.own}/conversations/${channel}/messages?limit=100${before ? `&before=${before}` : ""}`);
  }

  thread(channel, ts) {
    return get(`${this.own}/conversations/${channel}/threads/${ts}`);
  }

  say(channel, text, thread) {
    return post(`${this.own}/say`, { channel, text, thread_ts: thread });
  }

  edit(channel, ts, text) {
    return post(`${this.own}/edit`, { channel, ts, text });
  }

  delete(channel, ts) {
    return post(`${this.own}/delete`, { channel, ts });
  }

  command(command, text, channel) {
    return post(`${this.own}/command`, { command, text, channel });
  }

  press(action) {
    return post(`${this.own}/press`, action);
  }

  /** Put an emoji under a message, or take it away again. */
  react(channel, ts, name, gone) {
    return post(`${this.own}/react`, { channel, ts, name, gone });
  }

  shortcut(callback, channel, ts) {
    return post(`${this.own}/shortcut`, { callback_id: callback, channel, ts });
  }

  /** Opening the Home tab tells the app, which may publish a newer view in answer. */
  home() {
    return get(`${this.own}/home`);
  }

  /** Opening the Messages tab tells the app too. */
  messagesTab() {
    return get(`${this.own}/home?tab=messages`);
  }

  /** What the app offers for what is typed into an external select: `options` or `option_groups`. */
  suggest(question) {
    return post(`${this.own}/suggest`, question);
  }

  /** Bring somebody, or the app, into a channel. */
  invite(channel, user) {
    return post(`${this.own}/invite`, { channel, user });
  }

  /** End somebody's account; only an administrator may. */
  deactivate(user) {
    return post(`${this.own}/deactivate`, { user });
  }

  /** Give somebody the account back; only an administrator may. */
  reactivate(user) {
    return post(`${this.own}/reactivate`, { user });
  }

  /** Remove the app from the workspace; only an administrator may. */
  uninstall() {
    return post(`${this.own}/uninstall`, {});
  }

  views() {
    return get(`${this.own}/views`);
  }

  submit(view, values) {
    return post(`${this.own}/submit`, { view_id: view, values });
  }

  close(view) {
    return post(`${this.own}/close`, { view_id: view });
  }

  read(channel) {
    return post(`${this.own}/read`, { channel });
  }

  /**
   * Post files with a text.
   * @param {{channel: string, thread?: string, text: string, files: File[]}} message
   * @param {(share: number) => void} progress called with 0…1 as the bytes leave
   */
  upload({ channel, thread, text, files }, progress) {
    const form = new FormData();
    form.append("channel", channel);
    if (thread) form.append("thread_ts", thread);
    if (text) form.append("text", text);
    for (const file of files) form.append("file", file, file.name);
    return send(`${this.own}/upload`, form, progress);
  }

  /** Keep a file ready for a file field of a modal. */
  stage(file, progress) {
    const form = new FormData();
    form.append("file", file, file.name);
    return send(`${this.own}/files`, form, progress);
  }

  /** Where the bytes of a file can be read by this person. */
  fileAddress(file) {
    return `${this.own}/files/${file}/content`;
  }
}

/** What does not belong to one person. */
export const sandbox = {
  workspaces: () => get("/hands/workspaces"),
  workspace: (team) => get(`/hands/workspace?team=${team}`),
  moveClock: (change) => post("/clock", change),
  log: (after = 0) => get(`/log?after=${after}`),
  faults: () => get("/faults"),
  inject: (fault) => post("/faults", fault),
  takeBack: (id) => reach(`/faults/${id}`, { method: "DELETE" }),
  takeAllBack: () => reach("/faults", { method: "DELETE" }),
  seed: (seed) => post("/faults/seed", { seed }),
};

function get(path) {
  return reach(path, {});
}

function post(path, body) {
  return reach(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function reach(path, options) {
  const away = () => {
    throw new Refused({ message: "The sandbox does not answer. Is it still running?" });
  };
  const response = await fetch(path, options).catch(away);
  // The connection may also break off while the answer is on its way.
  const text = await response.text().catch(away);
  await released(); // for what is asked for is drawn as soon as it is here
  return checked(text, response.status);
}

function checked(text, status) {
  const answer = parsed(text);
  if (status >= 400 || answer.ok === false) throw new Refused(answer, status);
  return answer;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      return { ok: false, message: "The sandbox gave an answer that could not be read." };
    throw error;
  }
}

// fetch() cannot tell how much of an upload has left; XMLHttpRequest can.
function send(path, form, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.upload.addEventListener("progress", (event) =>
      progress(event.total ? event.loaded / event.total : 0),
    );
    request.addEventListener("error", () =>
      reject(new Refused({ message: "The connection broke off during the upload." })),
    );
    request.addEventListener("load", () => settle(request, resolve, reject));
    request.send(form);
  });
}

function settle(request, resolve, reject) {
  try {
    resolve(checked(request.responseText, request.status));
  } catch (refusal) {
    reject(refusal);
  }
}
