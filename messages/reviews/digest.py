"""Reviews room: the weekly digest that management reads in a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict, get_args

from slack_sdk.models.blocks import Block

from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import Phrase, Words, words

_LINES = 8  # entries in each list of the digest, besides its title


ExposureKind = Literal["major_overdue", "minor_overdue", "task_overdue", "task_missed", "not_effective"]
EXPOSURE_KINDS: tuple[ExposureKind, ...] = get_args(ExposureKind)


class OwnerFigures(TypedDict):
    """Somebody's overdue tasks: how many, and for how many calendar days the oldest is."""

    person_id: str
    count: int
    days: int


class DueFigures(TypedDict):
    """Something that falls due within the next 30 days; `due_on` is an ISO date."""

    title: str
    due_on: str
    person_id: str


class Exposure(TypedDict):
    """Something that cannot wait: what kind, its name, whose it is, and for how many calendar days it has been so."""

    kind: ExposureKind
    subject: str
    person_id: str
    days: int


class DigestFigures(TypedDict):
    """One week in figures, as JSON keeps them; `week_of` is the Monday as an ISO date.

    Counts without "this week" in their name are as of now. "Moved" findings changed their state this week.
    """

    week_of: str
    standards: list[str]
    ready: int
    applicable: int
    tasks_open: int
    tasks_overdue: int
    tasks_submitted: int
    tasks_accepted_this_week: int
    tasks_missed_this_week: int
    evidence_kept_this_week: int
    evidence_refused_this_week: int
    evidence_to_judge: int
    majors_open: int
    majors_overdue: int
    majors_new_this_week: int
    majors_moved_this_week: int
    majors_closed_this_week: int
    minors_open: int
    minors_overdue: int
    minors_new_this_week: int
    minors_moved_this_week: int
    minors_closed_this_week: int
    interviews: int
    interviews_confirmed: int
    answers_to_rate: int
    red_lines: list[Exposure]
    decisions: list[Exposure]
    overdue_by_owner: list[OwnerFigures]
    next_30_days: list[DueFigures]


@dataclass(frozen=True)
class Signature:
    """By which key the head of a workspace's trail was signed, as people compare it, and the signature itself."""

    workspace: str
    fingerprint: str
    signature: str


def digest(
    *,
    figures: DigestFigures,
    previous: DigestFigures | None,
    trail_sequence: int,
    trail_hash: str,
    signed: Signature | None = None,
) -> Message:
    """The week for management: what cannot wait first, then the figures with their change since last week.

    `trail_sequence` and `trail_hash` are the head of the audit trail, so that the channel witnesses it; `signed` is how
    it was signed, where there is a key.
    """
    wording = words(
        "reviews/digest",
        figures=figures,
        before=previous or {},
        week_of=date.fromisoformat(figures["week_of"]),
        trail_sequence=trail_sequence,
        trail_hash=trail_hash,
        signed=signed,
    )
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording.headline),
            *_red_lines(wording, figures["red_lines"]),
            kit.lines([wording.ready, wording.tasks, wording.evidence, wording.majors, wording.minors, wording.audits]),
            *_listed(wording.overdue, [_line("overdue_line", each) for each in figures["overdue_by_owner"]]),
            *_listed(wording.next_30_days, [_due_line(each) for each in figures["next_30_days"]]),
            *_decisions(wording, figures["decisions"]),
            kit.context(wording.trail),
            *([kit.context(wording.signed)] if signed else []),
            kit.context(wording.not_a_review),
        ],
    )


def _red_lines(wording: Words, exposures: Sequence[Exposure]) -> list[Block]:
    lines = [_line(f"red_{each['kind']}", each) for each in exposures]
    return _listed(wording.red, lines) or [kit.section(wording.no_red)]


def _decisions(wording: Words, exposures: Sequence[Exposure]) -> list[Block]:
    lines = [_line(f"decide_{each['kind']}", each) for each in exposures]
    return _listed(wording.decisions, lines) or [kit.section(wording.no_decisions)]


def _line(block: str, item: Exposure | OwnerFigures) -> Phrase:
    return words("reviews/digest_lines", item=item)[block]


def _due_line(item: DueFigures) -> Phrase:
    return words("reviews/digest_lines", item=item, due_on=date.fromisoformat(item["due_on"])).due_line


def _listed(title: Phrase, lines: Sequence[Phrase]) -> list[Block]:
    return [kit.lines([title, *lines], most=_LINES + 1)] if lines else []
