"""Desk audits room: the question sets that ship with the product, original wording, by edition of a standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from workflows.files.data import read_data

EDITIONS = ("iso27001-2022", "iso9001-2015")
"""The editions for which there are questions."""


@dataclass(frozen=True)
class Question:
    """One question of a set. Intent, signs to listen for and red flags are for the auditor's eyes only."""

    id: str
    requirements: tuple[str, ...]
    prompt: str
    intent: str
    listen_for: tuple[str, ...]
    red_flags: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class QuestionSet:
    """Questions asked together. `minutes` is what it takes the person who answers."""

    key: str
    edition: str
    title: str
    minutes: int
    questions: tuple[Question, ...]


@cache
def question_sets() -> dict[str, QuestionSet]:
    """Every set that ships with the product, by key."""
    return {each.key: each for edition in EDITIONS for each in _sets_of(edition)}


def _sets_of(edition: str) -> list[QuestionSet]:
    data = read_data(f"desk_audits/questions-{edition}.yaml")
    questions = {row["id"]: _question(edition, row) for row in data["questions"]}
    return [
        QuestionSet(
            key=row["key"],
            edition=edition,
            title=row["title"],
            minutes=row["minutes"],
            questions=tuple(questions[each] for each in row["questions"]),
        )
        for row in data["sets"]
    ]


def _question(edition: str, row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["id"],
        requirements=tuple(f"{edition}:{number}" for number in row["requirements"]),
        prompt=row["prompt"],
        intent=row["intent"],
        listen_for=tuple(row.get("listen_for", ())),
        red_flags=tuple(row.get("red_flags", ())),
        evidence=tuple(row.get("evidence", ())),
    )
