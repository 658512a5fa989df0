"""From Slack's payloads to typed calls (Slack reference: "Interaction payloads", "Slash commands", "Events API")."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.services import Services
from bot.slack.calls import Closed, Command, Event, Form, Press, Shortcut, View
from bot.slack.routes import Route
from messages.words.fields import name_of
from messages.words.payloads import Nothing, UnreadablePayload, decode, origin_of

Body = Mapping[str, Any]

CHANNEL_TYPES = {"im": "im", "channel": "channels", "group": "groups", "mpim": "mpim"}
"""`channel_type` of a message event to the last part of the name it is subscribed under."""


def command(services: Services, body: Body, at: datetime) -> Command:
    """`/iso verb text`; the verb in lower case."""
    verb, _, text = body.get("text", "").strip().partition(" ")
    return Command(
        **_who(services, body["team_id"], body["user_id"], at),
        key=_key("command", body["trigger_id"]),
        trigger_id=body["trigger_id"],
        verb=verb.lower(),
        text=typed(text.strip()),
        channel_id=body["channel_id"],
    )


def typed(text: str) -> str:
    """What somebody typed: Slack escapes three signs of it (reference: "Formatting text for app surfaces").

    Mentions and links stay as Slack writes them, in angle brackets.
    """
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def press(services: Services, body: Body, at: datetime, route: Route) -> Press[Any]:
    """The first of the actions, since Slack sends one per payload. Raises `UnreadablePayload`."""
    action, container, view = body["actions"][0], body.get("container") or {}, body.get("view")
    chosen = selected(action)
    return Press(
        **_interaction(services, body, at, "press"),
        payload=_payload(route, action.get("value") or chosen or ""),
        fields=_fields(view or {}),
        origin=origin(body),
        selected=chosen,
        channel_id=container.get("channel_id") or (body.get("channel") or {}).get("id"),
        message_ts=container.get("message_ts"),
        thread_ts=container.get("thread_ts"),
        view=view_of(view) if view else None,
        response_url=body.get("response_url"),
    )


def form(services: Services, body: Body, at: datetime, route: Route) -> Form[Any]:
    """A modal with what was entered. Raises `UnreadablePayload`."""
    view = body["view"]
    return Form(
        **_interaction(services, body, at, "form"),
        payload=_payload(route, view.get("private_metadata", "")),
        fields=_fields(view),
        origin=origin(body),
        view=view_of(view),
    )


def closed(services: Services, body: Body, at: datetime, route: Route) -> Closed[Any]:
    """A modal dismissed. Such a payload has no trigger; a view is closed once. Raises `UnreadablePayload`."""
    view = body["view"]
    return Closed(
        **_who(services, body["team"]["id"], body["user"]["id"], at),
        key=_key("closed", view["id"]),
        payload=_payload(route, view.get("private_metadata", "")),
        view=view_of(view),
    )


def shortcut(services: Services, body: Body, at: datetime) -> Shortcut:
    """A global shortcut, or one on a message."""
    return Shortcut(
        **_interaction(services, body, at, "shortcut"),
        callback_id=body["callback_id"],
        channel_id=(body.get("channel") or {}).get("id"),
        channel_name=(body.get("channel") or {}).get("name", ""),
        message=body.get("message"),
        response_url=body.get("response_url"),
    )


def event(services: Services, body: Body, at: datetime) -> Event:
    """The inner event. Some name a person by id, some by the whole user object, some nobody."""
    inner = body["event"]
    user = inner.get("user") or inner.get("user_id") or ""
    return Event(
        **_who(services, body["team_id"], user if isinstance(user, str) else user["id"], at),
        key=_key("event", body["event_id"]),
        type=event_name(inner),
        body=inner,
    )


def event_name(inner: Body) -> str:
    """The name under which an event is subscribed to: messages by the kind of their conversation."""
    kind = str(inner["type"])
    return f"message.{CHANNEL_TYPES.get(inner.get('channel_type', ''), '')}" if kind == "message" else kind


def selected(action: Body) -> str | None:
    """What was chosen in a menu, a date picker or the like; None for a button."""
    option = action.get("selected_option")
    if option:
        return str(option["value"])
    kinds = ("user", "channel", "conversation", "date", "time")
    return next((found for kind in kinds if (found := action.get(f"selected_{kind}"))), None)


def origin(body: Body) -> str | None:
    """The `response_url` of the card that only this person sees, if that is where they pressed or where the modal is
    from; Slack takes it for half an hour (Slack reference: "response_url").
    """
    if view := body.get("view"):
        return origin_of(view.get("private_metadata", ""))
    return body.get("response_url") if (body.get("container") or {}).get("is_ephemeral") else None


def _fields(view: Body) -> dict[str, Any]:
    """What was entered by `block_id`; each input block has one element."""
    values = (view.get("state") or {}).get("values") or {}
    return {name_of(id_): next(iter(block.values()), {}) for id_, block in values.items()}


def _payload(route: Route, text: str) -> Any:
    # Elements without a value of their own, such as menus, and views without metadata carry nothing.
    if route.payload is Nothing:
        return Nothing()
    if not text:
        raise UnreadablePayload("there is no value")
    return decode(route.payload, text)


def _interaction(services: Services, body: Body, at: datetime, kind: str) -> dict[str, Any]:
    trigger = body["trigger_id"]
    who = _who(services, body["team"]["id"], body["user"]["id"], at)
    return {**who, "key": _key(kind, trigger), "trigger_id": trigger}


def _who(services: Services, team: str, user: str, at: datetime) -> dict[str, Any]:
    return {"services": services, "workspace_id": team, "person_id": user, "at": at}


def _key(kind: str, unique: str) -> str:
    # Trigger and event ids stay the same when Slack delivers again; the envelope's own id does not reach us.
    return f"{kind}:{unique}"


def view_of(view: Body) -> View:
    return View(
        id=view["id"],
        type=view["type"],
        hash=view.get("hash", ""),
        private_metadata=view.get("private_metadata", ""),
        depth=_depth(view),
    )


def _depth(view: Body) -> int:
    previous, root = view.get("previous_view_id"), view.get("root_view_id")
    if not previous:
        return 1
    return 2 if previous == root else 3
