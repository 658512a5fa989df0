"""What a button or a modal carries back to us: small typed values as compact JSON with a version.

Buttons live for ever in people's histories, so a payload says by which version of this module it was written.
"""

import json
from dataclasses import dataclass, fields
from typing import TypeVar

from messages import limits

VERSION = 1


class UnreadablePayload(Exception):
    """The value of a button or modal is not one that this version of Deskaudit wrote."""


@dataclass(frozen=True)
class Nothing:
    """For buttons that need no value."""


@dataclass(frozen=True)
class TaskRef:
    """A task as the reader saw it; `version` tells a click on an old card from one on the present state."""

    task: int
    version: int


@dataclass(frozen=True)
class TaskDeed:
    """What was chosen in the menu on a task's card."""

    deed: str
    task: int
    version: int


@dataclass(frozen=True)
class HandoverRef:
    """Somebody's wish that a task change hands."""

    handover: int


@dataclass(frozen=True)
class ListRef:
    """A page of a list of tasks, and what it was narrowed down to."""

    whose: str
    state: str
    overdue: bool
    edition: str
    page: int


@dataclass(frozen=True)
class PersonRef:
    """Somebody in the directory."""

    person: str


@dataclass(frozen=True)
class LedgerRef:
    """A page of what somebody was told, counted from 1."""

    person: str
    page: int


@dataclass(frozen=True)
class LoadRef:
    """Everything one person looks after, in the numbers its reader saw, and who is to have it."""

    from_id: str
    to_id: str
    numbers: str


@dataclass(frozen=True)
class EvidenceRef:
    """A piece of evidence as the reader saw it."""

    evidence: int
    version: int


@dataclass(frozen=True)
class DisposalRef:
    """A proposal to dispose of evidence."""

    disposal: int


@dataclass(frozen=True)
class OfferedMessageRef:
    """A message that somebody is about to save as evidence."""

    message: int


@dataclass(frozen=True)
class MachineKeyRef:
    """A key by which a machine brings evidence."""

    key: int


@dataclass(frozen=True)
class InterviewRef:
    """One person's part in a desk audit."""

    interview: int


@dataclass(frozen=True)
class QuestionRef:
    """One question of an interview."""

    interview: int
    question: str


@dataclass(frozen=True)
class AnswerRef:
    """An answer as the auditor saw it."""

    answer: int
    version: int


@dataclass(frozen=True)
class NonconformityRef:
    """A nonconformity as the reader saw it."""

    nonconformity: int
    version: int


@dataclass(frozen=True)
class FrameworkPage:
    """A page of the requirements of a framework, counted from 1; of one theme if it is not empty."""

    edition: str
    theme: str = ""
    page: int = 1


@dataclass(frozen=True)
class RequirementRef:
    """A requirement and the version of what the reader saw decided about it (0: nothing yet).

    `goes_on`: after saving, the next one is asked for in the same modal.
    """

    reference: str
    version: int
    goes_on: bool = False


@dataclass(frozen=True)
class ObligationRef:
    """An obligation as the reader saw it."""

    obligation: int
    version: int


@dataclass(frozen=True)
class EditionRef:
    """The certificate for an edition as the reader saw it; version 0 where there was none yet."""

    edition: str
    version: int


@dataclass(frozen=True)
class PageRef:
    """A page of a long list, counted from 1."""

    page: int


@dataclass(frozen=True)
class MonthRef:
    """A page of a month's list; `month` is written as 2026-11."""

    month: str
    page: int


@dataclass(frozen=True)
class FeedRef:
    """A calendar's private address: own, or the programme's."""

    scope: str


@dataclass(frozen=True)
class ImportRef:
    """A spreadsheet on its way in as the reader saw it."""

    run: int
    version: int


@dataclass(frozen=True)
class PackRef:
    """An audit pack as the reader saw it."""

    pack: int
    version: int


@dataclass(frozen=True)
class RequestRef:
    """What an auditor asks to see, as the reader saw it."""

    request: int
    version: int


@dataclass(frozen=True)
class StepRef:
    """A step of the setup; `page` is that of its list, counted from 1."""

    place: str
    page: int = 1


@dataclass(frozen=True)
class ProposalRef:
    """A proposed obligation by its key, and the page of the list on which it stood."""

    key: str
    page: int


@dataclass(frozen=True)
class SetupRef:
    """Everything that was answered, as the reader saw it."""

    version: int


@dataclass(frozen=True)
class StandardRef:
    """A standard by its edition."""

    edition: str


@dataclass(frozen=True)
class AccessRef:
    """What an auditor from outside was let in to."""

    access: int


Payload = (
    Nothing
    | TaskRef
    | TaskDeed
    | HandoverRef
    | ListRef
    | PersonRef
    | LedgerRef
    | LoadRef
    | EvidenceRef
    | DisposalRef
    | OfferedMessageRef
    | MachineKeyRef
    | InterviewRef
    | QuestionRef
    | AnswerRef
    | NonconformityRef
    | FrameworkPage
    | RequirementRef
    | ObligationRef
    | EditionRef
    | PageRef
    | MonthRef
    | FeedRef
    | ImportRef
    | PackRef
    | RequestRef
    | StepRef
    | ProposalRef
    | SetupRef
    | StandardRef
    | AccessRef
)
P = TypeVar("P", bound=Payload)


def encode(payload: Payload) -> str:
    """The payload as Slack carries it, in a button's `value` or a view's `private_metadata`."""
    text = json.dumps({"v": VERSION, **vars(payload)}, separators=(",", ":"), ensure_ascii=False)
    if limits.length(text) > limits.BUTTON_VALUE:
        raise ValueError(f"a payload of {len(text)} characters does not fit into a button")
    return text


def decode(kind: type[P], text: str) -> P:
    """The payload of that kind in `text`; raises `UnreadablePayload` for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadablePayload("the value is not JSON") from error
    if not isinstance(found, dict) or found.pop("v", None) != VERSION:
        raise UnreadablePayload("the value was written by another version")
    wanted = {field.name: field.type for field in fields(kind)}
    if {name: type(value) for name, value in found.items()} != wanted:
        raise UnreadablePayload(f"the value is no {kind.__name__}")
    return kind(**found)
