// The narrow rail at the very left: a square for each workspace, where there is more than one.

import { sandbox } from "./api.js";
import { fill, h } from "./dom.js";
import { initials } from "./avatar.js";
import { addressOfWorkspace } from "./route.js";

/** The workspaces of this sandbox. */
export class Rail {
  constructor() {
    this.workspaces = [];
    this.root = h("nav", { class: "rail", "aria-label": "Workspaces", hidden: true });
  }

  get isWanted() {
    return this.workspaces.length > 1;
  }

  async load() {
    this.workspaces = (await sandbox.workspaces()).workspaces;
    this.root.hidden = !this.isWanted;
  }

  /** Mark the workspace in front of the reader. */
  select(team) {
    fill(
      this.root,
      this.workspaces.map((workspace) => square(workspace, workspace.id === team)),
    );
  }
}

function square({ id, name, installed }, isHere) {
  const label = installed ? name : `${name} (app not installed)`;
  return h(
    "a",
    {
      class: installed ? "square" : "square square-bare",
      href: addressOfWorkspace(id),
      title: label,
      "aria-label": label,
      "aria-current": isHere ? "page" : null,
    },
    initials(name),
  );
}
