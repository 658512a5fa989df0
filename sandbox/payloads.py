"""Interaction payloads (Slack reference: "Interaction payloads", "Slash commands")."""

from __future__ import annotations

from sandbox.elements import Choices, current_state, elements_of, state_of
from sandbox.people import APP_ID
from sandbox.store import Json
from sandbox.world import World


def command_payload(world: World, user: str, channel: Json, command: str, text: str) -> Json:
    """A slash command as form fields."""
    team = world.workspace.team
    return {
        "token": world.tokens.verification,
        "team_id": team["id"],
        "team_domain": team["domain"],
        "enterprise_id": None,
        "channel_id": channel["id"],
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": world.workspace.person(user)["name"],
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": False,
        "response_url": world.responses.make(user, channel["id"]),
        "trigger_id": world.triggers.make(user, channel=channel["id"]),
    }


def interaction(world: World, kind: str, user: str, view_id: str | None = None, channel: str = "") -> Json:
    """What an interaction payload starts with that may open a modal; it comes from a modal or a conversation."""
    return notice(world, kind, user) | {"trigger_id": world.triggers.make(user, view_id, channel)}


def notice(world: World, kind: str, user: str) -> Json:
    """What every interaction payload starts with."""
    team = world.workspace.team
    account = world.workspace.person(user)
    return {
        "type": kind,
        "token": world.tokens.verification,
        "api_app_id": APP_ID,
        "team": {"id": team["id"], "domain": team["domain"]},
        "user": {"id": user, "username": account["name"], "name": account["name"], "team_id": team["id"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_source(world: World, user: str, channel: Json, message: Json, choices: Choices) -> Json:
    """The part of a `block_actions` payload that says which message was acted on."""
    return message_place(world, channel, message) | {
        "state": state_of(message.get("blocks", ()), choices),
        "response_url": world.responses.make(
            user,
            channel["id"],
            ts=message["ts"],
            ephemeral=bool(message.get("ephemeral")),
            thread_ts=message.get("thread_ts"),
        ),
    }


def message_place(world: World, channel: Json, message: Json) -> Json:
    """Which message a person looks at."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": bool(message.get("ephemeral")),
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    return {
        "container": container,
        "channel": {"id": channel["id"], "name": channel_name(channel)},
        "message": world.presenter.message(message),
    }


def view_source(view: Json, choices: Choices) -> Json:
    """The part of a `block_actions` payload that says which modal or Home tab was acted on."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view_with_state(view, choices)}


def view_with_state(view: Json, choices: Choices) -> Json:
    return view | {"state": state_of(view["blocks"], choices)}


def response_urls(world: World, user: str, view: Json, choices: Choices) -> list[Json]:
    """For each conversation chosen in an element with `response_url_enabled`, an address to answer there."""
    found = []
    for block, element in elements_of(view["blocks"]):
        if element.get("response_url_enabled"):
            state = current_state(block, element, choices)
            channel = state.get("selected_conversation") or state.get("selected_channel")
            if channel:
                where = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                found.append(where | {"response_url": world.responses.make(user, channel)})
    return found


def channel_name(channel: Json) -> str:
    """Slack tells an app the names of public channels only."""
    if channel.get("is_im"):
        return "directmessage"
    return "privategroup" if channel["is_private"] else str(channel["name"])
