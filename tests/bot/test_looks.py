"""What somebody has before them is drawn anew before what a catch-up left behind."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services import Services
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge, NudgeState
from storage.record import claiming
from storage.record.outbox import DAY, OutboxRow, OutboxState
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, Deliver
from tests.bot.kit import NOON, WORKSPACE, Json, StoppedClock

MINUTE = timedelta(minutes=1)
LATER = NOON + 10 * MINUTE
CARDS = {1: "U0MIRA", 2: "U0JONAS", 3: "C0GENERAL", 4: "U0JONAS", 5: "U0MIRA"}
"""Who or which channel was shown each of the subjects; the last two in a message of the day."""

CAUGHT_UP = [5, 4, 3, 2, 1]
"""The order in which they are drawn when nobody looks."""


def waiting(uow: UnitOfWork) -> None:
    """Cards of several people and of a channel, each of which is to be drawn anew."""
    for number, recipient in CARDS.items():
        kind = DAY if number > 3 else "note"
        stands_in = _planned(uow, f"card {number}", kind, recipient, 100 + number if kind == DAY else number)
        uow.change(stands_in, state=OutboxState.SENT, channel_id=f"D{recipient}", ts=f"{number}.0")
        if kind == DAY:
            uow.add(_told(recipient, number, stands_in))
        _planned(uow, f"redraw {number}", "note.redraw", "", number)


def _planned(uow: UnitOfWork, slot: str, kind: str, recipient: str, number: int) -> OutboxRow:
    about: dict[str, Any] = {"subject": "note", "subject_id": number, "recipient": recipient}
    assert uow.schedule(slot=slot, kind=kind, not_before=NOON + number * MINUTE, at=NOON, **about)
    [planned] = uow.matching(OutboxRow, slot=slot)
    return planned


def _told(person_id: str, number: int, message: OutboxRow) -> Nudge:
    return Nudge(
        person_id=person_id,
        subject="note",
        subject_id=number,
        rung="due",
        reached_at=NOON,
        state=NudgeState.TOLD,
        message_id=message.id,
    )


def drawn(uow: UnitOfWork) -> list[int]:
    """The subjects in the order in which they are drawn; all of them are due."""
    return [each.subject_id for each in claiming.claim(uow, LATER + MINUTE, 0, 9)]


OPENED = {"type": "app_home_opened", "user": "U0JONAS", "channel": "D0JONAS"}
SAID = {"type": "message", "channel_type": "channel", "channel": "C0GENERAL", "text": "hello"}


@pytest.mark.parametrize(
    ("body", "order"),
    [
        (kit.happening({**OPENED, "tab": "home"}), [4, 2, 5, 3, 1]),
        (kit.happening({**OPENED, "tab": "messages"}), [4, 2, 5, 3, 1]),
        (kit.slash("nc 12"), [5, 3, 1, 4, 2]),
        (kit.slash("nc 12", person="U0OTHER"), [3, 5, 4, 2, 1]),
        (kit.button("read", "1", person="U0JONAS"), [4, 2, 5, 3, 1]),
        (kit.happening({**SAID, "user": "U0OTHER"}), [3, 5, 4, 2, 1]),
        (kit.happening({**SAID, "user": "U0APP", "bot_id": "B0APP"}), CAUGHT_UP),
        (kit.happening({"type": "user_change", "user": {"id": "U0JONAS"}}), CAUGHT_UP),
    ],
    ids=["Home", "the conversation", "a word", "in a channel", "a press", "a message", "our own message", "a profile"],
)
@ON_SQLITE
async def test_what_somebody_has_before_them_is_drawn_first(
    deliver: Deliver, services: Services, clock: StoppedClock, body: Json, order: list[int]
) -> None:
    await services.database.run(WORKSPACE, waiting)
    clock.at = LATER
    await deliver([], body)
    assert await services.database.run(WORKSPACE, drawn) == order


async def test_who_looked_last_comes_first(deliver: Deliver, services: Services, clock: StoppedClock) -> None:
    await services.database.run(WORKSPACE, waiting)
    clock.at = LATER
    for person_id, after in (("U0JONAS", 0), ("U0MIRA", 10)):
        clock.at = LATER + timedelta(seconds=after)
        await deliver([], kit.happening({**OPENED, "user": person_id, "tab": "home"}))
    assert await services.database.run(WORKSPACE, drawn) == [5, 1, 4, 2, 3]


@ON_SQLITE
async def test_what_is_pressed_comes_before_what_is_only_seen_and_what_failed_keeps_its_pause(
    deliver: Deliver, services: Services, clock: StoppedClock
) -> None:
    def pressed_and_failed(uow: UnitOfWork, *_: Any) -> None:
        about: dict[str, Any] = {"subject": "note", "subject_id": 1, "recipient": "", "kind": "note.redraw"}
        uow.schedule(slot="pressed", not_before=LATER, at=LATER, by_person=True, **about)
        [failed] = uow.matching(OutboxRow, slot="redraw 4")
        uow.change(failed, not_before=LATER + timedelta(seconds=30))

    await services.database.run(WORKSPACE, waiting)
    await services.database.run(WORKSPACE, pressed_and_failed)
    clock.at = LATER
    await deliver([], kit.happening({**OPENED, "tab": "home"}))
    assert await services.database.run(WORKSPACE, drawn) == [1, 2, 4, 5, 3, 1]
