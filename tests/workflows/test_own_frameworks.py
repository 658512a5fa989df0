"""Controls and frameworks of the organisation's own: all of a file or nothing, and they behave like any others."""

from collections.abc import Sequence

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks.tables import OwnFramework, OwnRequirement
from storage.record.trail import TrailEntry
from tests.workflows.conftest import deed
from tests.workflows.test_spreadsheets import workbook
from workflows.files.spreadsheets import MOST_BYTES
from workflows.frameworks import commands as framework_commands
from workflows.frameworks import own_frameworks
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.own_frameworks import Brought, OwnRow, rows_of
from workflows.frameworks.refusals import WhichRequirement
from workflows.frameworks.rules import Frequency
from workflows.refusals import BadRows, InputWanted, NotAllowed, UnreadableFile

CSV = b"No,Control,Category,Evidence,Interval\nAC-1,Doors,Access,Key list;Photo,Quarterly\n8.10,Windows,,,\n"
YAML = b"""
requirements:
- {number: AC-1, title: Doors, theme: Access, evidence: [Key list, Photo], frequency: quarterly}
- {number: 8.10, title: Windows}
"""
BOMB = b"a: &a [x,x]\nb: &b [*a,*a]\nrequirements:\n- {number: AC-1, title: Doors, evidence: [*b, *b]}\n"

STANDARDS = ("ISO/IEC 27001:2022", "ISO 9001:2015")


def bring(uow: UnitOfWork, rows: Sequence[OwnRow], *, who: str = "UMIRA", key: str = "acme") -> Brought:
    return own_frameworks.bring(deed(uow, who), key=key, name="Acme annex", rows=rows, sha256="0" * 64)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.csv", CSV),
        ("a.yaml", YAML),
        ("a.xlsx", workbook(["id", "name", "domain", "proof", "interval"],
                            ["AC-1", "Doors", "Access", "Key list\nPhoto", "quarterly"], ["8.10", "Windows"])),
    ],
)  # fmt: skip
def test_a_file_gives_its_requirements_with_their_numbers_as_they_were_typed(file: str, data: bytes) -> None:
    doors, windows = rows_of(file, data)
    assert doors == OwnRow("AC-1", "Doors", "Access", "", ("Key list", "Photo"), Frequency.QUARTERLY)
    assert (windows.number, windows.frequency) == ("8.10", Frequency.YEARLY)


@pytest.mark.parametrize(
    ("file", "data", "rows"),
    [
        ("a.csv", b"number,title\nAC-1,\n,Doors\nAC 2,Doors\n", [2, 3, 4]),
        ("a.csv", b"number,title\nAC-1,Doors\nAC-1,Windows\n", [3]),
        ("a.csv", b"number,title\nAC-1,=cmd()\n", [2]),
        ("a.csv", b"number,title,frequency\nAC-1,Doors,now and then\n", [2]),
        ("a.csv", b"number,title\nAC-1," + b"x" * 201, [2]),
        ("a.csv", b"what,ever\n1,2\n", [1, 1]),
        ("a.xlsx", workbook(["number", "title"], [8.1, "Doors"], [1, "Windows"]), [2]),
        ("a.xlsx", workbook(["number", "title"], ["AC-1", "=HYPERLINK(1)"]), [2]),
        ("a.yaml", b"- {number: AC-1}\n- nonsense\n- {number: {a: b}, title: Doors}\n", [1, 2, 3]),
        ("a.csv", b"number,title\n" + b"".join(b"AC-%d,x\n" % each for each in range(1_001)), [1_002]),
    ],
)
def test_every_bad_row_is_named(file: str, data: bytes, rows: list[int]) -> None:
    with pytest.raises(BadRows) as refused:
        rows_of(file, data)
    assert [number for number, _ in refused.value.rows] == rows


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "broken"),
        (b"\xff\xfe\x00", "broken"),
        (b"[" * 5_000, "broken"),
        (b"requirements: none", "no_requirements"),
        (b"just words", "no_requirements"),
        (b"[]", "empty"),
        (b"", "no_requirements"),
        (b"a" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_yaml_file_that_says_nothing_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows_of("a.yml", data)
    assert refused.value.why == why


def test_what_multiplies_itself_is_not_unpacked() -> None:
    [row] = rows_of("a.yaml", BOMB)
    assert row.evidence == ()


def test_own_requirements_are_found_like_those_of_a_standard(programme: UnitOfWork) -> None:
    brought = bring(programme, rows_of("a.csv", CSV))
    assert (brought.added, brought.edition) == (2, "own-acme")
    found = framework_questions.find(programme, "own-acme:8.10")
    assert (found.standard, found.title, found.reference) == ("Acme annex", "Windows", "own-acme:8.10")
    assert framework_questions.scope(programme) == ["iso27001-2022", "iso9001-2015", "own-acme"]
    assert list(framework_questions.catalogue_of(programme, "own-acme").requirements) == ["AC-1", "8.10"]
    [entry] = programme.matching(TrailEntry, subject="own_framework")
    assert entry.verb == "framework.bring"


def test_bringing_again_changes_adds_and_withdraws_and_deletes_nothing(programme: UnitOfWork) -> None:
    bring(programme, rows_of("a.csv", b"number,title\nAC-1,Doors\nAC-2,Windows\nAC-3,Keys\n"))
    again = bring(programme, rows_of("a.csv", b"number,title\nAC-1,Doors\nAC-2,@Windows\nAC-4,- Roof\n"))
    assert (again.added, again.changed, again.withdrawn, again.unchanged, again.kept_as_text) == (1, 1, 1, 1, 2)
    assert "AC-3" not in framework_questions.catalogue_of(programme, "own-acme").requirements
    assert framework_questions.find(programme, "own-acme:AC-3").title == "Keys"
    assert programme.count(OwnFramework) == 1
    back = bring(programme, rows_of("a.csv", b"number,title\nAC-3,Keys\n"))
    assert (back.changed, back.withdrawn) == (1, 3)
    assert programme.count(OwnRequirement, col(OwnRequirement.withdrawn_at).is_(None)) == 1


@pytest.mark.parametrize("reference", ["own-acme:AC-9", "own-nobody:AC-1", "own-:1"])
def test_an_own_reference_to_nothing_is_a_key_error(programme: UnitOfWork, reference: str) -> None:
    bring(programme, rows_of("a.csv", CSV))
    with pytest.raises(KeyError):
        framework_questions.find(programme, reference)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a.5.18", ["iso27001-2022:A.5.18"]),
        (" ac-1 ", ["own-acme:AC-1"]),
        ("iso9001-2015:7.2", ["iso9001-2015:7.2"]),
        ("27001 7.2", ["iso27001-2022:7.2"]),
        ("ISO/IEC 27001:2022 7.2", ["iso27001-2022:7.2"]),
        ("9001:2015 7.2", ["iso9001-2015:7.2"]),
        ("7.2", ["ISO/IEC 27001:2022 7.2", "ISO 9001:2015 7.2"]),
        ("9.2", [f"{standard} 9.2.{number}" for standard in STANDARDS for number in (1, 2)]),
        ("9", []),
        ("A.5", []),
        ("A.99", []),
        ("iso14001-2015:7.2", []),
    ],
)
def test_a_requirement_is_named_by_its_number_where_that_is_enough(
    programme: UnitOfWork, typed: str, meant: list[str]
) -> None:
    bring(programme, rows_of("a.csv", CSV))
    if len(meant) == 1:
        assert framework_questions.named(programme, typed).reference == meant[0]
    else:
        with pytest.raises(WhichRequirement) as refused:
            framework_questions.named(programme, typed)
        assert list(refused.value.names) == meant


@pytest.mark.parametrize("key", ["", "Acme", "a b", "-a", "a" * 31, "a:b", "äcme"])
def test_a_short_name_is_short_and_plain(programme: UnitOfWork, key: str) -> None:
    with pytest.raises(InputWanted) as refused:
        bring(programme, rows_of("a.csv", CSV), key=key)
    assert refused.value.field == "key"


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_brings_own_controls_or_switches_titles(programme: UnitOfWork, who: str) -> None:
    with pytest.raises(NotAllowed):
        bring(programme, rows_of("a.csv", CSV), who=who)
    with pytest.raises(NotAllowed):
        framework_commands.switch_titles(deed(programme, who), shown=False)
    assert programme.count(OwnFramework) == 0


def test_without_titles_a_standards_requirement_is_its_number_and_an_own_one_keeps_its_words(
    programme: UnitOfWork,
) -> None:
    bring(programme, rows_of("a.csv", CSV))
    framework_commands.switch_titles(deed(programme, "UMIRA"), shown=False)
    titles = [
        framework_rules.title(programme, framework_questions.find(programme, each))
        for each in ("iso9001-2015:7.2", "own-acme:AC-1")
    ]
    assert titles == ["", "Doors"]
