"""`deskaudit questions`: checking a file of own questions line by line, and a file to begin with."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.cli import commands
from messages.words.wording import words
from workflows.question_bank.faults import Why
from workflows.question_bank.refusals import LineFault

GOOD = """\
questions:
- id: keys
  text: How do you learn which keys somebody no longer needs?
  mode: interview
  kind: open
  audience: [facilities]
  requirements: {iso27001-2022: ["A.7.2"]}
  minutes: 2
  intent: Keys follow the job.
"""


def check(file: Path, text: str | None = None) -> tuple[int, str]:
    """How the command ends, and what it says."""
    if text is not None:
        file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(commands, ["questions", "check", str(file)])
    return done.exit_code, done.output.strip()


def test_a_file_with_nothing_wrong_is_said_to_be_so(tmp_path: Path) -> None:
    assert check(tmp_path / "own.yaml", GOOD) == (0, "own.yaml: 1 question, nothing wrong")


def test_every_fault_is_a_line_with_the_number_of_its_line(tmp_path: Path) -> None:
    code, said = check(tmp_path / "own.yaml", GOOD.replace("A.7.2", "A.7.99").replace("[facilities]", "[martians]"))
    assert code == 1
    first, second = said.splitlines()
    assert first.startswith("own.yaml:6 (keys): there is no audience called martians; write one of everyone, ")
    assert second == (
        "own.yaml:7 (keys): iso27001-2022 has no requirement A.7.99; write its number as the standard has it, in quotes"
    )


def test_a_file_that_can_not_be_read_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    file.write_bytes(b"no workbook")
    code, said = check(file)
    assert (code, "damaged" in said) == (2, True)


@pytest.mark.parametrize("name", ["own.yaml", "own.xlsx"])
def test_the_file_to_begin_with_has_nothing_wrong(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    assert CliRunner().invoke(commands, ["questions", "template", str(file)]).exit_code == 0
    assert check(file)[0] == 0
    again = CliRunner().invoke(commands, ["questions", "template", str(file)])
    assert (again.exit_code, "left as it is" in again.output) == (1, True)


ABOUT = {
    **dict.fromkeys(("word", "key", "near", "edition", "kind"), "2"),
    **dict.fromkeys(("most", "length"), 2),
    "known": ("2",),
    "way": ["2", "2"],
}


@pytest.mark.parametrize("why", Why)
def test_whatever_is_wrong_with_a_question_has_words(why: Why) -> None:
    said = words("words/refusals/question_fault", fault=LineFault(1, "keys", why, ABOUT)).words.plain
    assert said, why
