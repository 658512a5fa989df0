"""A follow-up may ask what another question asks (`ask: its-id`): its text is put in before anything is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.question_bank.faults import Fault, Why
from workflows.question_bank.marked import Path
from workflows.question_bank.shapes import Texts

Row = Mapping[str, Any]


def with_texts(rows: Sequence[Any], others: Mapping[str, Texts]) -> tuple[list[Any], list[Fault]]:
    """The rows with the texts that they ask, and what is wrong with whom they ask. `others` are known besides."""
    texts = {**others, **{row["id"]: row["text"] for row in rows if _has(row, "id", "text")}}
    faults = [*_wrong(rows, texts), *_cycles(rows)]
    return [_written_out(row, texts) for row in rows], faults


def is_borrowed(rows: Sequence[Any], fault: Fault) -> bool:
    """Whether what is wrong is wrong with the text of another question, where it is told already."""
    match fault.at:
        case (int(number), "follow_ups", int(place), "text", *_):
            return place in dict(_asking(rows[number]))
    return False


def _has(row: Any, *keys: str) -> bool:
    return isinstance(row, dict) and all(key in row for key in keys) and isinstance(row.get("id", ""), str)


def _asking(row: Any) -> Iterator[tuple[int, Row]]:
    follow_ups = row.get("follow_ups") if isinstance(row, dict) else None
    for place, each in enumerate(follow_ups if isinstance(follow_ups, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("ask"), str):
            yield place, each


def _wrong(rows: Sequence[Any], texts: Mapping[str, Any]) -> Iterator[Fault]:
    for number, row in enumerate(rows):
        for place, each in _asking(row):
            at: Path = (number, "follow_ups", place, "ask")
            if "text" in each:
                yield Fault(at, Why.TEXT_OR_ASK)
            elif each["ask"] not in texts:
                yield Fault(at, Why.UNKNOWN_QUESTION, {"word": each["ask"]})


def _written_out(row: Any, texts: Mapping[str, Any]) -> Any:
    asking = dict(_asking(row))
    if not asking:
        return row
    follow_ups = [
        _with_text(asking[place], texts) if place in asking else each for place, each in enumerate(row["follow_ups"])
    ]
    return {**row, "follow_ups": follow_ups}


def _with_text(follow_up: Row, texts: Mapping[str, Any]) -> Row:
    # What is wrong with it is told already; a text of its own keeps it from being told as missing too.
    text = follow_up.get("text") or texts.get(follow_up["ask"], follow_up["ask"])
    return {**{key: value for key, value in follow_up.items() if key != "ask"}, "text": text}


def _cycles(rows: Sequence[Any]) -> Iterator[Fault]:
    """Each question that leads back to itself, told where the first of the way asks on."""
    leads = {row["id"]: [each["ask"] for _, each in _asking(row)] for row in rows if _has(row, "id")}
    told: set[str] = set()
    for number, row in enumerate(rows):
        for place, each in _asking(row) if _has(row, "id") else ():
            way = _way(leads, each["ask"], row["id"], ())
            if way and not told.intersection(way):
                told.update(way)
                yield Fault((number, "follow_ups", place, "ask"), Why.CYCLE, {"way": [row["id"], *way]})


def _way(leads: Mapping[str, Sequence[str]], start: str, end: str, been: tuple[str, ...]) -> tuple[str, ...]:
    """The questions from `start` to `end`, or none where no follow-up leads there."""
    if start == end:
        return (*been, end)
    if start in been:
        return ()
    ways = (_way(leads, each, end, (*been, start)) for each in leads.get(start, ()))
    return next((each for each in ways if each), ())
