"""A deed: who does something, when, and in which unit of work. Every command gets one, and says what it does with it.

Four ways lead from a deed to others, and each has a name of its own:

- `daily`: noted for somebody's message of the day;
- `message`: a message of its own, such as the answer to what somebody has just done;
- `redraw`: no message; the cards that show it are drawn anew wherever they stand;
- `uow.schedule`: the row of the outbox behind all of these, for what is none of them.

What takes longer than somebody waits is an `errand`, which ends in one of these.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Concatenate, ParamSpec, TypeVar

from storage.engine.rows import Row
from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.record.errands import Errand
from workflows.nudges import notices
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import THE_BOT, Actor

P = ParamSpec("P")
T = TypeVar("T")

Subject = Row | tuple[str, int | str]
"""What a deed is about: a row, by the name of its table; or a name and an id, where no row has them."""


@dataclass(frozen=True)
class Deed:
    """Somebody does something, or asks, at an aware moment, in one unit of work."""

    uow: UnitOfWork
    actor: Actor
    at: datetime

    @classmethod
    def of(cls, uow: UnitOfWork, person_id: str, at: datetime) -> "Deed":
        """A person's, as the directory knows them now. Raises `NotInDirectory`."""
        return cls(uow, people_questions.actor(uow, person_id), at)

    @classmethod
    def of_the_bot(cls, uow: UnitOfWork, at: datetime) -> "Deed":
        """What the clock does, or what follows from what came in; it has no role."""
        return cls(uow, Actor.by_name_alone(THE_BOT), at)

    def in_name_of(self, person_id: str) -> "Deed":
        """The same moment, put down to somebody whose word was given before; they need not be here any more.

        It has no role: whether they may was asked when they gave it.
        """
        return replace(self, actor=Actor.by_name_alone(person_id))

    @property
    def by_itself(self) -> "Deed":
        """What follows from it by a rule, and is done by the bot itself."""
        return self.in_name_of(THE_BOT)

    @property
    def by(self) -> str:
        """The id of whoever acts; of the bot, its name."""
        return self.actor.person_id

    @property
    def today(self) -> date:
        """The organisation's day."""
        return local_day(self.uow.workspace().zone, self.at)

    @property
    def their_today(self) -> date:
        """The day it is where the actor is."""
        return local_day(self.actor.zone, self.at)

    def must(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless one of the actor's roles allows it."""
        self.actor.must(permission)

    def may(self, permission: Permission) -> bool:
        """Whether one of the actor's roles allows it."""
        return self.actor.may(permission)

    def record(self, verb: str, subject: Subject, /, **details: JSON) -> None:
        """Write it down on the audit trail. Best done last: it makes other writers wait.

        A detail whose name Python keeps for itself is given with an underscore behind it: `from_`.
        """
        kind, subject_id = _named(subject)
        said = {name.removesuffix("_"): value for name, value in details.items()}
        self.uow.record(actor=self.by, verb=verb, subject=kind, subject_id=subject_id, at=self.at, details=said)

    def daily(
        self,
        people: Iterable[str],
        subject: Subject,
        rung: str,
        *,
        what: object = None,
        values: Mapping[str, JSON] = {},
    ) -> None:
        """Note something for the message of the day of each of the people: once per rung and `what`.

        Without `what` that is once per version of the row. What comes up after their message was sent goes into its
        thread. For those who have left the leads are told instead.
        """
        kind, subject_id = _named(subject)
        once_per = str(_version_of(subject) if what is None else what)
        about = {"subject": kind, "subject_id": subject_id, "rung": rung, "what": once_per, "values": values}
        notices.daily(self.uow, people, about, at=self.at)

    def message(
        self, people: Iterable[str], subject: Subject, kind: str, *, what: Sequence[object], at_once: bool = False
    ) -> None:
        """Plan a message of its own to each of the people, once per `what`, at a good hour of theirs.

        `at_once` is for answers to what the person is doing right now: whoever acts at night is awake. Slack takes
        messages to closed accounts without a word, so for those who have left the leads are told instead.
        """
        name, subject_id = _named(subject)
        notices.message(
            self.uow,
            people,
            kind=kind,
            subject=name,
            subject_id=int(subject_id),
            what=what,
            at_once=at_once,
            at=self.at,
        )

    def redraw(self, subject: Subject, *, version: int | str | None = None) -> None:
        """Have every card that shows it drawn anew, at once and silently; once per version."""
        kind, subject_id = _named(subject)
        drawn = _version_of(subject) if version is None else version
        notices.redraw(
            self.uow,
            subject=kind,
            subject_id=int(subject_id),
            version=drawn,
            at=self.at,
            by_person=self.by != THE_BOT,
        )

    def errand(
        self,
        kind: str,
        *,
        values: Mapping[str, JSON],
        about: str = "",
        place: tuple[str, str] = ("", ""),
        not_before: datetime | None = None,
    ) -> Errand:
        """Promise something that the bot does as soon as this is committed, or after `not_before`.

        `about` is what people call it where no card shows how it goes. What is said of it goes to `place`, a
        conversation and a thread of it; else to the actor.
        """
        channel_id, thread_ts = place
        begins = not_before or self.at
        return self.uow.promise(
            Errand(
                kind=kind,
                person_id=self.by,
                values=dict(values),
                about=about,
                channel_id=channel_id,
                thread_ts=thread_ts,
                planned_at=begins,
                not_before=begins,
            )
        )


def as_the_bot(command: Callable[Concatenate[Deed, P], T], at: datetime) -> Callable[Concatenate[UnitOfWork, P], T]:
    """A command that nobody gave, as one to be run: it follows from the clock, or from what came in."""

    def carried_out(uow: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return command(Deed.of_the_bot(uow, at), *args, **kwargs)

    return carried_out


def _named(subject: Subject) -> tuple[str, int | str]:
    return (str(subject.__tablename__), subject.id) if isinstance(subject, Row) else subject


def _version_of(subject: Subject) -> int:
    if not isinstance(subject, Row):
        raise TypeError(f"{subject} is no row, and so has no version")
    return subject.version
