"""Ladders of reminders at the edge: the administrator's own file, read and checked when the bot starts."""

from datetime import datetime

from bot.house import House
from bot.settings import Settings
from storage.unit_of_work import UnitOfWork
from workflows import ladders, nudges
from workflows.ladders import LaddersWrong


def own(settings: Settings) -> str:
    """The text of the file that DESKAUDIT_LADDERS names; empty where none is named.

    Raises `LaddersWrong` when it cannot be read, or when a ladder in it cannot be climbed.
    """
    if settings.ladders is None:
        return ""
    try:
        text = settings.ladders.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LaddersWrong([f"The file that DESKAUDIT_LADDERS names cannot be read: {error}."]) from error
    ladders.completed(text)
    return text


async def follow(house: House, workspace_id: str) -> None:
    """Climb the ladders of that file from now on, or the shipped ones when it is named no longer."""
    await house.database.run(workspace_id, _follow, own(house.settings), house.clock.now())


def _follow(uow: UnitOfWork, text: str, at: datetime) -> None:
    ladders.follow(uow, text, today=nudges.local_day(uow.workspace().zone, at), at=at)
