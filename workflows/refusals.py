"""Refusals: what the domain says no to. Each becomes a sentence; the wording stands with the messages.

The name of a refusal (`OwnEvidence` is `own_evidence`) names its template too, and its fields are the values.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from workflows.shapes import Field, Kind, Steps, asked_by, fields_of
from workflows.wishes import Wish


class Refusal(Exception):
    """Nothing was changed, and the person is told why."""

    @property
    def field(self) -> str | None:
        """The form field to point at, if there is one."""
        return None

    @property
    def all(self) -> Sequence["Refusal"]:
        """Itself, and what else is wrong with other fields of the same form."""
        return (self,)

    @property
    def name(self) -> str:
        """The refusal's name in snake case, which is also its template's."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """What the template needs to say it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # every refusal is a dataclass


class OfAField:
    """Said beside the field in which it was typed, if it was typed in one."""

    field_name: str

    @property
    def field(self) -> str | None:
        """The form field to point at."""
        return self.field_name or None


class Tried(StrEnum):
    """What somebody tried that no role allows; its words are in `deed.j2`, beside those of the permissions."""

    ADD_EVIDENCE_FOR_TASK = "add_evidence_for_task"
    ADD_EVIDENCE_HERE = "add_evidence_here"
    ANSWER_HERE = "answer_here"
    ANSWER_REQUEST = "answer_request"
    ANSWER_THIS = "answer_this"
    APPROVE_OWN_PROPOSAL = "approve_own_proposal"
    ASK_IN_AUDIT = "ask_in_audit"
    CHANGE_DETAILS = "change_details"
    CHANGE_DETAILS_OF_ACCEPTED = "change_details_of_accepted"
    CHANGE_PLAN = "change_plan"
    CONFIRM_OPENING = "confirm_opening"
    DO_THIS = "do_this"
    HAND_OVER = "hand_over"
    LOOK_AT_AUDIT = "look_at_audit"
    PUT_OFF = "put_off"
    RAISE_CONCERN = "raise_concern"
    RAISE_WITHOUT_NAME = "raise_without_name"
    RAISE_FINDING = "raise_finding"
    RATE_ANSWER = "rate_answer"
    RATE_ANSWERS = "rate_answers"
    READ_ANSWERS = "read_answers"
    READ_FINDINGS = "read_findings"
    SAVE_MESSAGE = "save_message"
    CHOOSE_FOR_FILE = "choose_for_file"
    SAY_DONE = "say_done"
    SAY_HOW_THEY_SEE_IT = "say_how_they_see_it"
    SAY_NOT_MINE = "say_not_mine"
    SAY_STILL_RIGHT = "say_still_right"
    SAY_WHY_MISSED = "say_why_missed"
    SEE_THIS_AUDIT = "see_this_audit"
    SHOW_FINDINGS = "show_findings"
    START = "start"
    TAKE_LEAD_ROLE = "take_lead_role"
    WITHDRAW_FINDING = "withdraw_finding"
    WRITE_NOTE = "write_note"
    WRITE_REPORT = "write_report"


class WhoMay(StrEnum):
    """Who may instead, where that is not a matter of roles; its words are in `who_may.j2`."""

    ANOTHER_LEAD_OR_MANAGEMENT = "another_lead_or_management"
    AUDIT_TEAM_OR_LEAD = "audit_team_or_lead"
    AUDITOR = "auditor"
    AUDITOR_GIVEN_ACCESS = "auditor_given_access"
    EMPLOYEE = "employee"
    GIVEN_TO_OR_LEAD = "given_to_or_lead"
    GIVER = "giver"
    GIVER_OWNER_OR_LEAD = "giver_owner_or_lead"
    LEAD_AUDITOR_OR_LEAD = "lead_auditor_or_lead"
    LEAD_AUDITOR = "lead_auditor"
    OWNER = "owner"
    OWNER_OR_LEAD = "owner_or_lead"
    PERSON = "person"
    WHO_WAS_ASKED = "who_was_asked"
    WORKSPACE_ADMIN = "workspace_admin"


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The role or ownership is missing that is needed for what was `tried`: a permission, or one of `Tried`.

    `who_may` is the roles that allow it, or one of `WhoMay` with the person whom its words name.
    """

    tried: StrEnum
    who_may: Sequence[StrEnum] | WhoMay
    person: str | None = None


class Thing(StrEnum):
    """What a refusal is about: something that has a name of its own, or one of those that `thing.j2` has words for."""

    NAMED = "named"
    DECISION_ON = "decision_on"
    RATING_OF = "rating_of"
    VERSION = "version"
    SETUP = "setup"
    STATEMENT = "statement"
    THIS_ANSWER = "this_answer"
    THIS_DECISION = "this_decision"
    THIS_FINDING = "this_finding"
    THIS_INTERVIEW = "this_interview"
    THIS_PACK = "this_pack"
    THIS_QUESTION = "this_question"
    THIS_PLAN = "this_plan"
    THIS_PROPOSAL = "this_proposal"
    THIS_RATING = "this_rating"
    THIS_REPORT = "this_report"
    WHAT_IS_HANDED_OVER = "what_is_handed_over"


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    """The step was taken before. `state` is the state now, by the word that `state.j2` has for it."""

    what: Thing
    state: str
    by: str | None
    called: str | int = ""


@dataclass(eq=False)
class Stale(Refusal):
    """What the person decided on has changed since they saw it."""

    what: Thing
    called: str | int = ""


@dataclass(eq=False)
class InputWanted(OfAField, Refusal):
    """A field of a form is empty or out of bounds; `wish` says what belongs there, `about` the values in its words.

    `others` are what is wanted of other fields, so that all of it can be said at once.
    """

    field_name: str
    wish: Wish
    about: Mapping[str, object] = field(default_factory=dict)
    others: Sequence["InputWanted"] = ()

    @property
    def all(self) -> Sequence[Refusal]:
        """Itself, and what is wanted of other fields."""
        return (self, *self.others)


_WISHES: Mapping[Kind, Wish] = MappingProxyType(
    {
        Kind.DAY: Wish.CHOOSE_DAY,
        Kind.PERSON: Wish.CHOOSE_PERSON,
        Kind.PEOPLE: Wish.CHOOSE_ANY_PERSON,
        Kind.CHOICE: Wish.CHOOSE_ONE_OPTION,
        Kind.CHOICES: Wish.CHOOSE_ANY_OPTION,
    }
)
"""What belongs into a field of a shape where its room has no better words; into all others, a sentence."""


def wanted(field: Field, wish: Wish | None = None) -> InputWanted:
    """The refusal that points at a field of a shape, or at the first of its steps that is still wanted."""
    if isinstance(field.kind, Steps):
        least = field.kind.least
        return InputWanted(asked_by(field)[least - 1].name, wish or Wish.ANSWER_TIMES, {"least": least})
    return InputWanted(field.name, wish or _WISHES.get(field.kind, Wish.WRITE_SENTENCE))


def want_all(said: object, wishes: Mapping[str, Wish] = MappingProxyType({})) -> None:
    """Raise `InputWanted` for the fields of a shape that may not be left empty and were; `wishes` by their names."""
    must_be_none(
        wanted(asked, wishes.get(asked.name))
        for asked in fields_of(type(said))
        if not asked.is_optional and _is_empty(getattr(said, asked.name), asked)
    )


def must_be_none(found: Iterable[InputWanted]) -> None:
    """Raise what is wanted of the fields of a form, all of it together; of each field the first counts."""
    first = {each.field_name: each for each in reversed(list(found))}
    in_order = list(reversed(first.values()))
    if in_order:
        raise InputWanted(in_order[0].field_name, in_order[0].wish, in_order[0].about, in_order[1:])


def together(*checks: Callable[[], object]) -> None:
    """Carry out every check of a form, and raise what they want of its fields together."""
    found: list[InputWanted] = []
    for check in checks:
        try:
            check()
        except InputWanted as no:
            found += [no, *no.others]
    must_be_none(found)


def _is_empty(value: Any, field: Field) -> bool:
    if isinstance(field.kind, Steps):
        return len([each for each in value if each.strip()]) < field.kind.least
    return not value.strip() if isinstance(value, str) else value in (None, ())


@dataclass(eq=False)
class EndBeforeStart(OfAField, Refusal):
    """Something was to end before it begins."""

    starts_on: date
    ends_on: date
    field_name: str = "ends_on"


@dataclass(eq=False)
class UnreadableFile(Refusal):
    """A file cannot be taken as a table; `why` names the sentence: empty, too_large, unpacks_too_large, …"""

    file: str
    why: str


class RowWhy(StrEnum):
    """What is wrong with a row; its words are in `row_fault.j2`."""

    ALREADY_IN_ROW = "already_in_row"
    FIGURE_FOR_NUMBER = "figure_for_number"
    FORMULA = "formula"
    ITS_TOO_LONG = "its_too_long"
    NO_COLUMN = "no_column"
    NO_ROWS = "no_rows"
    NOT_A_DATE = "not_a_date"
    NOT_A_REQUIREMENT = "not_a_requirement"
    NOT_ONE_PERSON = "not_one_person"
    NUMBER_NEEDED = "number_needed"
    ONE_FREQUENCY = "one_frequency"
    REQUEST_EMPTY = "request_empty"
    SEVERAL_REQUIREMENTS = "several_requirements"
    TITLE_NEEDED = "title_needed"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, and the values in its words."""

    why: RowWhy
    about: Mapping[str, object] = field(default_factory=dict)


@dataclass(eq=False)
class BadRows(Refusal):
    """Some rows of a file need another look, so none was taken. `rows` pairs each row's number with what is wrong."""

    file: str
    rows: tuple[tuple[int, RowFault], ...]
    of: int


@dataclass(eq=False)
class DateNotUnderstood(OfAField, Refusal):
    """Words that mean no day. `is_a_date`: they look like one, but the calendar has no such day."""

    text: str
    is_a_date: bool
    field_name: str = ""


@dataclass(eq=False)
class LooksLikeSecret(OfAField, Refusal):
    """What was written looks like holding a secret in this line, so nothing of it was kept."""

    kind: StrEnum
    line: int
    field_name: str = ""
