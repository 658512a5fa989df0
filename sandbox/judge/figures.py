"""Tables and charts (Slack reference: "Table block", "Data table block", "Data visualization block")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.judge.objection import Objection
from sandbox.judge.rich_text import RICH_TEXT
from sandbox.judge.shapes import (
    Check,
    Shape,
    above_zero,
    anything,
    every,
    flag,
    listed,
    number,
    one_of,
    text,
    typed,
    unique,
    whole_number,
)

Keys = tuple[Mapping[str, Check], Mapping[str, Check], Check | None]

# Characters of all cells: of one table, and of all tables of that kind in one message.
TABLE_CHARACTERS: Mapping[str, int] = {"table": 10_000, "data_table": 20_000}
_COLUMNS = 20
_SERIES = 12
_POINTS = 20

_RAW: Mapping[str, Check] = {
    "raw_text": Shape({"type": one_of("raw_text"), "text": text()}, {}),
    "raw_number": Shape({"type": one_of("raw_number"), "value": number, "text": text()}, {}),
}
_CELLS: Mapping[str, Check] = {**_RAW, "rich_text": RICH_TEXT}
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def characters_in(value: Any) -> int:
    """The characters of every `text` in a structure, as Slack counts blocks."""
    if isinstance(value, list):
        return sum(characters_in(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(characters_in(part) for part in value.values())


def table() -> Keys:
    """The keys of a table."""
    cells = listed(listed(typed(_CELLS), _COLUMNS), 100)
    return {"rows": cells}, {"column_settings": listed(_column, _COLUMNS, least=0)}, every(_even, _short)


def data_table(button: Mapping[str, Check]) -> Keys:
    """The keys of a data table; `button` is what its action cells may hold."""
    action = Shape({"type": one_of("action_cell"), "element": typed(button)}, {"fallback": typed(_RAW)})
    cells = listed(listed(typed({**_CELLS, "action_cell": action}), _COLUMNS), 201, least=2)
    return (
        {"rows": cells, "caption": text()},
        {"page_size": whole_number(1, 100), "row_header_column_index": whole_number(0)},
        every(_even, _short, _header_of_raw_cells, _row_header_exists),
    )


def _column(value: Any, pointer: str) -> Iterable[Objection]:
    """A column may also be null, which leaves it at the defaults."""
    return () if value is None else _COLUMN(value, pointer)


def _even(block: Any, pointer: str) -> Iterator[Objection]:
    if len({len(row) for row in block["rows"]}) > 1:
        yield Objection(f"{pointer}/rows", "all rows must have the same number of cells")


def _short(block: Any, pointer: str) -> Iterator[Objection]:
    most = TABLE_CHARACTERS[block["type"]]
    if characters_in(block["rows"]) > most:
        yield Objection(f"{pointer}/rows", f"must be less than {most + 1} characters in all cells")


def _header_of_raw_cells(block: Any, pointer: str) -> Iterator[Objection]:
    for index, cell in enumerate(block["rows"][0]):
        if cell["type"] not in _RAW:
            yield Objection(f"{pointer}/rows/0/{index}/type", f"unsupported type: {cell['type']}")


def _row_header_exists(block: Any, pointer: str) -> Iterator[Objection]:
    last = len(block["rows"][0]) - 1
    if (block.get("row_header_column_index") or 0) > last:
        yield Objection(f"{pointer}/row_header_column_index", f"must be a whole number from 0 to {last}")


def _points_match_categories(chart: Any, pointer: str) -> Iterator[Objection]:
    """Every series has one point for every category, and no category comes twice."""
    categories = chart["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield Objection(f"{pointer}/axis_config/categories", "all categories must be different")
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield Objection(f"{pointer}/series/{index}/data", "must have one point for every category")


_LABEL = text(20)
_AXIS = text(50)
_SEGMENT = Shape({"label": _LABEL, "value": above_zero}, {})
_POINT = Shape({"label": _LABEL, "value": number}, {})
_LINE = Shape({"name": _LABEL, "data": listed(_POINT, _POINTS)}, {})
_AXES = Shape({"categories": listed(_LABEL, _POINTS)}, {"x_label": _AXIS, "y_label": _AXIS})
_PIE = Shape({"type": one_of("pie"), "segments": listed(_SEGMENT, _SERIES)}, {})
_WITH_AXES = Shape(
    {"type": anything, "series": listed(_LINE, _SERIES), "axis_config": _AXES},
    {},
    every(unique("name", "series"), _points_match_categories),
)
_CHART = typed({"pie": _PIE, **dict.fromkeys(("bar", "area", "line"), _WITH_AXES)})


def data_visualization() -> Keys:
    """The keys of a chart."""
    return {"title": text(50), "chart": _CHART}, {}, None
