"""Own questions beside those that ship: who may, which version counts, and what is kept already."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Classification, Evidence, EvidenceUse, Verdict
from storage.question_bank.tables import OwnQuestion
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed
from workflows.deed import Deed
from workflows.question_bank import commands, questions
from workflows.question_bank.bank import shipped_questions
from workflows.question_bank.freezing import frozen, thawed
from workflows.question_bank.kept_evidence import kept_evidence_for
from workflows.question_bank.marked import Marked
from workflows.question_bank.own_files import as_cells
from workflows.question_bank.refusals import NoSuchQuestion, QuestionAtFault, QuestionsAtFault
from workflows.question_bank.shapes import BankQuestion, Texts, WantedEvidence, Written
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal, Stale

KEYS: dict[str, Any] = {
    "id": "keys",
    "text": {"en": "Who counts the keys?", "de": "Wer zählt die Schlüssel?"},
    "mode": "interview",
    "kind": "open",
    "audience": ["facilities"],
    "requirements": {"iso27001-2022": ["A.7.2"]},
    "minutes": "2",
    "intent": "Keys are counted.",
}
WRITTEN = Written("Where are spare keys?", "facilities", "iso27001-2022: A.7.2", "1", "They are counted.", kind="open")


def take(uow: UnitOfWork, *rows: dict[str, Any], by: str = "ULIAM") -> commands.Taken:
    """A file of questions."""
    found = Marked(list(rows), {(): 1})
    return commands.take_file(deed(uow, by), file="own.yaml", found=found, sha256="0" * 64)


def test_a_file_is_taken_once_and_a_change_is_a_further_version(programme: UnitOfWork) -> None:
    assert take(programme, KEYS) == commands.Taken(1, 0, 0)
    assert take(programme, KEYS) == commands.Taken(0, 0, 1)
    assert take(programme, {**KEYS, "minutes": "3"}) == commands.Taken(0, 1, 0)
    kept = programme.all(OwnQuestion, order_by=col(OwnQuestion.id))
    assert [(each.revision, each.definition["minutes"]) for each in kept] == [(1, "2"), (2, "3")]
    assert questions.in_use(programme)["keys"].minutes == 3


def test_a_file_with_one_fault_brings_nothing(programme: UnitOfWork) -> None:
    with pytest.raises(QuestionsAtFault):
        take(programme, KEYS, {**KEYS, "id": "locks", "minutes": "99"})
    assert "keys" not in questions.in_use(programme)


def test_an_own_version_of_a_shipped_question_takes_its_place_and_interviews_keep_theirs(programme: UnitOfWork) -> None:
    before = frozen(questions.in_use(programme)["odd-screen"], "en", ["iso27001-2022"])
    said = replace(as_cells(shipped_questions()["odd-screen"]), text="Your screen behaves oddly. What do you do?")
    changed = commands.change(deed(programme, "ULIAM"), key="odd-screen", revision=0, said=said)
    now = questions.in_use(programme)["odd-screen"]
    assert (changed.revision, now.version, dict(now.text)) == (2, 2, {"en": said.text})
    assert [each.text for each in now.follow_ups] == [
        each.text for each in shipped_questions()["odd-screen"].follow_ups
    ]
    assert thawed(before).text == shipped_questions()["odd-screen"].text["en"]


def test_translations_stay_while_the_english_does(programme: UnitOfWork) -> None:
    said = replace(as_cells(shipped_questions()["odd-screen"]), minutes="2")
    commands.change(deed(programme, "ULIAM"), key="odd-screen", revision=0, said=said)
    assert questions.in_use(programme)["odd-screen"].text == shipped_questions()["odd-screen"].text


def test_a_retired_question_is_asked_no_more_and_stays_readable(programme: UnitOfWork) -> None:
    commands.retire(deed(programme, "ULIAM"), key="odd-screen", revision=0)
    assert "odd-screen" not in questions.in_use(programme)
    assert questions.one(deed(programme, "UMIRA"), key="odd-screen").retired_by == "ULIAM"
    with pytest.raises(AlreadyDecided):
        commands.retire(deed(programme, "ULIAM"), key="odd-screen", revision=2)
    assert take(programme, {**KEYS, "id": "odd-screen"}) == commands.Taken(0, 1, 0)
    assert "odd-screen" in questions.in_use(programme)


DEEDS: list[Callable[[Deed], object]] = [
    lambda deed: commands.add(deed, said=WRITTEN),
    lambda deed: commands.change(deed, key="odd-screen", revision=0, said=WRITTEN),
    lambda deed: commands.retire(deed, key="odd-screen", revision=0),
    lambda deed: questions.one(deed, key="odd-screen"),
    lambda deed: questions.search(deed, words=""),
]


@pytest.mark.parametrize("do", DEEDS)
@pytest.mark.parametrize(("person", "may"), [("UMIRA", True), ("ULIAM", True), ("UJONAS", False), ("UDAVID", False)])
def test_only_who_plans_audits_sees_and_changes_questions(
    programme: UnitOfWork, do: Callable[[Deed], object], person: str, may: bool
) -> None:
    if may:
        assert do(deed(programme, person)) is not None
        return
    with pytest.raises(NotAllowed):
        do(deed(programme, person))


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"text": " "}, InputWanted, "text"),
        ({"kind": ""}, QuestionAtFault, "kind"),
        ({"kind": "choice"}, QuestionAtFault, "options"),
        ({"requirements": "iso27001-2022: A.7.99"}, QuestionAtFault, "requirements"),
        ({"audience": "martians"}, QuestionAtFault, "audience"),
        ({"minutes": "soon"}, QuestionAtFault, "minutes"),
        ({"id": "odd-screen"}, QuestionAtFault, "id"),
        ({"follow_up_1": "And?"}, QuestionAtFault, "follow_up_1"),
        ({"follow_up_1": "And?", "follow_up_1_when": "no_file: evidence"}, QuestionAtFault, "follow_up_1"),
    ],
)
def test_a_form_points_at_the_field_that_can_not_be_asked(
    programme: UnitOfWork, said: dict[str, str], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as no:
        commands.add(deed(programme, "ULIAM"), said=replace(WRITTEN, **said))
    assert no.value.field == field


def test_a_form_of_an_older_version_changes_nothing(programme: UnitOfWork) -> None:
    take(programme, KEYS)
    take(programme, {**KEYS, "minutes": "3"})
    with pytest.raises(Stale):
        commands.change(deed(programme, "ULIAM"), key="keys", revision=1, said=WRITTEN)
    with pytest.raises(NoSuchQuestion):
        commands.retire(deed(programme, "ULIAM"), key="nothing", revision=0)


def kept(uow: UnitOfWork, **evidence: Any) -> Evidence:
    """A record that was accepted for the first task of the programme, collected a month ago."""
    task = uow.all(Task, order_by=col(Task.id))[0]
    collected_on = MONDAY.date() - timedelta(days=30)
    values: dict[str, Any] = {"collected_on": collected_on, "provided_by": "UJONAS", "state": "kept", **evidence}
    row = uow.add(Evidence(name="record.pdf", size=1, sha256="0" * 64, received_at=MONDAY, **values))
    use = EvidenceUse(evidence_id=row.id, task_id=task.id, added_by="UJONAS", added_at=MONDAY)
    use.verdict, use.judged_by, use.judged_at = Verdict.ACCEPTED, "UMIRA", MONDAY
    uow.add(use)
    return row


def wanting(uow: UnitOfWork, max_age_days: int | None) -> BankQuestion:
    """A question about what the first task shows."""
    edition, _, number = uow.all(Task, order_by=col(Task.id))[0].requirements[0].partition(":")
    what: Texts = {"en": "The record"}
    wanted = (WantedEvidence("record", what, ask=True, max_age_days=max_age_days),)
    return replace(shipped_questions()["odd-screen"], requirements={edition: (number,)}, wanted_evidence=wanted)


@pytest.mark.parametrize(
    ("max_age_days", "evidence", "offered"),
    [
        (30, {}, True),
        (29, {}, False),
        (None, {}, True),
        (None, {"collected_on": MONDAY.date() - timedelta(days=400)}, False),
        (365, {"classification": Classification.CONFIDENTIAL}, False),
        (365, {"classification": Classification.CONFIDENTIAL, "provided_by": "UTOM"}, True),
    ],
)
def test_what_is_kept_and_fresh_enough_is_offered(
    programme: UnitOfWork, max_age_days: int | None, evidence: dict[str, Any], offered: bool
) -> None:
    row = kept(programme, **evidence)
    found = kept_evidence_for(programme, wanting(programme, max_age_days), "UTOM", MONDAY)
    assert {name: [each.id for each in rows] for name, rows in found.items()} == (
        {"record": [row.id]} if offered else {}
    )


def test_what_shows_other_requirements_is_not_offered(programme: UnitOfWork) -> None:
    kept(programme)
    question = replace(wanting(programme, 365), requirements={"iso27001-2022": ("A.8.34",)})
    assert kept_evidence_for(programme, question, "UTOM", MONDAY) == {}
