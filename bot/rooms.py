"""The rooms of this house, a line for each, and what they bring together."""

from collections.abc import Mapping, Sequence
from importlib import import_module

from bot.errands import Kind
from bot.heartbeat import Tick
from bot.room import Chore, Page, Room
from bot.sending import day as sending_day
from bot.sending.day import Subjects
from bot.slack import answers
from bot.slack.calls import Composer
from bot.slack.routes import Routes
from storage.record.signing import Signer

NAMES = (
    "programme",
    "people",
    "frameworks",
    "importing",
    "tasks",
    "nudges",
    "packs",
    "evidence",
    "machines",
    "question_bank",
    "desk_audits",
    "interviews",
    "audit_reports",
    "nonconformities",
    "concerns",
    "case_records",
    "responses",
    "corrective_actions",
    "reviews",
    "home",
)
"""In the order in which the help lists their verbs and the clock calls their planners.

A task is written down before it opens, opens with whoever is there, and then somebody is nudged; packs expire before
the bytes that nothing needs any longer are erased.
"""


def _rooms() -> Sequence[Room]:
    return [import_module(f"bot.{name}.room").ROOM for name in NAMES]


ROOMS: Sequence[Room] = _rooms()

ROUTES: Routes = tuple(route for room in ROOMS for route in room.routes)
"""What the bot answers to."""

SUBJECTS: Subjects = {name: subject for room in ROOMS for name, subject in room.subjects.items()}
"""What the message of the day can tell of."""


def composers(signer: Signer | None = None) -> Mapping[str, Composer]:
    """What the bot says by itself, by the kind of message; signed with the organisation's key where that is wanted."""
    others = {kind: composer for room in ROOMS for kind, composer in room.composers.items()}
    signed = {kind: signing(signer) for room in ROOMS for kind, signing in room.signed.items()}
    return sending_day.composers(SUBJECTS, {**answers.COMPOSERS, **others, **signed})


ERRANDS: Mapping[str, Kind] = {kind: each for room in ROOMS for kind, each in room.errands.items()}
"""How what was promised is done, by the kind of errand."""

TICKS: Sequence[Tick] = tuple(tick for room in ROOMS for tick in room.ticks)
TAKE_UP: Sequence[Chore] = tuple(chore for room in ROOMS for chore in room.take_up)
FOLLOW_UP: Sequence[Chore] = tuple(chore for room in ROOMS for chore in room.follow_up)
NIGHTLY: Sequence[Chore] = tuple(chore for room in ROOMS for chore in room.nightly)
PAGES: Sequence[Page] = tuple(page for room in ROOMS for page in room.pages)
