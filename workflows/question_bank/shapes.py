"""What the bank holds: questions, whom they are for, and plans made of them.

In the bank a text is kept by language (`Texts`); what an interview asks is the same question with each text in one
language, so the shapes that hold texts are made for either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from workflows.shapes import Choice, Line

Texts: TypeAlias = Mapping[str, str]
"""The same words by language, such as `en` and `de`."""

W = TypeVar("W")
"""How words are kept: by language in the bank (`Texts`), in the reader's language in an interview (`str`)."""


class Mode(StrEnum):
    """How something is found out. Only what is asked in an interview is sent; others are for the auditor's notes."""

    INTERVIEW = "interview"
    DOCUMENT_REVIEW = "document_review"
    OBSERVATION = "observation"


class AnswerKind(StrEnum):
    """What an answer is: `show_me` a file or link with a sentence, `sample` a list of which some rows are drawn."""

    OPEN = "open"
    CHOICE = "choice"
    YES_NO_UNSURE = "yes_no_unsure"
    NUMBER = "number"
    DATE = "date"
    SHOW_ME = "show_me"
    SAMPLE = "sample"


class Tap(StrEnum):
    """What can be answered by a button, besides the options that a choice has."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    NONE = "none"
    SOMEBODY_ELSE = "somebody_else"
    SKIP = "skip"


class Trait(StrEnum):
    """What a condition looks at in the form of an answer; its words are never looked at."""

    ANSWER_IS = "answer_is"
    NO_FILE = "no_file"
    FILE_OLDER_THAN = "file_older_than"
    FEWER_WORDS_THAN = "fewer_words_than"
    NUMBER_BELOW = "number_below"
    NUMBER_ABOVE = "number_above"
    DATE_OLDER_THAN_DAYS = "date_older_than_days"
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True)
class Condition:
    """When a follow-up fits. `answers` goes with `answer_is`, `evidence` with traits of files, `of` with any and all.

    `than` is the limit of the others: words, the number itself, days.
    """

    trait: Trait
    answers: tuple[str, ...] = ()
    evidence: str = ""
    than: float = 0
    of: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Option(Generic[W]):
    """One answer of a choice."""

    id: str
    label: W


@dataclass(frozen=True)
class WantedEvidence(Generic[W]):
    """What would show that the answer holds. `ask`: the person is asked for it; otherwise the `holder`, an audience.

    `max_age_days` is how old it may be on the day of the answer; None where its age says nothing.
    """

    id: str
    what: W
    ask: bool
    holder: str = ""
    max_age_days: int | None = None


@dataclass(frozen=True)
class FollowUp(Generic[W]):
    """What is asked in addition where the form of an answer fits `when`."""

    when: Condition
    text: W


class SampleSource(StrEnum):
    """Where the rows come from: a list that the person gives, or the applicable controls, which the bot holds."""

    GIVEN_LIST = "given_list"
    APPLICABLE_CONTROLS = "applicable_controls"


@dataclass(frozen=True)
class Sample(Generic[W]):
    """A list of which rows are drawn. The question asks for it; `columns` are all that is wanted of it.

    `complete` is asked while the rows are counted; `for_each`, with `{rows}` in it, once they are drawn; `show` is
    what is wanted for each. Where the bot holds the rows, neither is asked and `{rows}` stands in the question.
    """

    source: SampleSource
    show: tuple[W, ...]
    columns: tuple[W, ...] = ()
    complete: W | None = None
    for_each: W | None = None
    period_days: int | None = None


@dataclass(frozen=True)
class ForAuditor:
    """What stands beside the answer when it is rated. Never sent to whoever answers, and never matched by a program."""

    intent: str
    listen_for: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question(Generic[W]):
    """One question. `requirements` are numbers by edition, `audience` ids of audiences.

    `minutes` is what it takes with a follow-up. `none_possible`: there is a button that says there is none.
    """

    id: str
    text: W
    mode: Mode
    kind: AnswerKind
    audience: tuple[str, ...]
    requirements: Mapping[str, tuple[str, ...]]
    minutes: float
    for_auditor: ForAuditor
    options: tuple[Option[W], ...] = ()
    none_possible: bool = False
    wanted_evidence: tuple[WantedEvidence[W], ...] = ()
    follow_ups: tuple[FollowUp[W], ...] = ()
    sample: Sample[W] | None = None
    version: int = 1

    @property
    def references(self) -> tuple[str, ...]:
        """The requirements as rows refer to them: `iso27001-2022:A.5.18`."""
        return tuple(f"{edition}:{number}" for edition, numbers in self.requirements.items() for number in numbers)

    def evidence(self, evidence_id: str) -> WantedEvidence[W] | None:
        """What is wanted under this id, if anything is."""
        return next((each for each in self.wanted_evidence if each.id == evidence_id), None)


BankQuestion: TypeAlias = Question[Texts]
"""A question as the bank keeps it."""

AskedQuestion: TypeAlias = Question[str]
"""A question as an interview asks it: in one language, about the standards of its plan."""


@dataclass(frozen=True)
class Said:
    """The form of an answer, which is all that conditions look at.

    `on` is the day of the answer in the organisation's zone. `chosen` is a `Tap`, or the id of an option. `files` are
    the ids of the evidence for which something came, each with the newest day that it shows, or None where nobody said.
    """

    on: date
    text: str = ""
    chosen: str = ""
    number: float | None = None
    day: date | None = None
    files: Mapping[str, date | None] = field(default_factory=dict)


class FoundBy(StrEnum):
    """How people of an audience are found."""

    DIRECTORY = "directory"
    START_DATE = "start_date"
    FIRST_SEEN = "first_seen"
    MANAGER_OF_SOMEBODY = "manager_of_somebody"
    TITLE = "title"
    ROLE = "role"
    OWNER_GROUP = "owner_group"
    OWNER_OF_OBLIGATION = "owner_of_obligation"
    OWNER_OF_REQUIREMENTS = "owner_of_requirements"
    USER_GROUP = "user_group"


@dataclass(frozen=True)
class WayToFind:
    """One way. `words` are compared whole and without case; `group` is a field of work that has an owner."""

    by: FoundBy
    within_days: int = 0
    words: tuple[str, ...] = ()
    role: str = ""
    group: str = ""
    editions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Whom questions are for. `find` proposes people, best way first; the auditor confirms or picks others."""

    id: str
    label: Texts
    find: tuple[WayToFind, ...]


ALL, ABOUT_THE_ROOT = "all", "sqrt"
"""How many people are asked where that is no number."""


@dataclass(frozen=True)
class Slice:
    """What people of one audience are asked. `people` is a number, `all`, or `sqrt`."""

    audience: str
    people: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Minutes:
    """How long a plan takes: each person who is asked, at most, and the auditor together."""

    per_person: float
    auditor: float


@dataclass(frozen=True)
class PlanTemplate:
    """An audit that can be planned as it stands. `notes` are questions of document review and observation."""

    id: str
    name: Texts
    objective: Texts
    scope: Texts
    criteria: Mapping[str, tuple[str, ...]]
    ask: tuple[Slice, ...]
    notes: tuple[str, ...]
    documents: tuple[Texts, ...]
    minutes: Minutes


@dataclass(frozen=True)
class Reworded:
    """What of a question can be changed in a form; the rest is changed in a file.

    `audience` and `requirements` are written as in a spreadsheet: `hr, facilities`; `iso27001-2022: A.5.18`.
    """

    text: str
    audience: Line
    requirements: str
    minutes: Line
    intent: str
    listen_for: str = ""
    red_flags: str = ""


@dataclass(frozen=True)
class Written(Reworded):
    """A new question as somebody enters it in a form; what a form has no room for comes in a file."""

    kind: Choice = ""
    options: str = ""
    evidence: Line = ""
    follow_up_1_when: Choice = ""
    follow_up_1: Line = ""
    id: Line = ""
