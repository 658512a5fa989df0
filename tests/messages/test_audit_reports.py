"""The papers of a report: the same bytes each time, whoever's words they hold, and no more pages than it needs."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.audit_reports.cards import file_name
from messages.audit_reports.paper import Report, Told, contents, pdf
from messages.audit_reports.workbook import xlsx
from messages.words.papers import LAST_OF_LATIN, legible, on_paper, without_glyph
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Done \U0001f44d\U0001f3fd", "Done [thumbs up sign]"),
        ("\u65e5\u672c Berlin", "[2 letters of a script this paper can't show] Berlin"),
        ("\u2705\U0001f600", "[white heavy check mark][grinning face]"),
        ("\u0416\u03b1\u05d0 \u2192 \u00fc", "\u0416\u03b1\u05d0 \u2192 \u00fc"),
    ],
)
def test_what_no_font_has_is_said_in_words_and_the_workbook_has_it(text: str, said: str) -> None:
    assert legible({"text": text}) == {"text": said}
    book = openpyxl.load_workbook(io.BytesIO(xlsx(small(conclusion=text))))
    assert text in [cell.value for row in book["Report"].iter_rows() for cell in row]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_sign_becomes_a_box(text: str) -> None:
    shown = legible({"text": on_paper(text)})["text"]
    assert without_glyph(frozenset(each for each in shown if each > LAST_OF_LATIN)) == frozenset()


def test_the_notes_of_the_team_stand_in_paper_and_workbook() -> None:
    [notes] = [each for each in contents(signed(str))["sections"] if each["heading"].startswith("What the team")]
    assert [each["note"]["title"] for each in notes["parts"]] == [
        "Document · Leaver procedure 3.2 · ISO/IEC 27001:2022 A.6.5 (Leavers)",
        "Observation · Leaver procedure 3.2",
    ]
    assert [each["note"]["remark"] for each in notes["parts"]] == [
        "Liam, 3 March 2026; rated 2 of 3",
        "Liam, 3 March 2026; not rated",
    ]
    book = openpyxl.load_workbook(io.BytesIO(xlsx(signed(str))))
    assert [row[3].value for row in book["Own notes"].iter_rows()][1:] == [
        "Version 4 of March names who closes accounts."
    ] * 2


def test_a_signature_has_the_time_of_the_organisations_clock() -> None:
    of = signed(str)
    assert of.signed_at is not None
    local = of.signed_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"at {local:%H:%M} (Europe/Berlin)" in dict(Told(of).signature())["Signed"]


@pytest.mark.parametrize(
    ("drawn_of", "rows", "said"),
    [(3, [1, 2, 3], "All of them were looked at."), (1, [1], "It was looked at."), (14, [2, 5], "Drawn by chance")],
)
def test_what_was_taken_whole_was_not_drawn_by_chance(drawn_of: int, rows: list[int], said: str) -> None:
    known = facts(str)
    draw = {**known["draws"][0], "population": drawn_of, "rows": rows}
    assert said in Told(signed(str, facts={**known, "draws": [draw]})).sampled()[-1]


@pytest.mark.parametrize(
    ("left_out", "asked", "said"),
    [
        ({}, 9, "All of them were asked."),
        ({"away": 1}, 8, "All of the others were asked."),
        ({}, 4, "4 drawn by chance"),
    ],
)
def test_where_everybody_was_asked_nobody_was_drawn_by_chance(left_out: Any, asked: int, said: str) -> None:
    known = facts(str)
    group = {**known["sampling"][0], "left_out": left_out, "asked": asked, "drawn": asked}
    assert said in Told(signed(str, facts={**known, "sampling": [group]})).sampled()[1]


@pytest.mark.parametrize(("hidden", "said"), [(2, "nobody can be recognised"), (0, "has been rated")])
def test_where_there_are_no_figures_it_is_said_why(hidden: int, said: str) -> None:
    none = {"rows": [], "too_few_people": hidden, "total": None}
    [figures] = [
        each
        for each in contents(signed(str, facts={**facts(str), "statistics": none}))["sections"]
        if each["heading"] == "How answers were rated"
    ]
    assert said in figures["parts"][0]["remark"]


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
    assert book.sheetnames == ["Report", "Findings", "Ratings", "Own notes", "Samples", "Evidence"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"} <= {
        None
    }


def test_a_file_is_called_by_its_audit_and_says_a_revision_or_a_draft() -> None:
    assert file_name(small(revision=1), "pdf") == "audit-7-report.pdf"
    assert file_name(small(revision=2), "xlsx") == "audit-7-report-revision-2.xlsx"
    assert file_name(small(revision=1), "pdf", draft=12) == "audit-7-report-draft-12.pdf"
