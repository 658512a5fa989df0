"""The papers of a report: the same bytes each time, whoever's words they hold, and no more pages than it needs."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.audit_reports.cards import file_name
from messages.audit_reports.paper import Report, Told, contents, pdf
from messages.audit_reports.workbook import xlsx
from messages.words.papers import on_paper
from tests.messages.report_samples import empty, facts, finding, report, signed

HOSTILE = (
    '#panic(1) #eval("1") [*a*] $x^2$ @ref \\ <script>alert(1)</script> \u202eabc\u202c \u200f ] } " \' `raw` ``` '
    '= Heading\n- list\n/ term: x // comment /* c */ #import "/etc/passwd" \U0001f600 \u65e5\u672c'
)
PAGE = re.compile(rb"/Type\s*/Page\b")


def pages(paper: bytes) -> int:
    """How many pages a PDF has."""
    return len(PAGE.findall(paper))


def small(**more: Any) -> Report:
    """The report of a small audit: three findings, one list."""
    found = [
        finding(str, number, kind) for number, kind in enumerate(("nonconformity", "observation", "good_practice"), 1)
    ]
    known = facts(str)
    return signed(
        str, facts={**known, "findings": found, "draws": known["draws"][:1], "team": known["team"][:1]}, **more
    )


def every_text(value: Any) -> list[str]:
    """Every string that the template is given."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in every_text(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in every_text(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({}, "27 February 2026 to 12 March 2026; planned for 2 March 2026 to 13 March 2026"),
        ({"started_on": "2026-03-02", "reported_on": "2026-03-13"}, "2 March 2026 to 13 March 2026"),
        ({"reported_on": None}, "Begun on 27 February 2026; planned for 2 March 2026 to 13 March 2026"),
        ({"started_on": None, "reported_on": None}, "Planned for 2 March 2026 to 13 March 2026"),
    ],
)
def test_a_report_says_the_days_on_which_the_audit_was(days: dict[str, Any], said: str) -> None:
    known = facts(str)
    told = dict(Told(signed(str, facts={**known, "audit": {**known["audit"], **days}})).audit())
    assert told["Dates"].partition("; plan sent")[0] == said


@pytest.mark.parametrize("make", [pdf, xlsx])
def test_the_same_report_gives_the_same_bytes(make: Any) -> None:
    assert make(small()) == make(small())
    assert make(small()) != make(small(summary="Else"))


def test_a_paper_says_the_moment_of_its_signature_and_no_other() -> None:
    assert b"20260302" in pdf(signed(str)).replace(b"-", b"")
    at = signed(str).drafted_at
    assert pdf(signed(str)) != pdf(replace(signed(str), signed_at=at + timedelta(days=1)))


@pytest.mark.parametrize(("of", "most"), [(small(), 2), (empty(str), 1), (report(str), 3)])
def test_a_paper_has_as_many_pages_as_it_needs(of: Report, most: int) -> None:
    assert pages(pdf(of)) <= most


def test_whatever_people_write_is_set_as_text() -> None:
    hostile = signed(lambda _: HOSTILE)
    paper = pdf(hostile)
    assert paper.startswith(b"%PDF-")
    assert b"/URI" not in paper
    assert b"/JavaScript" not in paper
    assert any(on_paper(HOSTILE) in text for text in every_text(contents(hostile)))


def test_a_text_of_twenty_thousand_characters_without_a_blank_is_set_whole() -> None:
    assert pages(pdf(small(conclusion="x" * 20_000))) > pages(pdf(small()))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_no_words_at_all_keep_a_report_from_being_made(words: str) -> None:
    assert pdf(small(conclusion=words, title=words)).startswith(b"%PDF-")


def test_a_draft_says_that_it_is_one() -> None:
    assert contents(report(str))["is_draft"]
    assert not contents(signed(str))["is_draft"]


def test_the_most_serious_comes_first_and_what_was_taken_back_last() -> None:
    told = Told(signed(str))
    assert [each["grade"] or each["kind"] for each in told.standing][:3] == ["major", "minor", "nonconformity"]
    headings = [each["heading"] for each in contents(signed(str))["sections"]]
    assert headings[:3] == ["Conclusion", "Read this first", "Findings"]
    assert headings[-2:] == ["Findings taken back", "Signature and distribution"]


def test_where_a_report_is_weak_stands_in_it() -> None:
    weak = "\n".join(Told(signed(str)).weak())
    for words in ("by exception", "still running", "closed before", "shown to the owner", "been rated", "differently"):
        assert words in weak


def test_the_workbook_holds_text_only() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(signed(lambda _: "=1+1 " + HOSTILE))))
    assert book.sheetnames == ["Report", "Findings", "Ratings", "Samples", "Evidence"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"} <= {
        None
    }


def test_a_file_is_called_by_its_audit_and_says_a_revision_or_a_draft() -> None:
    assert file_name(small(revision=1), "pdf") == "audit-7-report.pdf"
    assert file_name(small(revision=2), "xlsx") == "audit-7-report-revision-2.xlsx"
    assert file_name(small(revision=1), "pdf", draft=12) == "audit-7-report-draft-12.pdf"
