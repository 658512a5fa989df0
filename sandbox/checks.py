"""What Slack's client refuses to submit, and the sentence beside the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.elements import KINDS
from sandbox.store import Json

TEXT_LIMIT = 3_000
FILE_LIMIT = 10_000_000  # bytes each, in a file_input
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def complaint(element: Json, state: Json, *, optional: bool) -> str | None:
    """The sentence Slack would show beside a field, or None when it may be submitted."""
    # Only inputs come here, and each of them keeps its value under the one key of its kind.
    value = state[KINDS[element["type"]].key]
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    check = _CHECKS.get(element["type"])
    return check(element, value) if check else None


def _text(element: Json, value: str) -> str | None:
    lowest, highest = element.get("min_length", 0), element.get("max_length", TEXT_LIMIT)
    if len(value) < lowest:
        return f"Please write at least {lowest} characters."
    if len(value) > highest:
        return f"Please write at most {highest} characters."
    return None


def _number(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, str(value)):
        return "Please write a number." if element["is_decimal_allowed"] else "Please write a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please write a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please write a number of at most {element['max_value']}."
    return None


def _email(_: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please write an email address."


def _url(_: Json, value: str) -> str | None:
    return None if re.match(r"https?://\S+$", value) else "Please write a web address that begins with https://."


def _date(_: Json, value: str) -> str | None:
    return None if _DATE.fullmatch(value) else "Please choose a date."


def _time(_: Json, value: str) -> str | None:
    return None if _TIME.fullmatch(value) else "Please choose a time."


def _selection(element: Json, value: list[Any]) -> str | None:
    most = element.get("max_selected_items")
    return f"Please choose at most {most}." if most and len(value) > most else None


def _files(element: Json, value: list[Json]) -> str | None:
    most = element.get("max_files", 10)
    if len(value) > most:
        return f"Please choose at most {most} files."
    types = element.get("filetypes")
    for file in value:
        if file["size"] > FILE_LIMIT:
            return f"{file['name']} is larger than 10 MB."
        if types and file["filetype"] not in types:
            return f"{file['name']} is not one of the accepted types: {', '.join(types)}."
    return None


_CHECKS: Mapping[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "datepicker": _date,
    "timepicker": _time,
    "file_input": _files,
    **{kind: _selection for kind in KINDS if kind.startswith("multi_")},
}
