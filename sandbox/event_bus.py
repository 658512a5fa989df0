"""What happened in the workspace. Pages and the app's event subscriptions both listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.store import Json


@dataclass(frozen=True)
class MessagePosted:
    channel: str
    message: Json


@dataclass(frozen=True)
class MessageChanged:
    """`is_edit` is false where only thread counters or reactions moved, which is no message_changed event."""

    channel: str
    message: Json
    previous: Json
    is_edit: bool = True


@dataclass(frozen=True)
class MessageDeleted:
    channel: str
    message: Json


@dataclass(frozen=True)
class Whispered:
    """An ephemeral message was shown to, changed for or (`gone`) taken from one person."""

    user: str
    channel: str
    message: Json
    gone: bool = False


@dataclass(frozen=True)
class ConversationChanged:
    """A person's list of conversations changed: a new DM, or another unread count."""

    user: str
    channel: str


@dataclass(frozen=True)
class MemberJoined:
    """`inviter` is empty for somebody who came of their own accord."""

    user: str
    channel: str
    inviter: str = ""


@dataclass(frozen=True)
class MemberLeft:
    user: str
    channel: str


@dataclass(frozen=True)
class ChannelCreated:
    channel: str


@dataclass(frozen=True)
class ChannelRenamed:
    channel: str


@dataclass(frozen=True)
class ChannelArchived:
    channel: str
    user: str


@dataclass(frozen=True)
class Reacted:
    """Somebody put an emoji under a message, or (`gone`) took theirs away."""

    user: str
    channel: str
    message: Json
    name: str
    gone: bool = False


@dataclass(frozen=True)
class Pinned:
    """A message was pinned to its channel, or (`gone`) is not any more."""

    user: str
    channel: str
    message: Json
    gone: bool = False


@dataclass(frozen=True)
class FileShared:
    file_id: str
    user: str
    channel: str
    ts: str


@dataclass(frozen=True)
class FileDeleted:
    file_id: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class PersonChanged:
    user: str
    is_new: bool = False


@dataclass(frozen=True)
class HomeOpened:
    """Somebody looks at the app: `tab` is home or messages."""

    user: str
    channel: str
    view: Json | None
    tab: str = "home"


@dataclass(frozen=True)
class HomePublished:
    user: str
    view: Json


@dataclass(frozen=True)
class ViewChanged:
    """`how` is opened, pushed, updated or closed."""

    user: str
    view: Json
    how: str


@dataclass(frozen=True)
class ViewRefused:
    user: str
    view_id: str
    errors: dict[str, str]


@dataclass(frozen=True)
class Noticed:
    """Slack itself tells one person something, e.g. that the app did not respond."""

    user: str
    text: str


@dataclass(frozen=True)
class ClockMoved:
    state: Json


@dataclass(frozen=True)
class Logged:
    entry: Json


@dataclass(frozen=True)
class AppChanged:
    connected: bool


@dataclass(frozen=True)
class AppInstalled:
    """The app was installed in the workspace, or installed again."""


@dataclass(frozen=True)
class AppRemoved:
    """The app loses its token, and with `is_uninstall` its place in the workspace."""

    is_uninstall: bool


@dataclass(frozen=True)
class FaultsChanged:
    """Every fault there is now, as `Fault.shown` gives it."""

    faults: list[Json]


Happening = (
    MessagePosted
    | MessageChanged
    | MessageDeleted
    | Whispered
    | ConversationChanged
    | MemberJoined
    | MemberLeft
    | ChannelCreated
    | ChannelRenamed
    | ChannelArchived
    | Reacted
    | Pinned
    | FileShared
    | FileDeleted
    | PersonChanged
    | HomeOpened
    | HomePublished
    | ViewChanged
    | ViewRefused
    | Noticed
    | ClockMoved
    | Logged
    | AppChanged
    | AppInstalled
    | AppRemoved
    | FaultsChanged
)
Listener = Callable[[Happening], None]


class EventBus:
    """Where happenings are announced; listeners are called at once, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def announce(self, happening: Happening) -> None:
        for listener in self._listeners:
            listener(happening)
