"""Programme: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class ObligationRef(Payload):
    """An obligation as the reader saw it."""

    obligation: int
    version: int


@dataclass(frozen=True)
class MonthRef(Payload):
    """A page of a month's list; `month` is written as 2026-11."""

    month: str
    page: int


@dataclass(frozen=True)
class FeedRef(Payload):
    """A calendar's private address: own, or the programme's."""

    scope: str


@dataclass(frozen=True)
class StepRef(Payload):
    """A step of the setup; `page` is that of its list, counted from 1."""

    place: str
    page: int = 1


@dataclass(frozen=True)
class ProposalRef(Payload):
    """A proposed obligation by its key, and the page of the list on which it stood."""

    key: str
    page: int


@dataclass(frozen=True)
class SetupRef(Payload):
    """Everything that was answered, as the reader saw it."""

    version: int


@dataclass(frozen=True)
class StandardRef(Payload):
    """A standard by its edition."""

    edition: str
