"""Desk audits: the card of an audit's desk, and what lies on it, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.desk_audits.cards import BRING
from messages.desk_audits.findings import FindingItem
from messages.desk_audits.payloads import AuditRef, FindRef, SeatRef, SheetRef
from messages.evidence.cards import GivenFile, file_blocks
from messages.interviews.cards import ROOM_FOR_ONE, GivenAnswer
from messages.words import kit
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import Words, words

BY_QUESTION = "audit.by_question"
BY_PERSON = "audit.by_person"
PAGE_BACK = "audit.page.back"
PAGE_ON = "audit.page.on"
TO_PAGE = "audit.page"
READ_ANSWER = "answer.read"
ASSESS = "answer.assess"
FURTHER = "answer.further"
NOTE = "audit.note"
FIND = "audit.find"
FIND_FROM = "answer.find"
FINDINGS = "audit.findings"
SHOW = "audit.show_findings"
COMPARE = "audit.compare"
REPORT = "audit.report"

SHEET_VIEW = "audit.sheet_view"
ANSWER_VIEW = "answer.view"
COMPARISON_VIEW = "audit.comparison_view"

QUESTION, PERSON = "question", "person"

ON_A_PAGE = 600
"""Characters of each answer on a page of several."""


@dataclass(frozen=True)
class PersonProgress:
    """How far somebody is. `state`: invited, answering, paused, confirming, confirmed, declined, withdrawn or left.

    `further` questions are open that they were asked after they had confirmed.
    """

    person_id: str
    state: str
    answered: int
    total: int
    handed_on: int = 0
    resumes_on: date | None = None
    wants_to_talk: bool = False
    further: int = 0


@dataclass(frozen=True)
class DeskCard:
    """An audit for one reader. `sight`: desk for its team, overview for leads outside it, own for who answers for it.

    `readable` answers and notes are there, `unrated` of them wait; `to_show` findings were shown to nobody yet. `state`
    is none for audits of earlier versions, and so are the words and days of their plan. `closed`: reported or
    withdrawn, where nothing is added any more; `has_report`: there is one for this reader to read or to write.
    """

    ref: AuditRef
    sight: str
    title: str
    standard: str
    auditor_id: str
    state: str | None = None
    closed: str | None = None
    has_report: bool = False
    objective: str = ""
    scope: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    is_due: bool = False
    people: Sequence[PersonProgress] = ()
    readable: int = 0
    unrated: int = 0
    findings: Sequence[FindingItem] = ()
    to_show: int = 0

    def at(self, *states: str) -> list[PersonProgress]:
        """Those of the people who are so far."""
        return [each for each in self.people if each.state in states]


@dataclass(frozen=True)
class RatingLine:
    """A rating, by its keys in `scales.j2`, with its note and what backs it up by name."""

    rating: str
    corroboration: str
    note: str
    by_id: str
    at: datetime
    backed_by: Sequence[str] = ()


@dataclass(frozen=True)
class AnswerOnDesk:
    """An answer, or a note of the team (`mode`), with everything that stands beside it for the auditor.

    `said` is what the person's own copy says; `rest` how a long text of it goes on, part by part. `wants_rating`: it
    says something, and nobody has rated it. `is_closed`: nothing is added to its audit any more.
    """

    ref: SeatRef
    audit: int
    person_id: str
    prompt: str
    said: GivenAnswer
    answered_at: datetime
    rest: Sequence[str] = ()
    mode: str | None = None
    requirements: Sequence[Requirement] = ()
    intent: str = ""
    listen_for: Sequence[str] = ()
    red_flags: Sequence[str] = ()
    wanted: Sequence[str] = ()
    files: Sequence[GivenFile] = ()
    kept: Sequence["KeptEvidence"] = ()
    rating: RatingLine | None = None
    earlier: Sequence[RatingLine] = ()
    suggestion: str | None = None
    wants_rating: bool = True
    is_closed: bool = False


@dataclass(frozen=True)
class KeptEvidence:
    """Accepted evidence that is fresh enough for what a question wants of others than its person: `what`."""

    what: str
    name: str
    collected_on: date


@dataclass(frozen=True)
class Sheet:
    """A page of the desk: some of what was said to one question, by one person, or noted by the team.

    `after` is the question whose answer these follow, if they do.
    """

    ref: SheetRef
    total: int
    said: Sequence[AnswerOnDesk] = field(default=())
    after: str = ""


@dataclass(frozen=True)
class ComparedRequirement:
    """The lowest rating of a requirement in the last audit and in this one, by its key in `scales.j2`."""

    requirement: Requirement
    then: str | None
    now: str | None


@dataclass(frozen=True)
class ComparisonCard:
    """An audit beside the last one of its area, with what is still open from then."""

    number: int
    title: str
    opened_at: datetime
    ratings: Sequence[ComparedRequirement]
    still_open: Sequence[FindingItem]


# --- the card ---


def desk(card: DeskCard) -> Message:
    """An audit as it stands, for its team, for leads outside it, and for whoever answers for what is audited."""
    wording = words("desk_audits/desk", card=card)
    about = [kit.header(wording.title), kit.section(wording.what), *_progress(wording, card)]
    found = [kit.section(wording.findings), kit.lines([each.line for each in card.findings])] if card.findings else []
    return kit.message(wording.summary, [*about, *found, kit.context(wording[card.sight]), *kit.actions(_ways(card))])


def _progress(wording: Words, card: DeskCard) -> list[Block]:
    if card.sight == "own":
        return []
    steps = [kit.section(wording.next)] if card.sight == "desk" else []
    return [kit.section(wording.progress), *steps]


def _ways(card: DeskCard) -> list[ButtonElement]:
    wording = words("desk_audits/desk", card=card)
    report = [kit.button(wording.button_report, REPORT, card.ref)] if card.has_report else []
    if card.sight != "desk":
        return report
    read = [
        kit.button(wording.button_by_question, BY_QUESTION, SheetRef(card.ref.audit, QUESTION, 1), style="primary"),
        kit.button(wording.button_by_person, BY_PERSON, SheetRef(card.ref.audit, PERSON, 1)),
    ]
    return [
        *(read if card.readable else []),
        *([] if card.closed else _to_add(wording, card)),
        *([kit.button(wording.button_findings, FINDINGS, card.ref)] if card.findings else []),
        *([kit.button(wording.button_show, SHOW, card.ref)] if card.to_show and not card.closed else []),
        kit.button(wording.button_compare, COMPARE, card.ref),
        *report,
    ]


def _to_add(wording: Words, card: DeskCard) -> list[ButtonElement]:
    return [kit.button(wording.button_note, NOTE, card.ref), kit.button(wording.button_find, FIND, card.ref)]


def bring_button(ref: AuditRef) -> ButtonElement:
    """The way to the card of an audit."""
    return kit.button(words("desk_audits/desk", ref=ref).button_bring, BRING, ref)


# --- what lies on it ---


def sheet(shown: Sheet) -> Modal:
    """A page of answers, each with the way to all of it; the pages before and after."""
    wording = words("desk_audits/sheet", sheet=shown, first=next(iter(shown.said), None))
    if not shown.said:
        return kit.modal(SHEET_VIEW, wording[f"heading_{shown.ref.by}"], [kit.section(wording.nothing)])
    heading = wording.question if shown.ref.by == QUESTION and shown.said[0].mode is None else wording.of_whom
    return kit.modal(
        SHEET_VIEW,
        wording[f"heading_{shown.ref.by}"],
        [
            kit.section(heading),
            *_beside(wording, shown.said[0], shown.ref.by),
            kit.divider(),
            *(_said(each, shown) for each in shown.said),
            kit.context(wording.where),
            *kit.actions(_turning(wording, shown)),
        ],
    )


def _beside(wording: Words, first: AnswerOnDesk, by: str) -> list[Block]:
    """What stands beside a question for the auditor alone."""
    has_more = first.intent or first.listen_for or first.red_flags or first.wanted
    return [kit.context(wording.beside)] if by == QUESTION and has_more else []


def _said(answer: AnswerOnDesk, shown: Sheet) -> Block:
    """The question stands with each answer where the page isn't about one."""
    is_same = shown.ref.by == QUESTION and answer.prompt == shown.said[0].prompt
    wording = words(
        "desk_audits/sheet", answer=answer, by=shown.ref.by, is_same=is_same, said=answer.said, room=ON_A_PAGE
    )
    return kit.section(wording.line, button=kit.button(wording.button_read, READ_ANSWER, answer.ref))


def _turning(wording: Words, shown: Sheet) -> list[ButtonElement]:
    ref = shown.ref
    back = kit.button(wording.button_back, PAGE_BACK, SheetRef(ref.audit, ref.by, ref.page - 1))
    on = kit.button(wording.button_on, PAGE_ON, SheetRef(ref.audit, ref.by, ref.page + 1))
    return [*([back] if ref.page > 1 else []), *([on] if ref.page < shown.total else [])]


def answer(shown: AnswerOnDesk, page: SheetRef) -> Modal:
    """One answer whole, with all that stands beside it, and what the auditor may do with it."""
    wording = words("desk_audits/answer", answer=shown)
    return kit.modal(
        ANSWER_VIEW,
        wording.heading,
        [
            kit.section(wording.question),
            *_words(shown),
            *_evidence(wording, shown),
            *([kit.context(wording.beside)] if shown.intent or shown.red_flags or shown.listen_for else []),
            *_ratings(wording, shown),
            *kit.actions([*_deeds(wording, shown), kit.button(wording.button_to_page, TO_PAGE, page)]),
        ],
    )


def _deeds(wording: Words, shown: AnswerOnDesk) -> list[ButtonElement]:
    """What is done with an answer, until the report is signed."""
    if shown.is_closed:
        return []
    rate = wording.button_rate_again if shown.rating else wording.button_rate
    return [
        kit.button(rate, ASSESS, shown.ref, style="primary"),
        kit.button(wording.button_find, FIND_FROM, FindRef(shown.audit, shown.ref.answer, shown.ref.by)),
        *([] if shown.mode else [kit.button(wording.button_further, FURTHER, shown.ref)]),
    ]


def _words(shown: AnswerOnDesk) -> list[Block]:
    """Every word of an answer, in as many paragraphs as it takes."""
    others = [words("desk_audits/answer", part=each).goes_on for each in shown.rest]
    whole = words("desk_audits/answer", answer=shown.said, room=ROOM_FOR_ONE).said
    return [kit.section(whole), *(kit.section(each) for each in others)]


def _evidence(wording: Words, shown: AnswerOnDesk) -> list[Block]:
    kept = [kit.context(wording.kept)] if shown.kept else []
    if not shown.files:
        return [*([kit.context(wording.no_files)] if shown.wanted else []), *kept]
    return [kit.section(wording.files), *file_blocks(shown.files, to_judge=True), *kept]


def _ratings(wording: Words, shown: AnswerOnDesk) -> list[Block]:
    if shown.rating is None:
        return []
    earlier = [words("desk_audits/answer", rating=each).rated for each in shown.earlier]
    before = [kit.section(wording.earlier), kit.lines(earlier)] if earlier else []
    now = words("desk_audits/answer", rating=shown.rating, answer=shown)
    return [kit.divider(), kit.section(now.rated_now), *before]


def missing_document() -> str:
    """What corroboration points at where a required document is missing or wrong."""
    return words("desk_audits/scales").document_missing.plain


# --- beside the last audit ---


def comparison(card: ComparisonCard | None) -> Modal:
    """An audit beside the last one of its area; or that there is none to compare with."""
    wording = words("desk_audits/comparison", card=card)
    if card is None:
        return kit.modal(COMPARISON_VIEW, wording.heading, [kit.section(wording.nothing)])
    rows = [words("desk_audits/comparison", row=each).line for each in card.ratings]
    still_open = [each.line for each in card.still_open]
    return kit.modal(
        COMPARISON_VIEW,
        wording.heading,
        [
            kit.section(wording.last),
            *([kit.lines(rows)] if rows else [kit.section(wording.unrated)]),
            *([kit.section(wording.open), kit.lines(still_open)] if still_open else [kit.section(wording.none_open)]),
        ],
    )


# --- in lists ---


@dataclass(frozen=True)
class OwnAudit:
    """An audit of its reader's team, with what waits for them in it."""

    ref: AuditRef
    title: str
    confirmed: int
    asked: int
    unrated: int
    to_show: int
    is_due: bool


def own_audit_blocks(item: OwnAudit) -> list[Block]:
    """An audit on the Home tab of somebody in its team."""
    return [kit.section(words("desk_audits/own_audit", item=item).line, button=bring_button(item.ref))]
