"""The tables by which a room says what it answers to: at its end stands a tuple `ROUTES` made of these."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from bot.slack.calls import Call, Closed, Command, Event, Form, Press, Reply, Shortcut

P = TypeVar("P")
C = TypeVar("C", bound=Call)
R = TypeVar("R")
Handler = Callable[[C], Awaitable[Reply]]

COMMAND = "/iso"
"""The one slash command; the first word after it is the verb."""


@dataclass(frozen=True)
class Verb:
    """A word after `/iso`; `for_all`: it does something for those without a role too."""

    name: str
    handler: Handler[Command]
    for_all: bool = False


@dataclass(frozen=True)
class Route:
    """What one id leads to, and what its payload must decode to."""

    kind: Literal["press", "form", "closed"]
    id: str
    payload: type[Any]
    handler: Handler[Any]


@dataclass(frozen=True)
class ShortcutRoute:
    """An entry in Slack's shortcut menus; `name` ≤ 24 characters (Slack reference: "App manifest")."""

    id: str
    name: str
    description: str
    kind: Literal["message", "global"]
    handler: Handler[Shortcut]


@dataclass(frozen=True)
class EventRoute:
    """An event to subscribe to, and the bot scopes Slack wants for it."""

    type: str
    handler: Handler[Event]
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Retired:
    """An id that old messages still carry; `instead` is the key of the words that say what took its place."""

    id: str
    instead: str


AnyRoute = Verb | Route | ShortcutRoute | EventRoute | Retired
Routes = Sequence[AnyRoute]


def verb(name: str, *, handler: Handler[Command], for_all: bool = False) -> Verb:
    """`/iso name`; its line in the help stands in `messages/home/templates/help/verbs.j2`."""
    return Verb(name, handler, for_all)


def press(action_id: str, payload: type[P], handler: Handler[Press[P]]) -> Route:
    """A button or menu by its `action_id`."""
    return Route("press", action_id, payload, handler)


def form(callback_id: str, payload: type[P], handler: Handler[Form[P]]) -> Route:
    """A modal's submission by its `callback_id`; the payload stands in `private_metadata`."""
    return Route("form", callback_id, payload, handler)


def closed(callback_id: str, payload: type[P], handler: Handler[Closed[P]]) -> Route:
    """A modal's dismissal by its `callback_id`."""
    return Route("closed", callback_id, payload, handler)


def shortcut(
    callback_id: str,
    name: str,
    description: str,
    kind: Literal["message", "global"],
    handler: Handler[Shortcut],
) -> ShortcutRoute:
    """A shortcut by its `callback_id`."""
    return ShortcutRoute(callback_id, name, description, kind, handler)


def event(name: str, handler: Handler[Event], *, scopes: Sequence[str] = ()) -> EventRoute:
    """An event by the name it is subscribed under, such as "app_home_opened" or "message.im"."""
    return EventRoute(name, handler, tuple(scopes))


def retired(old_id: str, instead: str) -> Retired:
    """An `action_id` or `callback_id` that no room answers any longer; the words stand in `retired.j2`."""
    return Retired(old_id, instead)


class RegisteredTwice(ValueError):
    """Two rooms answer to the same name, so that one of them would never be heard."""


@dataclass(frozen=True)
class Index:
    """Every route by what Slack calls it."""

    verbs: Mapping[str, Verb]
    presses: Mapping[str, Route]
    forms: Mapping[str, Route]
    closed: Mapping[str, Route]
    shortcuts: Mapping[str, ShortcutRoute]
    events: Mapping[str, EventRoute]
    retired: Mapping[str, Retired]


def index(routes: Routes) -> Index:
    """Bring the rooms' tables together. Raises `RegisteredTwice`."""
    made_of = [each for each in routes if isinstance(each, Route)]
    presses, forms, closings = ([each for each in made_of if each.kind == kind] for kind in ("press", "form", "closed"))
    retirements = [each for each in routes if isinstance(each, Retired)]
    _by([*presses, *retirements], "id"), _by([*forms, *retirements], "id")
    return Index(
        verbs=_by([each for each in routes if isinstance(each, Verb)], "name"),
        presses=_by(presses, "id"),
        forms=_by(forms, "id"),
        closed=_by(closings, "id"),
        shortcuts=_by([each for each in routes if isinstance(each, ShortcutRoute)], "id"),
        events=_by([each for each in routes if isinstance(each, EventRoute)], "type"),
        retired=_by(retirements, "id"),
    )


def _by(routes: Sequence[R], key: str) -> dict[str, R]:
    found = {getattr(each, key): each for each in routes}
    if len(found) != len(routes):
        names = [getattr(each, key) for each in routes]
        raise RegisteredTwice(", ".join(sorted({name for name in names if names.count(name) > 1})))
    return found
