"""Asking the app for something: commands, buttons, choices, shortcuts, the Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.acts.typed import escaped, with_ids
from sandbox.delivery.courier import NoAnswerError
from sandbox.elements import KINDS, Choices, chosen_state, find_element, option_named, options_of
from sandbox.event_bus import HomeOpened, Noticed
from sandbox.judge import judged_blocks, judged_options
from sandbox.payloads import command_payload, interaction, message_place, message_source, notice, view_source
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World


@dataclass(frozen=True)
class Press:
    """What a person presses or chooses. `selected` is the plain value chosen in a select, date picker or input.

    `typing` says that a text was changed and Enter not pressed, which Slack tells an app only if it asked for that.
    """

    action_id: str
    block_id: str | None = None
    channel: str = ""
    ts: str = ""
    view_id: str = ""
    selected: Any = None
    typing: bool = False


async def ask(world: World, kind: str, name: str, payload: Json, user: str) -> Json:
    """Hand something to the app.

    Refuses: interactivity_disabled (by the manifest), app_did_not_respond, which the person is also told at once.
    """
    if not world.app.installed:
        raise Refusal("app_not_installed", "This app is not installed in this workspace any more.")
    if kind == "interactive" and not world.manifest.interactive:
        raise Refusal("interactivity_disabled", "This app is not configured to handle interactive responses.")
    try:
        return await world.deliveries.ask(kind, name, payload, user)
    except NoAnswerError as error:
        what = name if kind == "slash_commands" else "That"
        text = f"{what} failed because the app did not respond"
        world.bus.announce(Noticed(user, text))
        raise Refusal("app_did_not_respond", text) from error


async def run_command(world: World, user: str, channel: str, command: str, text: str) -> None:
    """Run a slash command; what the app answers at once is shown to the person, or to all if it says in_channel."""
    conversation = world.workspace.visible(user, channel)
    if command not in world.app.commands:
        raise Refusal("command_not_found", f"{command} is not a command of any app in this workspace.")
    typed = escaped(text)  # Slack encodes the three control characters here as in messages
    if world.manifest.resolves_names(command):
        typed = with_ids(world, typed)
    payload = command_payload(world, user, conversation, command, typed)
    answer = await ask(world, "slash_commands", command, payload, user)
    if answer.get("text") or answer.get("blocks"):
        answer_command(world, user, conversation["id"], answer)


def answer_command(world: World, user: str, channel: str, answer: Json, thread_ts: str | None = None) -> None:
    """Show an answer to a command or a `response_url` post: to one person, or in the channel.

    Refuses: no_text, invalid_blocks.
    """
    if not answer.get("text") and not answer.get("blocks"):
        raise Refusal("no_text")
    message = {**world.app.author, "text": str(answer.get("text") or "")}
    if answer.get("blocks"):
        message["blocks"] = judged_blocks(answer["blocks"], "message")
    if thread_ts:
        message["thread_ts"] = thread_ts
    if answer.get("response_type") == "in_channel":
        world.messages.post(channel, message)
    else:
        world.messages.whisper(user, channel, message)


async def press(world: World, user: str, act: Press) -> None:
    """Press a button or choose in an element of a message, the Home tab or an open modal.

    Refuses: element_not_found and what the place itself refuses (message_not_found, not_found).
    """
    blocks, choices, place = _place(world, user, act)
    block, element = find_element(blocks, act.action_id, act.block_id)
    offered = world.views.offered(_place_key(user, act), block["block_id"], element["action_id"])
    chosen = _chosen(world, element, act.selected, offered)
    if element["type"] in KINDS:
        choices.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    if block["type"] == "input" and not _dispatches(block, element, act.typing):
        return  # typed into a field: the app hears of it when the modal is submitted
    payload = interaction(world, "block_actions", user, act.view_id or None, act.channel)
    payload |= {**_source(world, user, place, choices), "actions": [_action(world, block, element) | chosen]}
    await ask(world, "interactive", element["action_id"], payload, user)


async def take_shortcut(world: World, user: str, callback_id: str, channel: str = "", ts: str = "") -> None:
    """A global shortcut, or one on a message."""
    shortcut = world.app.shortcuts.get(callback_id)
    if shortcut is None or (shortcut["type"] == "message") != bool(ts):
        raise Refusal("shortcut_not_found", "The app has no such shortcut here.")
    kind = "message_action" if ts else "shortcut"
    payload = interaction(world, kind, user, channel=channel) | {
        "callback_id": callback_id,
        "action_ts": world.clock.stamp(),
    }
    if ts:
        conversation = world.workspace.visible(user, channel)
        message = world.messages.get(conversation["id"], ts)
        source = message_source(world, user, conversation, message, {})
        payload |= {"message_ts": ts} | {key: source[key] for key in ("channel", "message", "response_url")}
    await ask(world, "interactive", callback_id, payload, user)


async def suggest(world: World, user: str, act: Press) -> Json:
    """What the app offers in an external select for the text typed so far: `options` or `option_groups`.

    Source: Slack reference "block_suggestion payload". Refuses: element_not_found, no_suggestions_here,
    app_did_not_respond, bad_response.
    """
    blocks, choices, place = _place(world, user, act)
    block, element = find_element(blocks, act.action_id, act.block_id)
    if not element["type"].endswith("external_select"):
        raise Refusal("no_suggestions_here", "This field does not ask the app for options.")
    payload = notice(world, "block_suggestion", user)
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": str(act.selected or "")}
    payload |= _suggestion_source(world, place, choices)
    answer = await ask(world, "interactive", element["action_id"], payload, user)
    found = _judged_options(world, answer)
    world.views.offer(_place_key(user, act), block["block_id"], element["action_id"], options_of(found))
    return found


def open_home(world: World, user: str, tab: str = "home") -> Json | None:
    """Look at the app's Home tab or Messages tab: the app is told, the last published view is shown."""
    if tab not in ("home", "messages"):
        raise Refusal("invalid_tab", "The tab is `home` or `messages`.")
    channel = world.workspace.direct(user)["id"]
    view = world.views.home(user) if tab == "home" else None
    world.bus.announce(HomeOpened(user, channel, view, tab))
    return view


def _place(world: World, user: str, act: Press) -> tuple[list[Json], Choices, Json]:
    """The blocks a person acts on, what was chosen in them before, and the place itself."""
    if act.view_id:
        home = world.views.home(user)
        view = home if home and home["id"] == act.view_id else world.views.opened(user, act.view_id)
        return view["blocks"], world.views.choices_in(view["id"]), {"view": view}
    conversation = world.workspace.visible(user, act.channel)
    whisper = world.messages.whispered(user, conversation["id"], act.ts)
    message = whisper or world.messages.get(conversation["id"], act.ts)
    choices = world.views.choices_in(_place_key(user, act))
    return message.get("blocks", []), choices, {"channel": conversation, "message": message}


def _place_key(user: str, act: Press) -> str:
    """What choices and offers are kept under: a view, or a message as one person sees it."""
    return act.view_id or f"{user}:{act.channel}:{act.ts}"


def _dispatches(block: Json, element: Json, typing: bool) -> bool:
    """Whether an input tells the app at once (Slack reference: "Dispatch action configuration object")."""
    if not block.get("dispatch_action"):
        return False
    if not element["type"].endswith(("_input",)):
        return True  # a choice is complete as soon as it is made
    wanted = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    return ("on_character_entered" if typing else "on_enter_pressed") in wanted


def _suggestion_source(world: World, place: Json, choices: Choices) -> Json:
    if "view" in place:
        return view_source(place["view"], choices)
    return message_place(world, place["channel"], place["message"])


def _judged_options(world: World, answer: Json) -> Json:
    """At most 100 options or groups. Anything else the person does not get to see, and the log says why."""
    name = "option_groups" if "option_groups" in answer else "options"
    try:
        return {name: judged_options(answer.get(name, []), name)}
    except Refusal as refusal:
        started = world.clock.elapsed()
        detail = " ".join(refusal.reasons)
        world.log.write("delivery", "block_suggestion", started=started, error="bad_response", detail=detail)
        raise Refusal("bad_response", "The options could not be loaded.") from refusal


def _source(world: World, user: str, place: Json, choices: Choices) -> Json:
    if "view" in place:
        return view_source(place["view"], choices)
    return message_source(world, user, place["channel"], place["message"], choices)


def _action(world: World, block: Json, element: Json) -> Json:
    """The entry of `actions`, without what was chosen (Slack reference: "block_actions payload")."""
    shown = {
        key: element[key] for key in ("type", "action_id", "text", "value", "style", "placeholder") if key in element
    }
    return shown | {"block_id": block["block_id"], "action_ts": world.clock.stamp()}


def _chosen(world: World, element: Json, selected: Any, offered: list[Json]) -> Json:
    """The part of an action that says what was chosen; nothing for a button.

    Refuses: option_not_found, and user_not_found or channel_not_found for somebody or something that is not there.
    """
    if element["type"] == "overflow":
        return {"selected_option": option_named(element, selected)}
    if element["type"] not in KINDS:
        return {}
    known = {"users": world.workspace.person, "conversations": world.workspace.conversation}
    known["channels"] = known["conversations"]
    check = known.get(element["type"].removeprefix("multi_").partition("_select")[0])
    if check and selected:
        for one in selected if isinstance(selected, list) else [selected]:
            check(one)
    return chosen_state(element, selected, offered)
