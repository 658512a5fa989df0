"""Lists of nonconformities: which words narrow them down to what, for whom; and where each comes from."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceUse, Verdict
from storage.nonconformities.origins import Against, Source
from storage.nonconformities.tables import Nonconformity
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed
from workflows.nonconformities import commands, history, lists, origins, sources
from workflows.nonconformities.lists import Chosen
from workflows.nonconformities.refusals import CaseFilterUnknown
from workflows.nonconformities.shapes import Raised
from workflows.refusals import InputWanted, NotAllowed, Stale

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SAID = Raised(
    against="standard",
    requirement="iso9001-2015:7.1.4",
    evidence="Boxes in front of the door",
    statement="Ways out are not kept free",
    new_place="North stairwell",
    new_process="Storage",
    sample="All four stairwells",
    owner_id="UJONAS",
    source="observation",
)


def raised(uow: UnitOfWork, by: str = "ULIAM", **said: Any) -> Nonconformity:
    known = replace(SAID, **said)
    return sources.raise_from(deed(uow, by), said=known, source=known.source)


# --- words ---


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", Chosen()),
        ("open", Chosen()),
        ("closed", Chosen(state="closed")),
        ("ALL Mine", Chosen(state="all", is_mine=True)),
        ("overdue major", Chosen(is_overdue=True, grade="major")),
        ("minor 27001", Chosen(grade="minor", edition="iso27001-2022")),
        ("iso9001", Chosen(edition="iso9001-2015")),
        ("place:stairwell", Chosen(place="stairwell")),
        ('place:"North stairwell" source:incident', Chosen(place="north stairwell", source="incident")),
        ("source:failed-probe process:“Leaving us”", Chosen(source="failed_probe", process="leaving us")),
    ],
)
def test_words_in_any_order(text: str, chosen: Chosen) -> None:
    assert lists.chosen(text) == chosen


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize("text", ["latest", "9", "place:", 'place:""', "source:gossip", "major gossip"])
def test_words_that_narrow_nothing_down_are_said(text: str) -> None:
    with pytest.raises(CaseFilterUnknown):
        lists.chosen(text)


# --- lists ---


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2]),
        ("all", [1, 2, 3]),
        ("closed", []),
        ("mine", [2]),
        ("overdue", [1]),
        ("minor", []),
        ("27001", [2]),
        ("place:stair", [1]),
        ("source:incident", [2]),
        ("process:leaving place:berlin", [2]),
    ],
)
def test_a_list_is_narrowed_down(programme: UnitOfWork, text: str, numbers: list[int]) -> None:
    first = raised(programme)
    programme.change(first, due_on=MONDAY.date() - timedelta(days=1))
    leaving = {"new_place": "Berlin", "new_process": "Leaving", "requirement": "iso27001-2022:A.5.18"}
    raised(programme, owner_id="UDAVID", source="incident", **leaving)
    dropped = raised(programme)
    mira = deed(programme, "UMIRA")
    commands.discard(mira, nonconformity_id=dropped.id, version=dropped.version, reason="Seen twice")
    found = lists.narrowed_down(deed(programme, "UDAVID"), chosen=lists.chosen(text))
    assert [each.number for each in found] == numbers


def test_whoever_may_not_see_them_all_has_their_own_without_drafts(programme: UnitOfWork) -> None:
    draft = raised(programme)
    assert lists.narrowed_down(deed(programme, "UJONAS"), chosen=lists.chosen("all")) == []
    signed: dict[str, Any] = {"tests": [], "grade": "minor", "rationale": "One slip"}
    commands.issue(deed(programme, "UMIRA"), nonconformity_id=draft.id, version=draft.version, **signed)
    assert len(lists.narrowed_down(deed(programme, "UJONAS"), chosen=lists.chosen("all"))) == 1
    assert lists.narrowed_down(deed(programme, "UTOM"), chosen=lists.chosen("all")) == []


def test_the_history_says_who_did_what_and_who_signed(programme: UnitOfWork) -> None:
    draft = raised(programme)
    signed: dict[str, Any] = {"tests": [], "grade": "minor", "rationale": "One slip"}
    commands.issue(deed(programme, "UMIRA"), nonconformity_id=draft.id, version=draft.version, **signed)
    found = history.of_case(deed(programme, "UJONAS"), nonconformity_id=draft.id)
    assert [(each.by, each.event) for each in found.events] == [("ULIAM", "raise"), ("UMIRA", "issue")]
    assert [each.person_id for each in found.signatures] == ["UMIRA"]
    with pytest.raises(NotAllowed):
        history.of_case(deed(programme, "UTOM"), nonconformity_id=draft.id)


# --- raising one ---


@pytest.mark.parametrize(
    ("by", "may"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", False), ("UJONAS", False), ("UTOM", False)]
)
def test_leads_and_auditors_raise_one(programme: UnitOfWork, by: str, may: bool) -> None:
    if may:
        assert raised(programme, by).raised_by == by
        return
    with pytest.raises(NotAllowed):
        raised(programme, by)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"against": ""}, "against"),
        ({"against": "gossip"}, "against"),
        ({"requirement": ""}, "requirement"),
        ({"requirement": "iso9001-2015:99"}, "requirement"),
        ({"against": "law"}, "criterion"),
        ({"evidence": ""}, "evidence"),
        ({"new_place": ""}, "new_place"),
        ({"sample": ""}, "sample"),
        ({"owner_id": ""}, "owner_id"),
        ({"owner_id": "ULIAM"}, "owner_id"),
        ({"source": "gossip"}, "source"),
    ],
)
def test_what_is_missing_is_asked_for(programme: UnitOfWork, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        raised(programme, **said)
    assert refused.value.field == field


@pytest.mark.parametrize("against", [Against.OWN_DOCUMENT, Against.LAW, Against.CONTRACT])
def test_one_may_be_against_what_is_no_standard(programme: UnitOfWork, against: Against) -> None:
    found = raised(programme, against=against, criterion="Leaver procedure, version 3, section 4")
    assert (found.against, found.requirement, found.criterion) == (
        against,
        "",
        "Leaver procedure, version 3, section 4",
    )


def test_places_and_processes_named_before_can_be_chosen(programme: UnitOfWork) -> None:
    raised(programme)
    raised(programme, new_place="north stairwell", new_process="Buying")
    used = origins.used_before(programme)
    assert ([each for _, each in used.places], [each for _, each in used.processes]) == (
        ["North stairwell"],
        ["Buying", "Storage"],
    )
    chosen = {"place": str(used.places[0][0]), "process": str(used.processes[1][0])}
    again = raised(programme, new_place="", new_process="", **chosen)
    assert (again.place, again.process) == ("North stairwell", "Storage")


# --- from what went wrong with a task ---


def a_task(uow: UnitOfWork, **values: Any) -> Task:
    return uow.change(uow.all(Task, limit=1)[0], **values)


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"state": TaskState.MISSED}, Source.MISSED_OBLIGATION),
        ({"state": TaskState.OPEN, "due_on": MONDAY.date() - timedelta(days=1)}, Source.MISSED_OBLIGATION),
        ({"state": TaskState.OPEN, "due_on": MONDAY.date()}, None),
        ({"state": TaskState.SUBMITTED, "due_on": MONDAY.date() - timedelta(days=1)}, None),
    ],
)
def test_a_missed_task_is_a_source(programme: UnitOfWork, values: dict[str, Any], source: Source | None) -> None:
    task, mira = a_task(programme, **values), deed(programme, "UMIRA")
    if source is None:
        with pytest.raises(Stale):
            sources.what_went_wrong(mira, task_id=task.id)
        return
    assert sources.what_went_wrong(mira, task_id=task.id) == (source, task.id)
    assert sources.raise_from(mira, said=SAID, source=source, row_id=task.id).task_id == task.id


def test_so_is_evidence_that_was_returned(programme: UnitOfWork) -> None:
    task, mira = a_task(programme, state=TaskState.RETURNED), deed(programme, "UMIRA")
    given = programme.add(
        Evidence(name="list.pdf", provided_by="UJONAS", received_at=MONDAY, collected_on=MONDAY.date())
    )
    use = programme.add(
        EvidenceUse(
            evidence_id=given.id,
            task_id=task.id,
            added_by="UJONAS",
            added_at=MONDAY,
            verdict=Verdict.RETURNED,
            judged_by="UMIRA",
            judged_at=MONDAY,
            reason="It is of last year",
        )
    )
    assert sources.what_went_wrong(mira, task_id=task.id) == (Source.REJECTED_EVIDENCE, use.id)
    known = sources.known_of(programme, Source.REJECTED_EVIDENCE, use.id)
    assert (known.seen, known.owner_id, known.files) == ("It is of last year", task.owner_id, (given,))
    found = sources.raise_from(mira, said=SAID, source=Source.REJECTED_EVIDENCE, row_id=use.id)
    assert (found.evidence_id, found.task_id) == (given.id, task.id)


def test_only_those_who_may_raise_one_are_asked(programme: UnitOfWork) -> None:
    task = a_task(programme, state=TaskState.MISSED)
    with pytest.raises(NotAllowed):
        sources.what_went_wrong(deed(programme, "UTOM"), task_id=task.id)
