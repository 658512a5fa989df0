"""The bank that ships with the product: its questions, audiences and plans, and what holds for all questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from workflows.files.data import read_data
from workflows.question_bank.marked import marked
from workflows.question_bank.reading import Reading
from workflows.question_bank.shapes import Audience, BankQuestion, PlanTemplate, Texts


@dataclass(frozen=True)
class Limits:
    """The most of everything: of a person's part in a plan, and of one question.

    `text` and `label` are in characters; `days` is how far back anything may look.
    """

    questions_per_person: int
    minutes_per_person: float
    text: int
    follow_ups: int
    options: int
    evidence: int
    conditions: int
    label: int
    days: int


@dataclass(frozen=True)
class General:
    """What holds for all questions. `sampling`: up to how many rows how many are drawn, None meaning all."""

    limits: Limits
    subjects: Mapping[str, Texts]
    many: Texts
    and_: Texts
    sampling: tuple[tuple[int | None, int | None], ...]
    asks_for_people: tuple[str, ...]


@cache
def general() -> General:
    """What `bank.yaml` says."""
    data = read_data("question_bank/bank.yaml")
    return General(
        limits=Limits(**data["limits"]),
        subjects=data["subjects"],
        many=data["many"],
        and_=data["and"],
        sampling=tuple((row.get("up_to"), row.get("draw")) for row in data["sampling"]),
        asks_for_people=tuple(data["asks_for_people"]),
    )


@cache
def shipped_questions() -> Mapping[str, BankQuestion]:
    """The questions, by their id."""
    reading = Reading()
    found = [reading.question(row, (name,)) for name, row in shipped_rows().items()]
    _must_be_whole(reading)
    return {each.id: each for each in found if each}


@cache
def shipped_rows() -> Mapping[str, Mapping[str, Any]]:
    """The same as the file writes them."""
    return {row["id"]: row for row in _rows("questions")}


@cache
def audiences() -> Mapping[str, Audience]:
    """Whom questions are for, by id."""
    return {each.id: each for each in _all("audiences", Audience)}


@cache
def plan_templates() -> Mapping[str, PlanTemplate]:
    """The audits that can be planned as they stand, by id."""
    return {each.id: each for each in _all("plans", PlanTemplate)}


def _all(name: str, shape: Any) -> tuple[Any, ...]:
    reading = Reading()
    found: tuple[Any, ...] = reading.value(tuple[shape, ...], _rows(name), ())
    _must_be_whole(reading)
    return found


def _rows(name: str) -> list[Any]:
    text = files("workflows").joinpath("question_bank", f"{name}.yaml").read_text(encoding="utf-8")
    rows: list[Any] = marked(text).data[name]
    return rows


def _must_be_whole(reading: Reading) -> None:
    if reading.faults:
        raise ValueError(reading.faults)
