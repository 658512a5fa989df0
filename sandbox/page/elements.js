// Block elements. Each renderer gets a Field and gives a control. Source: Slack reference, "Block elements".

import { fileInput } from "./fileinput.js";
import { h, icon, iconButton } from "./dom.js";
import { multiSelect } from "./multiselect.js";
import { plainText, textObject } from "./mrkdwn.js";
import { agreed, openMenu } from "./popup.js";
import { plainWords, typedRichText } from "./richtext.js";
import { externalSelect } from "./suggest.js";

const TYPING_PAUSE = 700;

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  image: ({ element, surface }) => picture(element, "thumb", surface),
  static_select: (field) => select(field, optionGroups(field.element)),
  external_select: (field) => externalSelect(field),
  users_select: (field) => select(field, [[null, people(field.store)]]),
  conversations_select: (field) => select(field, [[null, conversations(field)]]),
  channels_select: (field) => select(field, [[null, channels(field.store)]]),
  multi_static_select: (field) =>
    multiSelect(
      field,
      optionGroups(field.element).flatMap(([, options]) => options),
    ),
  multi_external_select: (field) => externalSelect(field, true),
  multi_users_select: (field) => multiSelect(field, people(field.store)),
  multi_conversations_select: (field) => multiSelect(field, conversations(field)),
  multi_channels_select: (field) => multiSelect(field, channels(field.store)),
  radio_buttons: (field) => choices(field, "radio"),
  checkboxes: (field) => choices(field, "checkbox"),
  datepicker: (field) => moment(field, "date"),
  timepicker: (field) => moment(field, "time"),
  datetimepicker,
  plain_text_input: (field) => (field.element.multiline ? area(field) : textField(field, { type: "text" })),
  number_input: (field) => textField(field, { type: "text", inputmode: "decimal" }),
  email_text_input: (field) => textField(field, { type: "email" }),
  url_text_input: (field) => textField(field, { type: "url" }),
  rich_text_input: richArea,
  file_input: fileInput,
  feedback_buttons: feedback,
  icon_button: iconOnly,
};

/**
 * @param {import("./surface.js").Field} field
 * @returns {HTMLElement}
 */
export function renderElement(field) {
  const { type, visible_to_user_ids: readers } = field.element;
  if (readers && !readers.includes(field.store.me.id)) return h("span", { hidden: true });
  const words = `An element of the kind “${type}” stands here; this page cannot show it.`;
  return ELEMENTS[type]?.(field) ?? h("em", { class: "unknown" }, words);
}

/** What all controls of a field share: the key for the focus, and the name where no label stands beside. */
function common(field) {
  const name = field.isInput ? null : (field.element.placeholder?.text ?? field.element.action_id);
  return { data: { key: field.key }, "aria-label": field.element.accessibility_label ?? name };
}

function button(field) {
  const { element } = field;
  const props = {
    class: `button ${element.style ?? ""}`,
    data: { key: field.key },
    "aria-label": element.accessibility_label,
    on: { click: (event) => pressed(event.currentTarget, field) },
  };
  if (/^https?:/i.test(element.url ?? "")) {
    const elsewhere = { href: element.url, target: "_blank", rel: "noopener noreferrer" };
    return h("a", { ...props, ...elsewhere }, plainText(element.text));
  }
  return h("button", { ...props, type: "button" }, plainText(element.text));
}

/** Ask first where the app wants it; while the app thinks, a second press does nothing. */
async function pressed(control, field, choice) {
  if (control.getAttribute("aria-busy") || !(await agreed(field.element, field.store))) return;
  control.setAttribute("aria-busy", "true");
  await field.press(choice);
  control.removeAttribute("aria-busy");
}

/** A picture for a button's word, which becomes its name. */
function pictured(field, sign, name, key, choice) {
  const press = (event) => pressed(event.currentTarget, field, choice);
  return iconButton(sign, name, press, { class: "button", data: { key } });
}

function iconOnly(field) {
  const { element, key } = field;
  return pictured(field, "trash", element.accessibility_label ?? element.text.text, key);
}

/** Two thumbs. Which one is up shows in the value that is sent. */
function feedback(field) {
  const thumb = (sign, { text, value, accessibility_label: label }) =>
    pictured(field, sign, label ?? text.text, `${field.key}/${sign}`, { selected: value });
  const { positive_button: good, negative_button: bad } = field.element;
  return h("span", { class: "thumbs" }, thumb("good", good), thumb("bad", bad));
}

function overflow(field) {
  const { element, store } = field;
  const choose = async (option) => {
    if (await agreed(element, store))
      await field.surface.press(field.block, element, { selected: option.value });
  };
  const items = element.options.map((option) => ({
    label: plainText(option.text),
    hint: option.description?.text,
    href: option.url,
    run: () => choose(option),
  }));
  return h(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      data: { key: field.key },
      on: { click: (event) => openMenu(event.currentTarget, items) },
    },
    icon("more"),
  );
}

/**
 * A picture, or its words where it cannot be shown: this page fetches nothing from elsewhere.
 * @param {Object} element with `image_url` or `slack_file` @param {string} look
 * @param {import("./surface.js").Surface} surface
 */
export function picture(element, look, surface) {
  const source = addressOfPicture(element, surface.hands);
  const words = () => h("span", { class: `picture-missing ${look}` }, element.alt_text || "Picture");
  if (!source) return words();
  const failed = (event) => event.currentTarget.replaceWith(words());
  return h("img", {
    class: look,
    src: source,
    alt: element.alt_text ?? "",
    loading: "lazy",
    on: { error: failed },
  });
}

function addressOfPicture({ image_url: address, slack_file: file }, hands) {
  const id = file?.id ?? /\/files\/(?:[^/]+\/)?(F\w+)\//.exec(file?.url ?? "")?.[1];
  if (id) return hands.fileAddress(id);
  return address?.startsWith(`${location.origin}/`) ? address : null;
}

function optionGroups(element) {
  const plain = (options) =>
    options.map((option) => ({
      value: option.value,
      label: option.text.text,
      hint: option.description?.text,
    }));
  if (element.option_groups)
    return element.option_groups.map((group) => [group.label.text, plain(group.options)]);
  return [[null, plain(element.options ?? [])]];
}

function people(store) {
  return store
    .humans()
    .map((person) => ({ value: person.id, label: store.nameOf(person.id), hint: person.profile?.title }));
}

function channels(store) {
  return [...store.conversations.values()]
    .filter((entry) => entry.kind === "channel" && !entry.archived)
    .map((entry) => ({
      value: entry.id,
      label: `#${entry.name}`,
      kind: entry.private ? "private" : "public",
    }));
}

/** Slack reference: "Conversation filter object". */
function conversations({ store, element: { filter = {} } }) {
  const direct = [...store.conversations.values()].filter((entry) => entry.kind === "dm");
  const withApps = filter.exclude_bot_users
    ? direct.filter((one) => !store.isAppConversation(one.id))
    : direct;
  const all = [
    ...channels(store),
    ...withApps.map((entry) => ({ value: entry.id, label: store.titleOf(entry), kind: "im" })),
  ];
  return filter.include ? all.filter((entry) => filter.include.includes(entry.kind)) : all;
}

function select(field, groups) {
  const { element, value } = field;
  const option = (entry) =>
    h(
      "option",
      { value: entry.value, selected: entry.value === value },
      entry.hint ? `${entry.label} – ${entry.hint}` : entry.label,
    );
  const change = async (event) => {
    const control = event.currentTarget;
    if (await agreed(element, field.store)) field.choose(control.value || null);
    else control.value = field.value ?? "";
  };
  return h(
    "select",
    { ...common(field), class: "select", on: { change } },
    h("option", { value: "", hidden: !field.block.optional }, element.placeholder?.text ?? "Choose…"),
    groups.map(([label, options]) =>
      label ? h("optgroup", { label }, options.map(option)) : options.map(option),
    ),
  );
}

function choices(field, type) {
  const several = type === "checkbox";
  const chosen = [field.value ?? []].flat();
  const name = crypto.randomUUID(); // the same message may stand in the conversation and in its thread
  const change = (event) => {
    const boxes = [...event.currentTarget.querySelectorAll("input:checked")].map((box) => box.value);
    field.choose(several ? boxes : boxes[0]);
  };
  const label = field.isInput ? null : "Choices";
  const props = {
    class: "choices",
    role: several ? "group" : "radiogroup",
    "aria-label": label,
    on: { change },
  };
  const rows = field.element.options.map((option) => {
    const data = { key: `${field.key}/${option.value}` };
    const checked = chosen.includes(option.value);
    return choice(option, h("input", { type, name, value: option.value, checked, data }), field.store);
  });
  return h("div", props, rows);
}

function choice(option, box, store) {
  const hint = option.description && h("small", {}, textObject(option.description, store));
  return h("label", { class: "choice" }, box, h("span", {}, textObject(option.text, store), hint));
}

/** A date or a time. While someone is typing the parts, each part is a change: wait for the pause before telling the app. */
function moment(field, type) {
  let waiting;
  const change = (event) => {
    field.keep(event.currentTarget.value || null);
    clearTimeout(waiting);
    if (field.dispatches) waiting = setTimeout(() => field.choose(field.value), TYPING_PAUSE);
  };
  return h("input", { ...common(field), type, class: "input", value: field.value ?? "", on: { change } });
}

function datetimepicker(field) {
  const { calendar } = field.store;
  const change = (event) => {
    const local = event.currentTarget.value;
    field.choose(local ? calendar.instant(local) / 1000 : null);
  };
  return h("input", {
    ...common(field),
    type: "datetime-local",
    class: "input",
    value: field.value ? calendar.fieldValue(field.value * 1000) : "",
    on: { change },
  });
}

/** Slack tells the app about typed text on Enter, or at each character, as the element asks. */
function typing(field) {
  const triggers = field.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return {
    input: (event) => {
      field.keep(event.currentTarget.value);
      if (triggers.includes("on_character_entered")) field.send({ typing: true });
    },
    keydown: (event) => {
      if (
        event.key === "Enter" &&
        !event.shiftKey &&
        field.dispatches &&
        triggers.includes("on_enter_pressed")
      ) {
        event.preventDefault();
        field.send();
      }
    },
  };
}

function textProps(field) {
  const { element } = field;
  return {
    ...common(field),
    class: "input",
    value: field.value ?? "",
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
    on: typing(field),
  };
}

function textField(field, props) {
  return h("input", { ...textProps(field), ...props });
}

function area(field) {
  return h("textarea", { ...textProps(field), rows: 4 });
}

/** Plain typing; what leaves is the rich text that Slack would make of it. */
function richArea(field) {
  const { element } = field;
  const keep = (event) => field.keep(typedRichText(event.currentTarget.value));
  const props = { class: "input", placeholder: element.placeholder?.text, autofocus: element.focus_on_load };
  const rows = Math.min(element.min_lines ?? 4, 12);
  return h("textarea", {
    ...common(field),
    ...props,
    value: plainWords(field.value),
    rows,
    on: { input: keep },
  });
}
