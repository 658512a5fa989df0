"""The index of a pack tells of a finding and its responses in full, by the terms that records use."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from io import BytesIO
from typing import Any

import pytest

from messages.packs import index
from messages.words.filters import ENGLISH
from storage.nonconformities.tables import ActionState, Grade, NonconformityState, Signs
from tests.messages import values
from workflows.shapes import answers, values_of

PERSON = {"issued_by": None, "verified_by": None, "effect_confirmed_by": None, "closed_by": None, "reviewed_by": None}
LISTS = (
    *("rounds", "found_causes", "actions", "signatures", "effect_checks", "contests", "body_findings", "accesses"),
    "named_seats",
)
OF_A_CASE: dict[str, Any] = dict.fromkeys(LISTS, ())
EMPTY = ("tasks", "nonconformities", "files", "not_included", "desk_audits", "requests", "statements", "heads")
SCOPE = {"standards": {}, "first": "2026-01-01", "last": "2026-12-31", "themes": (), "owners": (), "requirements": ()}
SCOPE["answers_because"] = ""
ABOUT = {"organisation": "", "zone": "UTC", "asked_by": "", "asked_at": None, "scope": SCOPE}
NOTHING: dict[str, Any] = {**dict.fromkeys(EMPTY, ()), **ABOUT, "people": {"U0JONAS": "Jonas"}}


def test_the_page_tells_every_field_of_a_finding_and_of_a_response() -> None:
    finding = replace(values.finding_card(str, "closed").finding, requirement="A.5.18")
    plan = values.response(str)
    given = {name: each.isoformat() if isinstance(each, date) else each for name, each in values_of(plan).items()}
    response = {**given, **PERSON, "round": 1, "submitted_by": "", "submitted_at": None}
    raised = {**values_of(finding), **PERSON, "number": 1, "state": "closed", "grade": "major", "reason": ""}
    told = {**raised, "raised_by": "", "raised_at": None, "responses": [response], "marks": (), **OF_A_CASE}
    page = BytesIO()
    index.write_page(page, {**NOTHING, "nonconformities": [told]}, {}, {})
    html = page.getvalue().decode()
    said = [
        each for _, each in [*answers(replace(finding, owner_id="Jonas")), *answers(replace(plan, assignee_id="Jonas"))]
    ]
    shown = [f"{each.day} {each:%B} {each.year}" if isinstance(each, date) else each for each in said]
    assert [each for each in shown if each not in html] == []


@pytest.mark.parametrize(
    ("of", "known"),
    [("nonconformity", NonconformityState), ("action", ActionState), ("signs", Signs), ("grade", Grade)],
)
def test_everything_a_case_can_be_has_words_in_a_pack(of: str, known: type[StrEnum]) -> None:
    assert all(index.said(each.value, of, language=ENGLISH) for each in known)
