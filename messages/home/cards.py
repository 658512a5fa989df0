"""App Home: what waits for somebody, and for compliance leads how the programme stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.concerns import cards as concern_cards
from messages.concerns.cards import ConcernCard
from messages.desk_audits import desk as desk_audit_words
from messages.desk_audits.desk import OwnAudit
from messages.evidence.cards import GivenFile, file_blocks
from messages.interviews import cards as interview_cards
from messages.interviews.cards import InterviewItem
from messages.nonconformities import cards as nonconformity_cards
from messages.nonconformities.cards import FindingItem
from messages.packs import requests
from messages.packs.requests import Access
from messages.people import cards as people_cards
from messages.people.cards import Absence
from messages.people.payloads import PersonRef
from messages.programme import months, starting
from messages.programme.months import Entry
from messages.reviews import status
from messages.reviews.status import Programme
from messages.tasks import cards as tasks
from messages.tasks.cards import ListPage, WorkItem
from messages.tasks.payloads import HandoverRef, ListRef, TaskRef
from messages.words import kit
from messages.words.kit import Blocks, Home
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, Words, words

TAB = "home.tab"
PAGE = "home.page"

_ROOM_FOR_TASKS = 16  # blocks: a page of eight tasks
_ROOM_FOR_LISTS = 60  # for all the others together, which leaves about 20 of Slack's 100 for the rest
_MOST_PER_LIST = 19
_CHARACTERS_PER_LIST = 25_000


@dataclass(frozen=True)
class QueueItem:
    """A task that was handed in. `is_own`: the reader had a part in it and therefore cannot decide."""

    ref: TaskRef
    title: str
    requirements: Sequence[Requirement]
    submitted_by: str
    submitted_at: datetime
    files: Sequence[GivenFile]
    is_own: bool = False


@dataclass(frozen=True)
class Offer:
    """A task that somebody asks the reader to take on."""

    ref: HandoverRef
    title: str
    due_on: date
    by_id: str
    reason: str = ""


@dataclass(frozen=True)
class HomeValues:
    """What one person's Home shows. Items are passed most urgent first.

    `programme`, `queue`, `ownerless` and `undelivered` (how many messages) are for compliance leads; `has_begun`: the
    programme was started. `tasks` are those of the `tab` that is chosen among `tabs`: mine, team, all; `listed` is the
    page they stand on.
    """

    person_id: str
    today: date
    programme: Programme | None = None
    has_begun: bool = True
    tasks: Sequence[WorkItem] = ()
    tabs: Sequence[str] = ("mine",)
    tab: str = "mine"
    listed: ListPage | None = None
    accesses: Sequence[Access] = ()
    offers: Sequence[Offer] = ()
    interviews: Sequence[InterviewItem] = ()
    audits: Sequence[OwnAudit] = ()
    findings: Sequence[FindingItem] = ()
    concerns: Sequence[ConcernCard] = ()
    queue: Sequence[QueueItem] = ()
    coming_up: Sequence[Entry] = ()
    coming_up_total: int = 0
    ownerless: Sequence[WorkItem] = ()
    absence: Absence | None = None
    is_lead: bool = False
    undelivered: int = 0
    can_claim_lead: bool = False
    may_bring_up: bool = True


def home(values: HomeValues) -> Home:
    """The Home tab of one person."""
    wording = words("home/home", values=values)
    return kit.home(
        [
            *_beginning(wording, values),
            *_looking(wording, values),
            kit.header(wording.title),
            *_waiting(wording, values),
            *months.coming_up(values.coming_up, total=values.coming_up_total, today=values.today),
            *(_for_leads(wording, values) if values.is_lead else []),
            *people_cards.absence_blocks(PersonRef(values.person_id), values.absence),
            *(kit.actions([concern_cards.bring_up_button()]) if values.may_bring_up else []),
            kit.context(wording.footer),
        ]
    )


def _beginning(wording: Words, values: HomeValues) -> list[Block]:
    """The one step without which nothing else can happen, to those who can take it."""
    if values.can_claim_lead:
        return [kit.section(words("people/no_lead_yet").admin), *kit.actions([people_cards.claim_button()])]
    if values.has_begun:
        return []
    if values.is_lead:
        return [kit.section(wording.not_started), *kit.actions([starting.start_button()])]
    return [kit.section(wording.not_started_for_others)]


def _looking(wording: Words, values: HomeValues) -> list[Block]:
    """What an auditor from outside may look at."""
    shown = _list([requests.access_blocks(each) for each in values.accesses], _MOST_PER_LIST)
    return [kit.header(wording.looking), *shown] if shown else []


def _waiting(wording: Words, values: HomeValues) -> list[Block]:
    room = _room(values)
    lists: list[tuple[Phrase, Sequence[Blocks]]] = [
        (wording.offers, [_offer_blocks(each) for each in values.offers]),
        (wording.interviews, [interview_cards.item_blocks(each) for each in values.interviews]),
        (wording.audits, [desk_audit_words.own_audit_blocks(each) for each in values.audits]),
        (wording.concerns, [concern_cards.item_blocks(each) for each in values.concerns]),
        (wording.findings, [nonconformity_cards.item_blocks(each, values.today) for each in values.findings]),
    ]
    others = [block for title, groups in lists if groups for block in [kit.section(title), *_list(groups, room)]]
    shown = [*_tasks(wording, values), *others]
    return [*_tabs(wording, values), *(shown or [kit.section(wording.all_done)])]


def _tasks(wording: Words, values: HomeValues) -> list[Block]:
    """A page of the list that was chosen; an empty list of others says that it is empty."""
    if not values.tasks:
        return [] if values.tab == "mine" else [kit.section(wording.nobody_has_anything)]
    groups = [tasks.item_blocks(each, values.today) for each in values.tasks]
    turning = tasks.paging(values.listed, PAGE) if values.listed else []
    return [kit.section(wording[f"tasks_{values.tab}"]), *_list(groups, _ROOM_FOR_TASKS), *turning]


def _tabs(wording: Words, values: HomeValues) -> list[Block]:
    """One button for each list; the chosen one is filled. Whoever has only their own list needs none."""
    if len(values.tabs) == 1:
        return []
    return kit.actions([_tab(wording, tab, is_chosen=tab == values.tab) for tab in values.tabs])


def _tab(wording: Words, tab: str, *, is_chosen: bool) -> ButtonElement:
    ref = ListRef(whose=tab, state="", overdue=False, edition="", page=0)
    return kit.button(wording[f"tab_{tab}"], f"{TAB}.{tab}", ref, style="primary" if is_chosen else None)


def _room(values: HomeValues) -> int:
    """Blocks for each list besides the tasks, as many as fit when all that are there share."""
    lists = (
        values.offers,
        values.interviews,
        values.audits,
        values.concerns,
        values.findings,
        values.queue,
        values.ownerless,
    )
    return min(_MOST_PER_LIST, _ROOM_FOR_LISTS // max(1, sum(1 for each in lists if each)))


def _offer_blocks(offer: Offer) -> list[Block]:
    wording = words("home/offer", offer=offer)
    card = words("tasks/card")
    take = kit.button(card.button_take, tasks.TAKE, offer.ref, style="primary")
    return [kit.section(wording.line), *kit.actions([take, kit.button(card.button_decline, tasks.DECLINE, offer.ref)])]


def _for_leads(wording: Words, values: HomeValues) -> list[Block]:
    room = _room(values)
    queue = _list([_queue_blocks(each) for each in values.queue], room) or [kit.section(wording.queue_empty)]
    ownerless = _list([tasks.item_blocks(each, values.today) for each in values.ownerless], room)
    heading = [kit.header(wording.ownerless)] if ownerless else []
    standing = [] if values.programme is None else [kit.header(wording.programme), *status.figures(values.programme)]
    problems = [kit.section(wording.undelivered)] if values.undelivered else []
    return [kit.divider(), *problems, kit.header(wording.queue), *queue, *heading, *ownerless, *standing]


def _queue_blocks(item: QueueItem) -> list[Block]:
    wording = words("home/queue_item", item=item)
    if item.is_own:
        return [kit.section(wording.line), kit.context(wording.own)]
    return [
        kit.section(wording.line),
        *file_blocks(item.files, to_judge=True),
        *kit.actions(tasks.lead_buttons(item.ref)),
    ]


def _list(groups: Sequence[Blocks], room: int) -> list[Block]:
    return kit.fitting(groups, len(groups), blocks=room, characters=_CHARACTERS_PER_LIST)
