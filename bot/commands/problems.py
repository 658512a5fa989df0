"""`deskaudit problems`: which messages could not be delivered, for whoever runs the bot; needs the database alone."""

from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import WallClock
from bot.commands.console import CannotGoOn, in_words, person_named, workspace_of
from bot.commands.doctor import first_line
from bot.nudges import facts
from bot.settings import Places
from messages.nudges import problems as words
from storage.engine.database import Database
from storage.engine.errors import NotFound, StorageError
from storage.engine.unit_of_work import UnitOfWork
from storage.record import outbox
from workflows.deed import Deed
from workflows.nudges import undelivered
from workflows.refusals import Refusal

Number = Annotated[int | None, typer.Option("--send-again", help="The number of a message to send again.")]
Lead = Annotated[str | None, typer.Option("--as", help="The lead who has it sent: e-mail, @name or full name.")]
InWorkspace = Annotated[str | None, typer.Option(help="The id of the workspace, if there are several.")]


def add_to(commands: typer.Typer, places: Callable[[], Places], give_up: Callable[[str], NoReturn]) -> None:
    """Add the command to the others; `give_up` says why nothing was done, and ends the process."""

    @commands.command()
    def problems(number: Number = None, lead: Lead = None, workspace: InWorkspace = None) -> None:
        """List the messages that could not be delivered, and have one sent again. Needs no Slack."""
        try:
            database = Database.open_existing(places().database_url)
            try:
                said = _in(database, workspace_of(database, workspace), number, lead)
            finally:
                database.shut_down()
        except (CannotGoOn, StorageError, SQLAlchemyError, OSError) as error:
            give_up(first_line(error))
        for line in said:
            Console().print(line, markup=False, highlight=False, soft_wrap=True)


def _in(database: Database, workspace_id: str, number: int | None, lead: str | None) -> list[str]:
    with database.unit_of_work(workspace_id) as uow:
        done = [] if number is None else [_send_again(uow, number, lead)]
        return [*done, *_lines(uow)]


def _send_again(uow: UnitOfWork, number: int, lead: str | None) -> str:
    if lead is None:
        raise CannotGoOn("Say who has it sent again with --as: a compliance lead, by e-mail, @name or full name.")
    try:
        deed = Deed.of(uow, person_named(uow, lead), WallClock().now())
        is_on_its_way = undelivered.send_again(deed, message_id=number)
    except NotFound as no:
        raise CannotGoOn(f"There is no message {number}; each line begins with its number.") from no
    except Refusal as no:
        raise CannotGoOn(in_words(uow, no)) from no
    return f"message {number} " + ("is on its way again" if is_on_its_way else "has not failed; nothing was changed")


def _lines(uow: UnitOfWork) -> list[str]:
    since = WallClock().now() - undelivered.SHOWN_FOR
    listed = outbox.undelivered(uow, since, undelivered.LISTED)
    total = outbox.count_undelivered(uow, since)
    lines = [words.in_one_line(facts.problem(uow, each)) for each in listed]
    messages = "1 message" if total == 1 else f"{total} messages"
    return [*lines, f"{messages} could not be delivered in the last {undelivered.SHOWN_FOR.days} days"]
