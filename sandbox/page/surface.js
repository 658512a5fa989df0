// A surface is what blocks stand on: a message, a modal or the Home tab. It remembers what was filled in and sends presses.

/** Where blocks stand, for one reader. */
export class Surface {
  /**
   * @param {Object} options
   * @param {import("./store.js").Store} options.store
   * @param {import("./api.js").Hands} options.hands
   * @param {Object} options.target `{channel, ts}` of a message or `{view_id}`
   * @param {Object[]} options.blocks
   * @param {Map<string, any>} options.values what was filled in before, to survive a redraw
   */
  constructor({ store, hands, target, blocks, values }) {
    Object.assign(this, { store, hands, target, blocks, values });
  }

  /**
   * Press a button or report a choice.
   * @param {Object} block @param {Object} element
   * @param {Object} [choice] `{selected}` or `{value}` where the reader chose or typed something
   */
  press(block, element, choice = {}) {
    return this.store.attempt(async () => {
      await this.sendTyped();
      await this.send(block, element, choice);
    });
  }

  send(block, element, choice) {
    return this.hands.press({
      ...this.target,
      block_id: block.block_id,
      action_id: element.action_id,
      ...choice,
    });
  }

  /** Slack sends with every press what stands in the fields (`state.values`): so the sandbox must know it by then. */
  async sendTyped() {
    const typed = this.touchedFields().filter(
      (field) => !field.dispatches && field.element.type !== "file_input",
    );
    for (const field of typed) await this.send(field.block, field.element, { selected: field.value });
  }

  field(block, element) {
    return new Field(this, block, element);
  }

  /** What was touched in the input blocks, by block; the sandbox knows the initial values of the others. */
  touched() {
    return Object.fromEntries(this.touchedFields().map((field) => [field.block.block_id, field.value]));
  }

  touchedFields() {
    const inputs = allBlocks(this.blocks).filter((block) => block.type === "input");
    return inputs.map((block) => this.field(block, block.element)).filter((field) => field.isTouched);
  }
}

/** Blocks, and those that stand in a container. */
const allBlocks = (blocks) => blocks.flatMap((block) => [block, ...(block.child_blocks ?? [])]);

// Where each kind of element keeps what it starts with, and how that reads as a plain value.
const INITIAL = {
  static_select: (element) => element.initial_option?.value,
  external_select: (element) => element.initial_option?.value,
  multi_external_select: (element) => element.initial_options?.map((option) => option.value),
  radio_buttons: (element) => element.initial_option?.value,
  multi_static_select: (element) => element.initial_options?.map((option) => option.value),
  checkboxes: (element) => element.initial_options?.map((option) => option.value),
  users_select: (element) => element.initial_user,
  multi_users_select: (element) => element.initial_users,
  conversations_select: (element, current) => element.initial_conversation ?? currentFor(element, current),
  multi_conversations_select: (element) => element.initial_conversations,
  channels_select: (element) => element.initial_channel,
  multi_channels_select: (element) => element.initial_channels,
  datepicker: (element) => element.initial_date,
  timepicker: (element) => element.initial_time,
  datetimepicker: (element) => element.initial_date_time,
};

/** A modal may ask to begin with the conversation that is in front of the reader; the sandbox fills it in too. */
const currentFor = (element, current) => (element.default_to_current_conversation ? current : null);

/** One element that holds a value, and what the reader put into it. */
export class Field {
  constructor(surface, block, element) {
    Object.assign(this, { surface, block, element, store: surface.store });
    this.key = `${block.block_id}/${element.action_id}`;
    this.isInput = block.type === "input";
    this.dispatches = !this.isInput || Boolean(block.dispatch_action);
  }

  get isTouched() {
    return this.surface.values.has(this.key);
  }

  get value() {
    if (this.isTouched) return this.surface.values.get(this.key);
    const initial = INITIAL[this.element.type] ?? ((element) => element.initial_value);
    return initial(this.element, this.store.current) ?? null;
  }

  /** Remember a value without telling the app. */
  keep(value) {
    this.surface.values.set(this.key, value);
  }

  /** Remember a choice, and tell the app where Slack would: outside input blocks, or when the block asks for it. */
  choose(value) {
    this.keep(value);
    if (this.dispatches) this.surface.press(this.block, this.element, { selected: value });
  }

  /** Tell the app a typed text, on Enter or, with `typing`, at a character. */
  send(choice = {}) {
    if (this.dispatches) this.surface.press(this.block, this.element, { value: this.value, ...choice });
  }

  /** Press a button; some say which of two they are. */
  press(choice) {
    return this.surface.press(this.block, this.element, choice);
  }
}
