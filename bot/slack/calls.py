"""What passes the door: what arrives from Slack, what a handler may answer, and what the bot says by itself.

A handler is `async def done(call: Press[TaskRef]) -> Reply`: one `act` or one `ask`, then a reply.
A composer is `def nudge(uow, row, at) -> Post | Redraw | Skip`: what to say now about a message planned before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Concatenate, Generic, Literal, TypeVar

from opentelemetry import trace

from bot.services import Services
from bot.slack.objects import SlackFile
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.posted import Place
from storage.record.outbox import OutboxRow
from workflows.deed import Deed
from workflows.nudges.rules import Settles

P = TypeVar("P")
T = TypeVar("T")
tracer = trace.get_tracer(__name__)


class AlreadyHandled(Exception):
    """Slack delivered this before and it was carried out then; nothing is done twice."""


# --- what arrives ---


@dataclass(frozen=True, kw_only=True)
class Call:
    """Something a person did. `key` is the same on redelivery; `at` is an aware moment in UTC from the clock."""

    services: Services
    workspace_id: str
    person_id: str
    key: str
    at: datetime
    trigger_id: str | None = None

    async def act(self, command: Callable[Concatenate[Deed, ...], T], **kwargs: Any) -> T:
        """Carry out one workflow command as a deed of this person, as one unit of work, once per delivery.

        Raises `AlreadyHandled` on redelivery, and whatever the command refuses.
        """
        with tracer.start_as_current_span(_named(command)):
            done, promises = await self.services.database.run(self.workspace_id, _once, self, command, kwargs)
        self.services.wake()
        if promises:
            self.services.later(self.services.take_up(self.workspace_id), about="taking up what was promised")
        return done

    async def ask(self, question: Callable[Concatenate[Deed, ...], T], **kwargs: Any) -> T:
        """Put one question to the workflows on this person's behalf; it gets a deed too, and writes nothing."""
        with tracer.start_as_current_span(_named(question)):
            return await self.services.database.read(self.workspace_id, _answer, self, question, kwargs)


def _once(
    uow: UnitOfWork, call: Call, command: Callable[Concatenate[Deed, ...], T], kwargs: Mapping[str, Any]
) -> tuple[T, bool]:
    if not uow.first_time(call.key, call.at):
        raise AlreadyHandled(call.key)
    return _answer(uow, call, command, kwargs), uow.promises


def _answer(uow: UnitOfWork, call: Call, asked: Callable[Concatenate[Deed, ...], T], kwargs: Mapping[str, Any]) -> T:
    return asked(Deed.of(uow, call.person_id, call.at), **kwargs)


def _named(asked: Callable[..., object]) -> str:
    return f"{asked.__module__}.{asked.__name__}"


@dataclass(frozen=True, kw_only=True)
class Command(Call):
    """`/iso verb text` (Slack reference: "Slash commands")."""

    verb: str
    text: str
    channel_id: str


@dataclass(frozen=True)
class View:
    """The Home tab or modal in which something was pressed. `hash` guards `views.update` against a race.

    `depth` is its place in the stack of modals, from 1 to 3.
    """

    id: str
    type: Literal["home", "modal"]
    hash: str
    private_metadata: str
    depth: int = 1


Field = Mapping[str, Any]
"""One input as Slack's `state.values` gives it (Slack reference: "view.state.values")."""


@dataclass(frozen=True, kw_only=True)
class Filled(Call):
    """Something done in a view with fields, which go by their `block_id`.

    A field that is not there, or was left empty, reads as "", None or an empty list. `origin` is the `response_url` of
    the card that only this person sees, where they did it in one or in a modal opened from one.
    """

    fields: Mapping[str, Field]
    origin: str | None = None

    def text(self, name: str) -> str:
        """What was typed, without white space around it, and without NUL, which PostgreSQL stores in no text."""
        return (self._field(name).get("value") or "").replace("\0", "").strip()

    def choice(self, name: str) -> str | None:
        """The value of the option chosen in a menu or among radio buttons."""
        option = self._field(name).get("selected_option")
        return option["value"] if option else None

    def choices(self, name: str) -> list[str]:
        """The values of the boxes ticked or options chosen."""
        return [option["value"] for option in self._field(name).get("selected_options") or ()]

    def person(self, name: str) -> str | None:
        """The Slack id of the person chosen."""
        return self._field(name).get("selected_user")

    def people(self, name: str) -> list[str]:
        """The Slack ids of the people chosen."""
        return list(self._field(name).get("selected_users") or ())

    def channel(self, name: str) -> str | None:
        """The id of the conversation chosen."""
        field = self._field(name)
        return field.get("selected_conversation") or field.get("selected_channel")

    def day(self, name: str) -> date | None:
        """The day chosen; a plain date without a zone."""
        chosen = self._field(name).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def files(self, name: str) -> list[SlackFile]:
        """The files dropped into a `file_input`."""
        return [SlackFile.of(found) for found in self._field(name).get("files") or ()]

    def _field(self, name: str) -> Field:
        return self.fields.get(name, {})


@dataclass(frozen=True, kw_only=True)
class Press(Filled, Generic[P]):
    """A button pressed or a menu chosen from (Slack reference: "block_actions payloads").

    `selected` is what was chosen in a menu: an option's value, a user or channel id, a date. No `view` in messages.
    `fields` are what was entered so far in the modal around the button.
    """

    payload: P
    selected: str | None
    channel_id: str | None
    message_ts: str | None
    thread_ts: str | None
    view: View | None
    response_url: str | None


@dataclass(frozen=True, kw_only=True)
class Form(Filled, Generic[P]):
    """A modal submitted (Slack reference: "view_submission payloads")."""

    payload: P
    view: View


@dataclass(frozen=True, kw_only=True)
class Closed(Call, Generic[P]):
    """A modal with `notify_on_close` was dismissed."""

    payload: P
    view: View


@dataclass(frozen=True, kw_only=True)
class Shortcut(Call):
    """A shortcut from the menu; `message` and its channel only when it was called on a message."""

    callback_id: str
    channel_id: str | None
    channel_name: str
    message: Mapping[str, Any] | None
    response_url: str | None


@dataclass(frozen=True, kw_only=True)
class Event(Call):
    """Something that happened in Slack. `person_id` is empty where the event names nobody.

    `type` is the name the app subscribes to, such as "message.im"; `body` is the inner event.
    """

    type: str
    body: Mapping[str, Any]


# --- what a handler may answer; None is a plain acknowledgement ---


@dataclass(frozen=True)
class Tell:
    """Only this person sees it, where they are: ephemeral in a conversation, a small modal on Home and in modals.

    `replace`: in the place of the message whose button was pressed, or opened the form, if that one too is seen by this
    person only. Any other stands for itself, and is drawn anew by whoever posted it.
    """

    message: Message
    replace: bool = False


@dataclass(frozen=True)
class Open:
    """Open a modal, on top of the one the person is in if any."""

    modal: Modal


@dataclass(frozen=True)
class Next:
    """The form, or the modal in which something was pressed, gives way to another view."""

    modal: Modal


@dataclass(frozen=True)
class Clear:
    """Close every modal of this stack."""


Reply = Tell | Open | Next | Clear | None


# --- what the bot says by itself: what a composer makes of an outbox row at the moment of sending ---


@dataclass(frozen=True)
class Post:
    """A new message to the row's recipient; in a thread if `thread_ts` names one. `settles` says what it tells."""

    message: Message
    thread_ts: str | None = None
    settles: Settles | None = None


@dataclass(frozen=True)
class ShareFile:
    """A kept file, laid by us under a message in `channel_id`, with what `message` says.

    `title` is what people read; `file_name` is found again where an earlier attempt may have succeeded.
    """

    message: Message
    file_name: str
    title: str
    size: int
    sha256: str
    channel_id: str
    thread_ts: str


@dataclass(frozen=True)
class Redraw:
    """Redraw the card wherever one stands; `message_for` is asked for each place, None leaves that one alone."""

    message_for: Callable[[Place], Message | None]


@dataclass(frozen=True)
class Skip:
    """Say nothing, for a reason that goes into the ledger."""

    reason: str
    settles: Settles | None = None


@dataclass(frozen=True)
class Later:
    """Say it at a better moment, for a reason that goes into the ledger."""

    moment: datetime
    reason: str


Outgoing = Post | ShareFile | Redraw | Skip | Later
Composer = Callable[[UnitOfWork, OutboxRow, datetime], Outgoing]
