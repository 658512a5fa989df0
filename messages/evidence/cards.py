"""Evidence room: what people hear about the files they give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.evidence.details import DETAILS
from messages.evidence.payloads import ChoiceRef, EvidenceRef
from messages.nonconformities.payloads import NonconformityRef
from messages.nudges.day import DayItem
from messages.tasks.payloads import TaskRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.wording import Phrase, words

SHOW = "evidence.show"
STILL_RIGHT = "evidence.still_right"
WRONG_FILE = "evidence.wrong_file"
SERVES = "evidence.serves"
SERVES_FORM = "evidence.serves_form"
TASKS = "tasks"
CHOOSE = "evidence.choose"

FILES = "files"
NOTE = "note"

FILES_WITH_A_BUTTON = 5
ROOM_FOR_FILES = 2_600
"""Characters, of what a message holds together: a card says more than which files there are."""


@dataclass(frozen=True)
class GivenFile:
    """A file given as evidence. `size` in bytes; `state`: collecting, kept, refused, accepted, returned, withdrawn or
    disposed.

    `note` is what its giver said about it; `ref` is there where somebody may ask to see it. `is_address_only`: a link
    was given, and what stands there was not kept. `is_older`: it shows how things were before what it is to put right;
    `is_late`: it was given long after the day that it shows.
    """

    name: str
    size: int
    state: str
    note: str = ""
    ref: EvidenceRef | None = None
    is_address_only: bool = False
    is_older: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class EvidenceItem:
    """A file in somebody's list: what it serves (titles of tasks, names of nonconformities) and when it came.

    `may_describe`: its reader may say more about it.
    """

    file: GivenFile
    serves: Sequence[str]
    received_on: date
    may_describe: bool
    permalink: str = ""


@dataclass(frozen=True)
class SameAgain:
    """A file whose bytes were given before: as `before`, for `served`, with a verdict. `state`: asked, confirmed or
    withdrawn."""

    ref: EvidenceRef
    name: str
    title: str
    before: str
    served: str
    given_by: str
    given_on: date
    verdict: str
    state: str


@dataclass(frozen=True)
class OpenTask:
    """A task that a file could serve too."""

    task: int
    title: str
    due_on: date


@dataclass(frozen=True)
class Choice:
    """Something that dropped files might be for: a task with its day, a nonconformity or a request."""

    ref: ChoiceRef
    name: str
    due_on: date | None = None


@dataclass(frozen=True)
class DroppedFiles:
    """Files by their names, and what they might be for; `chosen` is what was said; None until then."""

    names: Sequence[str]
    choices: Sequence[Choice]
    chosen: str | None = None


def file_lines(files: Sequence[GivenFile]) -> list[Phrase]:
    """One line per file: its name, its size and what became of it."""
    return [words("evidence/file", file=each).line for each in files]


def file_blocks(files: Sequence[GivenFile], *, to_judge: bool) -> list[Block]:
    """The files on a card; to somebody who judges them each comes with a button that shows it."""
    if not files:
        return []
    if not to_judge:
        return [kit.lines(file_lines(files))]
    groups = [
        [kit.section(line, button=_show_button(each))] for each, line in zip(files, file_lines(files), strict=True)
    ]
    return kit.fitting(groups, len(groups), blocks=FILES_WITH_A_BUTTON, characters=ROOM_FOR_FILES)


def _show_button(file: GivenFile) -> ButtonElement | None:
    return kit.button(words("evidence/file", file=file).button_show, SHOW, file.ref) if file.ref else None


def evidence_form(callback_id: str, *, ref: TaskRef | NonconformityRef, title: str, wanted: str) -> Modal:
    """The modal that takes files for a task or a nonconformity; `callback_id` says for which of the two."""
    wording = words("evidence/evidence_form", title=title, wanted=wanted)
    return kit.modal(
        callback_id,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.files(FILES, wording.files, wording.files_hint),
            fields.text(NOTE, wording.note, wording.note_hint, optional=True),
        ],
        submit=wording.submit,
        payload=ref,
    )


def receipt(
    *, name: str, size: int, sha256: str, title: str, ref: EvidenceRef, may_describe: bool, may_extend: bool
) -> Message:
    """Told in the thread when a file is kept; `title` is of the task or nonconformity it belongs to.

    Redrawn when its giver may no longer say more about it, or what else it is for.
    """
    wording = words("evidence/receipt", name=name, size=size, sha256=sha256, title=title)
    details = [kit.button(wording.button_details, DETAILS, ref)] if may_describe else []
    serves = [kit.button(wording.button_serves, SERVES, ref)] if may_extend else []
    buttons = [*details, *serves]
    return kit.message(
        wording.summary, [kit.section(wording.body), *kit.actions(buttons), kit.context(wording.fingerprint)]
    )


def picture(*, name: str, title: str, given_by: str) -> Message:
    """Said with a picture that is laid under the card of whoever judges it. With a file Slack takes only the text."""
    wording = words("evidence/picture", name=name, title=title, given_by=given_by)
    return kit.message(wording.summary, [kit.section(wording.summary)])


def same_again(card: SameAgain) -> Message:
    """Asks the giver whether bytes that were given before still are right; redrawn with the answer."""
    wording = words("evidence/same_again", card=card)
    buttons = [
        kit.button(wording.button_still, STILL_RIGHT, card.ref, style="primary"),
        kit.button(wording.button_wrong, WRONG_FILE, card.ref),
    ]
    asked = kit.actions(buttons if card.state == "asked" else [])
    return kit.message(wording.summary, [kit.section(wording.question), *asked])


def choice(dropped: DroppedFiles) -> Message:
    """Asks what dropped files are for, under them; redrawn with the answer."""
    wording = words("evidence/choice", dropped=dropped)
    if dropped.chosen is not None:
        return kit.message(wording.summary, [kit.section(wording.chosen)])
    buttons = [
        kit.button(words("evidence/choice", dropped=dropped, choice=each).button, CHOOSE, each.ref)
        for each in dropped.choices
    ]
    rows = [row for each in buttons for row in kit.actions([each])]  # in one row they would need names of their own
    return kit.message(wording.summary, [kit.section(wording.asked), *rows])


def serves_modal(*, ref: EvidenceRef, name: str, serves: Sequence[str], tasks: Sequence[OpenTask]) -> Modal:
    """Asks which further open tasks a file serves; the first ten are offered."""
    wording = words("evidence/serves_modal", name=name, serves=serves)
    choices = [(str(each.task), _choice_of(each)) for each in tasks]
    return kit.modal(
        SERVES_FORM,
        wording.heading,
        [kit.section(wording.intro), fields.ticks(TASKS, wording.tasks, choices)],
        submit=wording.submit,
        payload=ref,
    )


def _choice_of(task: OpenTask) -> str:
    wording = words("evidence/serves_modal", task=task)
    return f"{wording.choice.plain}, {wording.due.plain}"


@dataclass(frozen=True)
class RefusedFile:
    """A file that could not be kept. Sizes in bytes: as announced, as received or named, and the most we keep.

    `found` is its kind, or its type if it is of none, `wanted` the kinds that `title` asks for.
    """

    name: str
    announced: int = 0
    received: int = 0
    most: int = 0
    found: str = ""
    wanted: Sequence[str] = ()
    title: str = ""


def refused(file: RefusedFile, because: str) -> Message:
    """Told in the thread when a file was not kept, and what to do instead.

    `because` is the name of one of the sentences in the template; another one raises `NoSuchWords`.
    """
    wording = words("evidence/refused", file=file)
    return kit.message(wording[because], [kit.section(wording[because])])


def scope_missing(*, scope: str, name: str, given_by: str) -> DayItem:
    """Told to a compliance lead when Slack does not let us read files, with the way out."""
    wording = words("evidence/scope_missing", scope=scope, name=name, given_by=given_by)
    blocks = [kit.section(wording.summary), kit.section(wording.what_to_do)]
    return DayItem("know", wording.title.plain, blocks, lambda: kit.message(wording.summary, blocks))


def runs_out(*, title: str, until: date) -> DayItem:
    """Told in time where evidence runs out and no task will ask for newer."""
    wording = words("evidence/runs_out", title=title, until=until)
    blocks = [kit.section(wording.body)]
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def listing(*, items: Sequence[EvidenceItem], total: int) -> Message:
    """The answer to `/iso evidence`: what was given, the latest first."""
    return kit.listing("evidence/listing", [[_listed(each)] for each in items], total)


def _listed(item: EvidenceItem) -> Block:
    wording = words("evidence/listing", item=item, file=item.file)
    ref = item.file.ref if item.may_describe else None
    details = kit.button(wording.button_details, DETAILS, ref) if ref else None
    return kit.section(wording.item, button=details)


def note_held_back(*, looks_like: str, line: int) -> Message:
    """The words beside a file look like a secret, so the file was taken without them."""
    wording = words("evidence/note_held_back", looks_like=looks_like, line=line)
    return kit.message(wording.summary, [kit.section(wording.body)])
