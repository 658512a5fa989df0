"""`deskaudit questions`: own questions in a file, checked line by line, and a file to begin with. Needs no database."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.clock import WallClock
from messages.question_bank import files
from messages.words.refusals import refusal
from messages.words.wording import words
from workflows.frameworks.own_frameworks import OWN
from workflows.frameworks.rules import EDITIONS, catalogue
from workflows.question_bank.bank import shipped_questions
from workflows.question_bank.checking import Ground
from workflows.question_bank.own_files import COLUMNS, questions_in, rows_of
from workflows.question_bank.refusals import LineFault, QuestionsAtFault
from workflows.question_bank.shapes import BankQuestion
from workflows.refusals import UnreadableFile

UNREADABLE = 2
Checked = Annotated[Path, typer.Argument(help="YAML, XLSX or CSV.", exists=True, dir_okay=False, readable=True)]
Written = Annotated[Path, typer.Argument(help="Ends in .yaml or .xlsx; it must not exist yet.", dir_okay=False)]

GiveUp = Callable[..., NoReturn]


def add_to(commands: typer.Typer, give_up: GiveUp) -> None:
    """Add the commands to the others; `give_up` says why nothing was done, and ends the process."""
    group = typer.Typer(no_args_is_help=True, help="Questions of your own for desk audits.")
    commands.add_typer(group, name="questions")

    @group.command()
    def check(file: Checked) -> None:
        """Say what is wrong with the questions in a file, line by line: 0 nothing, 1 some, 2 it can't be read."""
        try:
            found = _found_in(file)
        except UnreadableFile as no:
            give_up(refusal(no.name, **no.values).text, UNREADABLE)
        except QuestionsAtFault as no:
            for fault in no.faults:
                _say(_line(file, fault))
            raise typer.Exit(1) from no
        _say(f"{file.name}: {len(found)} {'question' if len(found) == 1 else 'questions'}, nothing wrong")

    @group.command()
    def template(file: Written) -> None:
        """Write a file to put your own questions into, with an example and what belongs where."""
        if file.exists():
            give_up(f"{file.name} is there already, and was left as it is. Choose another name.")
        if file.suffix.lower() not in {".yaml", ".yml", ".xlsx"}:
            give_up("The name of the file has to end in .yaml or .xlsx.")
        file.write_bytes(_template(file.suffix.lower(), WallClock().now()))
        _say(f"{file.name} is written. Fill it in, then: deskaudit questions check {file.name}")


def _found_in(file: Path) -> tuple[BankQuestion, ...]:
    return questions_in(file.name, rows_of(file.name, file.read_bytes()), _ground())


def _ground() -> Ground:
    return Ground({each: catalogue(each).requirements for each in EDITIONS}, shipped_questions(), OWN)


def _line(file: Path, fault: LineFault) -> str:
    of = f" ({fault.question})" if fault.question else ""
    return f"{file.name}:{fault.line}{of}: {words('words/refusals/question_fault', fault=fault).words.plain}"


def _template(ending: str, at: datetime) -> bytes:
    return files.workbook(COLUMNS, created_at=at) if ending == ".xlsx" else files.yaml()


def _say(line: str) -> None:
    Console().print(line, markup=False, highlight=False, soft_wrap=True)
