"""What a cell means, and which column holds what: the words of real registers, and what is asked back."""

from datetime import date
from typing import Any

import pytest

from storage.people.tables import Person
from tests.workflows.conftest import MONDAY
from workflows.files.spreadsheets import DAY_ZERO, Cell, grid
from workflows.importing import values
from workflows.importing.guessing import Confidence, Field, Guess, guess, letters, sheet_of
from workflows.importing.values import ONCE, Directory, Why, Wrong
from workflows.refusals import UnreadableFile

TODAY = date(2026, 11, 23)
INDEX = {
    "a.5.18": ["iso27001-2022:A.5.18"],
    "a.7.2": ["iso27001-2022:A.7.2"],
    "a.8.1": ["iso27001-2022:A.8.1"],
    "a.8.10": ["iso27001-2022:A.8.10"],
    "7.2": ["iso27001-2022:7.2", "iso9001-2015:7.2"],
    "iso9001-2015:7.2": ["iso9001-2015:7.2"],
    "ac-1": ["own-acme:AC-1"],
}


def fault_of(read: object, *given: object, **named: object) -> Why:
    with pytest.raises(Wrong) as wrong:
        read(*given, **named)  # type: ignore[operator] # any reader
    return wrong.value.why


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("Yearly ", "FREQ=YEARLY"),
        ("every 6 months", "FREQ=MONTHLY;INTERVAL=6"),
        ("Once every two years", "FREQ=YEARLY;INTERVAL=2"),
        ("every 12 months", "FREQ=YEARLY"),
        ("3-monthly", "FREQ=MONTHLY;INTERVAL=3"),
        ("4x per year", "FREQ=MONTHLY;INTERVAL=3"),
        ("semi-annually", "FREQ=MONTHLY;INTERVAL=6"),
        ("p.a.", "FREQ=YEARLY"),
        ("halbjährlich", "FREQ=MONTHLY;INTERVAL=6"),
        ("alle zwei Jahre", "FREQ=YEARLY;INTERVAL=2"),
        ("alle 14 Tage", "FREQ=DAILY;INTERVAL=14"),
        ("1x jährlich", "FREQ=YEARLY"),
        ("2 mal im Jahr", "FREQ=MONTHLY;INTERVAL=6"),
        ("einmalig", ONCE),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ],
)
def test_how_often_is_understood_in_words(words: str, rule: str) -> None:
    assert values.recurrence(words) == rule


@pytest.mark.parametrize(
    "words", ["often", "bimonthly", "every 0 months", "on change", "FREQ=HOURLY", "every blue moon"]
)
def test_how_often_is_asked_back_when_it_is_not_sure(words: str) -> None:
    assert fault_of(values.recurrence, words) is Why.FREQUENCY_UNKNOWN


@pytest.mark.parametrize(
    ("cell", "month_first", "day"),
    [
        (Cell("2026-12-31"), False, date(2026, 12, 31)),
        (Cell("2026-12-31 00:00:00"), False, date(2026, 12, 31)),
        (Cell("31.12.2026"), True, date(2026, 12, 31)),
        (Cell("12/31/2026"), True, date(2026, 12, 31)),
        (Cell("31/12/2026"), False, date(2026, 12, 31)),
        (Cell("46387", is_figure=True), False, date(2026, 12, 31)),
        (Cell("46387.5", is_figure=True), False, date(2026, 12, 31)),
        (Cell("31. Dezember 2026"), False, date(2026, 12, 31)),
    ],
)
def test_a_day_is_understood(cell: Cell, month_first: bool, day: date) -> None:
    assert values.day(cell, today=TODAY, day_zero=DAY_ZERO, month_first=month_first) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-02-30", Why.DATE_IMPOSSIBLE),
        ("31/12/2026", Why.DATE_IMPOSSIBLE),
        ("soon", Why.DATE_UNKNOWN),
        ("99999", Why.DATE_UNKNOWN),
        ("1.1.1999", Why.DATE_FAR_AWAY),
        ("25000", Why.DATE_FAR_AWAY),
        ("2126-12-31", Why.DATE_FAR_AWAY),
    ],
)
def test_a_day_that_is_none_is_a_fault(text: str, why: Why) -> None:
    assert fault_of(values.day, Cell(text), today=TODAY, day_zero=DAY_ZERO, month_first=True) is why


def test_a_workbook_that_counts_from_1904_is_read_from_there() -> None:
    cell = Cell("44925", is_figure=True)
    assert values.day(cell, today=TODAY, day_zero=date(1904, 1, 1), month_first=False) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("column", "locale", "month_first"),
    [
        (["12/31/2026", "01/02/2027"], "de-DE", True),
        (["31/12/2026", "01/02/2027"], "en-US", False),
        (["01/02/2027"], "en-US", True),
        (["01/02/2027"], "en-GB", False),
        (["31/12/2026", "12/31/2026"], "en-US", True),
        ([], "", False),
    ],
)
def test_the_column_itself_tells_whether_the_month_comes_first(
    column: list[str], locale: str, month_first: bool
) -> None:
    assert values.with_month_first(column, locale) is month_first


def person(slack_id: str, name: str, **more: Any) -> Person:
    return Person(slack_id=slack_id, name=name, synced_at=MONDAY, **more)


DIRECTORY = Directory.of(
    [
        person("U0JONAS", "Jonas Weber", email="Jonas.Weber@alder.example"),
        person("U0ANNA", "Anna Maria López"),
        person("U0SAM1", "Sam Lee"),
        person("U0SAM2", "Sam Lee"),
        person("U0OTTO", "Otto Krause", is_deactivated=True),
        person("U0BOT", "Lunch", is_bot=True),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "jonas.weber@ALDER.example",
        "<@U0JONAS>",
        "<@U0JONAS|jonas>",
        "U0JONAS",
        "@Jonas",
        "@jonas.weber",
        "@jonasweber",
        "Jonas  WEBER",
        "Weber, Jonas",
    ],
)
def test_an_owner_is_found_by_all_that_people_call_them(text: str) -> None:
    assert DIRECTORY.owner(text) == "U0JONAS"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Jonas", Why.OWNER_UNKNOWN),
        ("jonas@elsewhere.example", Why.OWNER_UNKNOWN),
        ("<!channel>", Why.OWNER_UNKNOWN),
        ("<@U0NOBODY>", Why.OWNER_UNKNOWN),
        ("x" * 300, Why.OWNER_UNKNOWN),
        ("Sam Lee", Why.OWNER_AMBIGUOUS),
        ("@sam", Why.OWNER_AMBIGUOUS),
        ("Otto Krause", Why.OWNER_HAS_LEFT),
        ("@lunch", Why.OWNER_IS_A_BOT),
    ],
)
def test_nobody_is_taken_for_an_owner_who_is_not_meant_for_sure(text: str, why: Why) -> None:
    assert fault_of(DIRECTORY.owner, text) is why


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A.5.18", ["iso27001-2022:A.5.18"]),
        ("5.18", ["iso27001-2022:A.5.18"]),
        ("Annex A 5.18 Access rights, joiners", ["iso27001-2022:A.5.18"]),
        ("Kap. 7.2", ["iso27001-2022:7.2", "iso9001-2015:7.2"]),
        ("iso9001-2015:7.2", ["iso9001-2015:7.2"]),
        ("A.5.18; ac-1\nA.8.10", ["iso27001-2022:A.5.18", "own-acme:AC-1", "iso27001-2022:A.8.10"]),
        ("Control no. 7.2", ["iso27001-2022:A.7.2"]),
        ("§ 7.2", ["iso27001-2022:7.2", "iso9001-2015:7.2"]),
        ("clause 8.1", ["iso27001-2022:A.8.1"]),
    ],
)
def test_requirements_are_found_as_registers_write_them(text: str, found: list[str]) -> None:
    assert values.requirements(Cell(text), INDEX) == found


def test_a_requirement_that_is_not_sure_is_a_fault() -> None:
    assert fault_of(values.requirements, Cell("A.99.1"), INDEX) is Why.CONTROL_UNKNOWN
    assert fault_of(values.requirements, Cell("A.5.18, A.99.1"), INDEX) is Why.CONTROL_UNKNOWN
    assert fault_of(values.requirement, Cell("§ 7.2"), INDEX) is Why.CONTROL_AMBIGUOUS
    assert fault_of(values.requirements, Cell("No. 7.2"), INDEX) is Why.CONTROL_OR_CLAUSE
    assert fault_of(values.requirements, Cell("8.1", is_figure=True), INDEX) is Why.CONTROL_IS_A_FIGURE
    assert values.requirements(Cell("8.1"), INDEX) == ["iso27001-2022:A.8.1"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)*cmd|'x'!A0", "- a list"])
def test_what_might_be_computed_is_refused(text: str) -> None:
    assert fault_of(values.must_be_plain, Cell(text, is_formula=text.startswith("="))) is Why.FORMULA


@pytest.mark.parametrize("text", ["-5", "+3,5", "@jonas.weber", "@Jonas Weber", "a = b", ""])
def test_what_only_looks_a_little_like_it_is_not(text: str) -> None:
    values.must_be_plain(Cell(text))


# --- the guess ---


def guessed(*lines: str) -> dict[Field, Guess]:
    return guess(sheet_of("a.csv", grid("a.csv", "\n".join(lines).encode())))


def test_english_headings_are_guessed() -> None:
    found = guessed(
        "Control ID;Control;Control Owner;Review frequency;Next due date;Evidence needed;Status",
        "A.5.18;Access review;Jonas Weber;quarterly;2026-12-31;List;open",
    )
    assert {field: each.column for field, each in found.items()} == {
        Field.CONTROL: 0,
        Field.TITLE: 1,
        Field.OWNER: 2,
        Field.FREQUENCY: 3,
        Field.DUE: 4,
        Field.EVIDENCE: 5,
        Field.STATUS: 6,
    }
    assert {each.confidence for each in found.values()} == {Confidence.SURE}


def test_german_headings_are_guessed() -> None:
    found = guessed(
        "Normkapitel,Maßnahme,Verantwortliche/r,Fällig am,Turnus,Feststellung,Einstufung,Festgestellt am",
        "7.2,Schulung,Jonas Weber,31.12.2026,jährlich,,,",
    )
    fields = (Field.CONTROL, Field.TITLE, Field.OWNER, Field.DUE, Field.FREQUENCY, Field.FINDING, Field.GRADE)
    assert [found[field].column for field in (*fields, Field.FOUND_ON)] == list(range(8))
    assert found[Field.OWNER].confidence is Confidence.LIKELY


def test_a_column_of_addresses_is_perhaps_that_of_the_owners() -> None:
    found = guessed("What,Contact", "Review,jonas@alder.example")
    assert found[Field.OWNER] == Guess(1, Confidence.PERHAPS)


def test_what_stands_in_a_column_decides_what_a_doubtful_heading_means() -> None:
    assert guessed("Control,Owner", "Access review,Jonas")[Field.TITLE].column == 0
    assert guessed("Control,Owner", "A.5.18,Jonas")[Field.CONTROL].column == 0
    assert Field.DUE not in guessed("Task,Date", "Review,whenever")


def test_headings_may_stand_twice_or_not_at_all() -> None:
    sheet = sheet_of("a.csv", grid("a.csv", b"Owner,Owner,,Task\na,b,c,d"))
    assert sheet.headings == ("Owner", "Owner", "", "Task")
    assert guess(sheet)[Field.OWNER].column == 0


def test_titles_above_the_headings_are_passed_over() -> None:
    sheet = sheet_of("a.csv", grid("a.csv", b"Our register\nas of May\n\nOwner,Task\nJonas,Review"))
    assert sheet.headings == ("Owner", "Task")
    assert [row.number for row in sheet.rows] == [5]


@pytest.mark.parametrize("data", [b"Owner,Task", b"\n\nOwner,Task\n\n"])
def test_headings_alone_are_no_register(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        sheet_of("a.csv", grid("a.csv", data))
    assert refused.value.why == "no_rows"


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [letters(number) for number in (0, 25, 26, 59)] == ["A", "Z", "AA", "BH"]
