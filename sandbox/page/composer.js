// Where a person writes: text, slash commands with completion, files.

import { fill, h, icon, iconButton } from "./dom.js";
import { sizeWords } from "./files.js";
import { openMenu } from "./popup.js";

/** The box under a conversation or a thread. */
export class Composer {
  constructor({ store, hands, channel, thread, label }) {
    Object.assign(this, { store, hands, channel, thread });
    this.files = [];
    this.offered = [];
    this.draftKey = `draft/${store.me.id}/${channel}/${thread ?? ""}`;
    this.listId = `commands-${crypto.randomUUID()}`;
    this.draw(label);
    this.text.value = sessionStorage.getItem(this.draftKey) ?? "";
  }

  draw(label) {
    this.text = this.textBox(label);
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Files to send",
      on: { change: () => this.picked() },
    });
    this.staged = h("ul", { class: "staged" });
    const list = { class: "completions", role: "listbox", id: this.listId, "aria-label": "Commands" };
    this.completions = h("div", list);
    this.bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Upload" });
    const parts = [this.completions, this.text, this.staged, this.bar, this.toolbar(), this.picker];
    this.root = h("form", { class: "composer", on: { submit: (event) => this.submitted(event) } }, parts);
  }

  textBox(label) {
    return h("textarea", {
      class: "composer-text",
      rows: 1,
      "aria-label": label,
      placeholder: label,
      data: { key: this.draftKey },
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": this.listId,
      on: { input: () => this.typed(), keydown: (event) => this.key(event), blur: () => this.complete([]) },
    });
  }

  toolbar() {
    const global = (this.store.app.shortcuts ?? []).filter((shortcut) => shortcut.type === "global");
    return h(
      "div",
      { class: "composer-tools" },
      iconButton("attach", "Add files", () => this.picker.click()),
      global.length > 0 &&
        !this.thread &&
        iconButton("bolt", "Shortcuts", (event) => this.openShortcuts(event.currentTarget, global), {
          "aria-haspopup": "menu",
        }),
      h("span", { class: "composer-hint" }, "Enter sends, Shift + Enter makes a new line"),
      h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send")),
    );
  }

  openShortcuts(anchor, shortcuts) {
    openMenu(
      anchor,
      shortcuts.map((shortcut) => ({
        label: shortcut.name,
        hint: shortcut.description,
        run: () => this.store.attempt(() => this.hands.shortcut(shortcut.callback_id)),
      })),
    );
  }

  typed() {
    sessionStorage.setItem(this.draftKey, this.text.value);
    const start = /^\/\S*$/.exec(this.text.value);
    const commands = start && !this.thread ? (this.store.app.commands ?? []) : [];
    this.complete(commands.filter((entry) => entry.command.startsWith(start[0])));
  }

  /** Show the commands that fit what is typed so far. */
  complete(commands) {
    this.offered = commands;
    this.pointed = 0;
    fill(
      this.completions,
      commands.map((entry, index) =>
        h(
          "div",
          {
            role: "option",
            id: `${this.listId}-${index}`,
            class: "completion",
            on: {
              mousedown: (event) => {
                event.preventDefault();
                this.take(entry);
              },
            },
          },
          h("strong", {}, entry.command),
          " ",
          h("span", { class: "usage" }, entry.usage_hint),
          h("small", {}, entry.description),
        ),
      ),
    );
    this.point(0);
  }

  point(index) {
    const options = [...this.completions.children];
    this.pointed = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.pointed)));
    if (options.length) this.text.setAttribute("aria-activedescendant", options[this.pointed].id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  take(entry) {
    this.text.value = `${entry.command} `;
    this.typed();
    this.text.focus();
  }

  key(event) {
    if (event.isComposing) return;
    const act = this.completionKey(event.key) ?? this.sendKey(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** What a key does while commands are offered. */
  completionKey(key) {
    const pointed = this.offered[this.pointed];
    if (!pointed) return undefined;
    const take = () => this.take(pointed);
    const typedOut = pointed.command === this.text.value;
    return {
      ArrowDown: () => this.point(this.pointed + 1),
      ArrowUp: () => this.point(this.pointed - 1),
      Escape: () => this.complete([]),
      Tab: take,
      Enter: typedOut ? undefined : take,
    }[key];
  }

  sendKey(event) {
    return event.key === "Enter" && !event.shiftKey ? () => this.root.requestSubmit() : undefined;
  }

  picked() {
    this.stage([...this.picker.files]);
    this.picker.value = "";
  }

  /** Let files fall anywhere on an area. */
  acceptDrops(area) {
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
    area.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      area.classList.add("dropping");
    });
    area.addEventListener("dragleave", (event) => {
      if (!area.contains(event.relatedTarget)) area.classList.remove("dropping");
    });
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("dropping");
      this.stage([...event.dataTransfer.files]);
    });
  }

  stage(files) {
    this.files = [...this.files, ...files];
    fill(
      this.staged,
      this.files.map((file) =>
        h(
          "li",
          {},
          icon("file"),
          h("span", {}, file.name),
          h("small", {}, sizeWords(file.size)),
          iconButton("close", `Take away ${file.name}`, () => this.unstage(file)),
        ),
      ),
    );
    this.text.focus();
  }

  unstage(file) {
    this.files = this.files.filter((other) => other !== file);
    this.stage([]);
  }

  async submitted(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    const { files } = this;
    if (this.sending || (!text && !files.length)) return;
    this.sending = true;
    this.clear();
    const sent = await this.store.attempt(() => this.send(text, files));
    this.sending = false;
    if (!sent) this.restore(text, files);
  }

  send(text, files) {
    const { channel, thread } = this;
    if (files.length) return this.upload({ channel, thread, text, files });
    const command = /^(\/\w\S*)\s*([\s\S]*)$/.exec(text);
    if (!command) return this.hands.say(channel, text, thread ?? undefined);
    if (!thread) return this.hands.command(command[1], command[2], channel);
    this.store.notice("Commands do not work inside a thread. Write it in the conversation itself.");
    return this.restore(text, files);
  }

  async upload(message) {
    this.bar.hidden = false;
    try {
      await this.hands.upload(message, (share) => {
        this.bar.value = share;
      });
    } finally {
      this.bar.hidden = true;
      this.bar.value = 0;
    }
  }

  clear() {
    this.text.value = "";
    this.files = [];
    sessionStorage.removeItem(this.draftKey);
    fill(this.staged);
    this.complete([]);
  }

  /** Give back what could not be sent, unless something new was typed meanwhile. */
  restore(text, files) {
    if (!this.text.value) this.text.value = text;
    if (!this.files.length && files.length) this.stage(files);
  }
}
