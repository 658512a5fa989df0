"""App Home: what waits for somebody, and for compliance leads how the programme stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block

from messages import calendar, desk_audits, kit, months, nonconformities, people, status, tasks
from messages.desk_audits import InterviewItem
from messages.evidence import GivenFile, file_blocks
from messages.frameworks import Requirement
from messages.kit import Blocks, Home
from messages.months import Entry
from messages.nonconformities import FindingItem
from messages.payloads import TaskRef
from messages.status import Programme
from messages.tasks import WorkItem
from messages.wording import Phrase, Words, words

_ROOM_PER_LIST = 19  # blocks; four lists of up to 19 and "more" leave 20 of Slack's 100 for the rest
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
    permalink: str = ""


@dataclass(frozen=True)
class HomeValues:
    """What one person's Home shows. Items are passed most urgent first.

    `programme` is None until it is started; `shows_programme` and `queue` are for compliance leads.
    """

    person_id: str
    today: date
    programme: Programme | None
    tasks: Sequence[WorkItem] = ()
    interviews: Sequence[InterviewItem] = ()
    findings: Sequence[FindingItem] = ()
    queue: Sequence[QueueItem] = ()
    coming_up: Sequence[Entry] = ()
    coming_up_total: int = 0
    is_lead: bool = False
    can_claim_lead: bool = False


def home(values: HomeValues) -> Home:
    """The Home tab of one person."""
    wording = words("home/home", values=values)
    return kit.home(
        [
            *_beginning(wording, values),
            kit.header(wording.title),
            *_waiting(wording, values),
            *months.coming_up(values.coming_up, total=values.coming_up_total, today=values.today),
            *(_for_leads(wording, values) if values.is_lead else []),
            kit.context(wording.footer),
        ]
    )


def _beginning(wording: Words, values: HomeValues) -> list[Block]:
    """The one step without which nothing else can happen, to those who can take it."""
    if values.can_claim_lead:
        return [kit.section(words("people/no_lead_yet").admin), *kit.actions([people.claim_button()])]
    if values.programme is not None:
        return []
    if values.is_lead:
        return [kit.section(wording.not_started), *kit.actions([calendar.start_button()])]
    return [kit.section(wording.not_started_for_others)]


def _waiting(wording: Words, values: HomeValues) -> list[Block]:
    lists: list[tuple[Phrase, list[list[Block]]]] = [
        (wording.tasks, [tasks.item_blocks(each, values.today) for each in values.tasks]),
        (wording.interviews, [desk_audits.item_blocks(each) for each in values.interviews]),
        (wording.findings, [nonconformities.item_blocks(each, values.today) for each in values.findings]),
    ]
    shown = [block for title, groups in lists if groups for block in [kit.section(title), *_list(groups)]]
    return shown or [kit.section(wording.all_done)]


def _for_leads(wording: Words, values: HomeValues) -> list[Block]:
    queue = _list([_queue_blocks(each) for each in values.queue]) or [kit.section(wording.queue_empty)]
    standing = [] if values.programme is None else [kit.header(wording.programme), *status.figures(values.programme)]
    return [kit.divider(), kit.header(wording.queue), *queue, *standing]


def _queue_blocks(item: QueueItem) -> list[Block]:
    wording = words("home/queue_item", item=item)
    if item.is_own:
        return [kit.section(wording.line), kit.context(wording.own)]
    return [
        kit.section(wording.line),
        *file_blocks(item.files, to_judge=True),
        *kit.actions(tasks.lead_buttons(item.ref)),
    ]


def _list(groups: Sequence[Blocks]) -> list[Block]:
    return kit.fitting(groups, len(groups), blocks=_ROOM_PER_LIST, characters=_CHARACTERS_PER_LIST)
