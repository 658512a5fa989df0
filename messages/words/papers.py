"""Papers: PDFs set by typst from a template and values. The same values give the same bytes, on every machine.

People's text comes in as data and is shown as a string, so nothing in it is ever read as markup; no font of the machine
is looked at, and no network. What a template may not do with a value stands in decision 0034.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from messages.words.mrkdwn import clean

_GAPS = re.compile(r"\n\s*\n+")


def pdf(template: str, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """A paper of a template such as `audit_reports/report`; `at` is the moment that it says it was made."""
    room, _, name = template.partition("/")
    source = files("messages").joinpath(room, "templates", f"{name}.typ").read_bytes()
    made = typst.compile(
        source,
        format="pdf",
        font_paths=_bundled(),
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)  # a PDF is one file, however many pages it has
    return made


@cache
def _bundled() -> typst.Fonts:
    """The fonts that come with typst, and none of the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def on_paper(text: str) -> str:
    """People's text as it is set: cleaned, with its lines, and never more than one of them left empty."""
    return _GAPS.sub("\n\n", clean(text)).strip()
