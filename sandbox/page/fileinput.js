// The file field of a modal: each file is handed to the sandbox at once, the form keeps its id.

import { fill, h, icon } from "./dom.js";
import { sizeWords } from "./files.js";

/** @param {import("./surface.js").Field} field @returns {HTMLElement} */
export function fileInput(field) {
  return new FileInput(field).root;
}

class FileInput {
  constructor(field) {
    this.field = field;
    this.list = h("ul", { class: "staged" });
    const types = (field.element.filetypes ?? []).map((type) => `.${type}`).join(",");
    this.picker = h("input", {
      type: "file",
      data: { key: field.key },
      multiple: this.most > 1,
      accept: types || null,
      on: { change: () => this.take([...this.picker.files]) },
    });
    this.root = h(
      "div",
      {
        class: "file-drop",
        on: {
          dragover: (event) => event.preventDefault(),
          drop: (event) => {
            event.preventDefault();
            event.stopPropagation();
            this.take([...event.dataTransfer.files]);
          },
        },
      },
      this.picker,
      h("small", {}, "or drop the file here"),
      this.list,
    );
    this.draw();
  }

  get most() {
    return this.field.element.max_files ?? 10;
  }

  /** Files already handed over; kept as whole objects so that a redraw can show their names. */
  get files() {
    return this.field.surface.values.get(`${this.field.key}/files`) ?? [];
  }

  keep(files) {
    this.field.surface.values.set(`${this.field.key}/files`, files);
    this.field.keep(files.map((file) => file.id));
  }

  remove(file) {
    this.keep(this.files.filter((other) => other.id !== file.id));
    this.draw();
  }

  async take(files) {
    const room = this.most - this.files.length;
    if (files.length > room)
      this.field.store.notice(`At most ${this.most} files fit here; ${files.length - room} left out.`);
    for (const file of files.slice(0, room)) await this.stage(file);
    this.picker.value = "";
  }

  async stage(file) {
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
    this.list.append(h("li", {}, file.name, bar));
    await this.field.store.attempt(async () => {
      const answer = await this.field.surface.hands.stage(file, (share) => {
        bar.value = share;
      });
      this.keep([...this.files, answer.file]);
    });
    this.draw();
  }

  draw() {
    fill(
      this.list,
      this.files.map((file) =>
        h(
          "li",
          {},
          icon("file"),
          h("span", {}, file.name),
          h("small", {}, sizeWords(file.size)),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": `Take away ${file.name}`,
              on: { click: () => this.remove(file) },
            },
            icon("close"),
          ),
        ),
      ),
    );
  }
}
