"""The auditor's desk: who sees and does what there, how answers are rated, and what becomes of what is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlmodel import col

from bot.desk_audits import cards
from messages.desk_audits.desk import QUESTION, Sheet
from messages.desk_audits.payloads import SheetRef
from storage.desk_audits.tables import AuditFinding, AuditMember, AuditPlan, AuditState, DeskAudit, FindingKind, Part
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, AnswerRating, Interview, InterviewState, WayGiven
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.people.tables import Person
from storage.record.outbox import OutboxRow
from tests.workflows import interviewing
from tests.workflows.conftest import MONDAY, deed, owed
from tests.workflows.test_desk_audits import answered, confirmed, first_answer, told
from workflows.audit_reports.facts import facts_of
from workflows.audit_reports.gathering import gather
from workflows.desk_audits import access, comparison, desk, findings, further, living, notes, rating
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits.access import Sight
from workflows.desk_audits.material import as_asked
from workflows.desk_audits.refusals import OwnArea
from workflows.desk_audits.scales import Suggestion, suggestion
from workflows.desk_audits.shapes import Assessed, Found, Further, Note
from workflows.evidence import commands as evidence_commands
from workflows.evidence import details
from workflows.evidence import questions as evidence_questions
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, handing_on
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import Reply
from workflows.nonconformities import commands as nonconformity_commands
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal, Stale

DAY = MONDAY.date()
REQUIREMENT = "iso27001-2022:A.5.18"
FOUND = Found(
    kind="observation",
    requirement=REQUIREMENT,
    evidence="One account of three was open for eleven days",
    statement="Nothing compares leavers with accounts",
    place="Leaver process",
    sample="3 of 14 leavers, drawn by chance, seed 20261130",
    owner_id="UJONAS",
)
ASSESSED = Assessed(rating="1", corroboration="2", record="Ticket 12", rating_note="Seen in the log")
NOTE = Note(mode="document_review", prompt="Checklist for leavers", requirements=(REQUIREMENT,), text="No deadline")


def audited(uow: UnitOfWork) -> DeskAudit:
    """Liam audits what Jonas answers for, with Priya; Tom was asked and has confirmed. Ines looks on."""
    audit = uow.get(DeskAudit, confirmed(uow).desk_audit_id)
    planned(uow, audit)
    for person, part in (("UPRIYA", Part.AUDITOR), ("UINES", Part.OBSERVER)):
        uow.add(AuditMember(desk_audit_id=audit.id, person_id=person, part=part, named_by="ULIAM", named_at=MONDAY))
    return audit


def planned(uow: UnitOfWork, audit: DeskAudit, **values: Any) -> AuditPlan:
    """What was agreed about it."""
    agreed: dict[str, Any] = {
        "state": AuditState.RUNNING,
        "auditee_id": "UJONAS",
        "processes": ["Leavers"],
        "places": ["Berlin"],
        "begins_on": DAY,
        "ends_on": DAY,
    }
    return uow.add(AuditPlan(desk_audit_id=audit.id, **{**agreed, **values}))


def manages(uow: UnitOfWork, person: str, manager: str) -> None:
    """Somebody gets a manager, half-way."""
    found = uow.first(Person, col(Person.slack_id) == person)
    assert found is not None
    uow.change(found, manager_id=manager)


def answer_of(uow: UnitOfWork, audit: DeskAudit) -> Answer:
    """The first thing Tom said."""
    interview = uow.first(Interview, col(Interview.desk_audit_id) == audit.id)
    assert interview is not None
    return first_answer(uow, interview)


def rate(uow: UnitOfWork, answer: Answer, by: str = "ULIAM", **said: Any) -> Suggestion | None:
    """An answer is rated as it stands."""
    now = uow.get(Answer, answer.id)
    return rating.rate(deed(uow, by), answer_id=now.id, version=now.version, said=replace(ASSESSED, **said))


def raised(uow: UnitOfWork, audit: DeskAudit, **said: Any) -> AuditFinding:
    """What Liam found."""
    return findings.raise_finding(deed(uow, "ULIAM"), audit_id=audit.id, said=replace(FOUND, **said))


def shown(uow: UnitOfWork, audit: DeskAudit, **said: Any) -> AuditFinding:
    """What Liam found and has shown to Jonas."""
    found = raised(uow, audit, **said)
    findings.show(deed(uow, "ULIAM"), audit_id=audit.id)
    return uow.get(AuditFinding, found.id)


# --- who sees and does what ---

SEES: dict[str, Sight | type[Refusal]] = {
    "ULIAM": Sight.DESK,
    "UPRIYA": Sight.DESK,
    "UMIRA": Sight.OVERVIEW,
    "UINES": Sight.OVERVIEW,
    "UJONAS": Sight.OWN,
    "UTOM": NotAllowed,
    "UDAVID": NotAllowed,
}
"""The lead auditor, one who audits with them, a lead, a lead who looks on, the owner, somebody asked, a stranger."""

DOES: dict[str, Callable[[UnitOfWork, DeskAudit, str], object]] = {
    "reads by question": lambda uow, audit, by: desk.by_question(deed(uow, by), audit_id=audit.id),
    "reads by person": lambda uow, audit, by: desk.by_person(deed(uow, by), audit_id=audit.id),
    "reads one answer": lambda uow, audit, by: desk.to_read(deed(uow, by), answer_id=answer_of(uow, audit).id),
    "gets the card of a person": lambda uow, audit, by: living.read(
        deed(uow, by), interview_id=answer_of(uow, audit).interview_id or 0
    ),
    "rates": lambda uow, audit, by: rate(uow, answer_of(uow, audit), by),
    "begins to ask further": lambda uow, audit, by: further.to_ask(deed(uow, by), answer_id=answer_of(uow, audit).id),
    "writes a note": lambda uow, audit, by: notes.note(deed(uow, by), audit_id=audit.id, said=NOTE),
    "chooses evidence": lambda uow, audit, by: notes.at_hand(deed(uow, by), audit_id=audit.id),
    "reads all findings": lambda uow, audit, by: findings.all_of(deed(uow, by), audit_id=audit.id),
    "begins a finding": lambda uow, audit, by: findings.draft(deed(uow, by), audit_id=audit.id),
    "raises": lambda uow, audit, by: findings.raise_finding(deed(uow, by), audit_id=audit.id, said=FOUND),
    "shows findings": lambda uow, audit, by: findings.show(deed(uow, by), audit_id=audit.id),
    "withdraws": lambda uow, audit, by: _withdraw(uow, uow.all(AuditFinding)[0], by),
    "compares": lambda uow, audit, by: comparison.comparison(deed(uow, by), audit_id=audit.id),
}


def _withdraw(uow: UnitOfWork, found: AuditFinding, by: str = "ULIAM", reason: str = "Seen twice") -> AuditFinding:
    return findings.withdraw(deed(uow, by), finding_id=found.id, version=found.version, reason=reason)


@pytest.mark.parametrize("person", SEES)
def test_what_everybody_sees_of_an_audit(programme: UnitOfWork, person: str) -> None:
    audit = audited(programme)
    shown(programme, audit)
    raised(programme, audit)
    sees = SEES[person]
    if not isinstance(sees, Sight):
        with pytest.raises(sees):
            desk.opened(deed(programme, person), audit_id=audit.id)
        return
    found = desk.opened(deed(programme, person), audit_id=audit.id)
    assert found.sight is sees
    assert [each.number for each in found.findings] == ([1] if sees is Sight.OWN else [1, 2])
    assert len(found.people) == (0 if sees is Sight.OWN else 1)


@pytest.mark.parametrize("person", SEES)
def test_who_does_what_at_the_desk(programme: UnitOfWork, person: str) -> None:
    audit = audited(programme)
    raised(programme, audit)
    if SEES[person] is Sight.DESK:
        assert does(programme, audit, person) == {}
    else:
        assert does(programme, audit, person) == dict.fromkeys(DOES, NotAllowed)


def does(uow: UnitOfWork, audit: DeskAudit, person: str) -> dict[str, type[Refusal]]:
    """What somebody tried at the desk and was refused."""
    refused: dict[str, type[Refusal]] = {}
    for what, attempt in DOES.items():
        try:
            attempt(uow, audit, person)
        except Refusal as error:
            refused[what] = type(error)
    return refused


@pytest.mark.parametrize("managed", ["UJONAS", "UTOM"], ids=["the owner's", "somebody's who was asked"])
def test_the_desk_closes_for_whoever_becomes_the_manager(programme: UnitOfWork, managed: str) -> None:
    audit = audited(programme)
    raised(programme, audit)
    manages(programme, managed, "ULIAM")
    assert does(programme, audit, "ULIAM") == dict.fromkeys(DOES, OwnArea)
    with pytest.raises(OwnArea) as refused:
        desk.opened(deed(programme, "ULIAM"), audit_id=audit.id)
    assert refused.value.can_go_on == ("UPRIYA",)
    assert desk.own(deed(programme, "ULIAM")) == []
    assert does(programme, audit, "UPRIYA") == {}


def test_where_nobody_of_the_team_can_go_on_the_leads_can_name_somebody(programme: UnitOfWork) -> None:
    audit = programme.get(DeskAudit, confirmed(programme).desk_audit_id)
    planned(programme, audit, auditee_id="ULIAM")
    assert access.can_go_on(programme, audit) == ("UMIRA", "UINES")


def test_nothing_is_read_before_it_is_confirmed(programme: UnitOfWork) -> None:
    interview = answered(programme)
    assert desk.by_question(deed(programme, "ULIAM"), audit_id=interview.desk_audit_id) == []
    with pytest.raises(AlreadyDecided):
        rate(programme, first_answer(programme, interview))


# --- what lies there ---


def test_answers_lie_there_by_question_and_by_person_with_the_notes_last(programme: UnitOfWork) -> None:
    audit = audited(programme)
    notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=NOTE)
    by_question = desk.by_question(deed(programme, "ULIAM"), audit_id=audit.id)
    by_person = desk.by_person(deed(programme, "ULIAM"), audit_id=audit.id)
    assert [len(page.said) for page in by_question] == [1, 1, 1, 1]
    assert [(page.by, len(page.said), page.number, page.total) for page in by_person] == [
        ("UTOM", 3, 1, 2),
        ("", 1, 2, 2),
    ]
    assert by_question[-1].said[0].answer.text == "No deadline"


def test_a_follow_up_lies_under_its_own_words_behind_what_it_follows(programme: UnitOfWork) -> None:
    audit = audited(programme)
    first = answer_of(programme, audit)
    noticed = "How do you notice?"
    follows(programme, first, f"follow-up:{first.id}:1", noticed)
    for number in (2, 3):
        follows(programme, first, f"sample:{first.id}:1:{number}", f"Row {number}?")
    pages = cards_of(programme, audit)
    assert [first.prompt, noticed, "Row 2?"] == [page.said[0].prompt for page in pages[:3]]
    assert [len(page.said) for page in pages[:3]] == [1, 1, 2]
    assert [page.after for page in pages[:3]] == ["", first.prompt, first.prompt]


def follows(uow: UnitOfWork, first: Answer, question_id: str, prompt: str) -> None:
    """What was asked because of an answer, and answered."""
    uow.add(
        Answer(
            interview_id=first.interview_id,
            follows_id=first.id,
            question_id=question_id,
            prompt=prompt,
            text="We don't",
            answered_at=MONDAY,
        )
    )


def cards_of(uow: UnitOfWork, audit: DeskAudit) -> list[Sheet]:
    """Each page of the answers by question, as its words get it."""
    liam = deed(uow, "ULIAM")
    total = len(desk.by_question(liam, audit_id=audit.id))
    return [cards.page(liam, ref=SheetRef(audit.id, QUESTION, number)) for number in range(1, total + 1)]


def test_what_says_nothing_of_what_was_asked_waits_for_no_rating(programme: UnitOfWork) -> None:
    audit = audited(programme)
    said = [each.answer for page in desk.by_question(deed(programme, "ULIAM"), audit_id=audit.id) for each in page.said]
    for answer, kind in zip(said, (AnswerKind.UNKNOWN, AnswerKind.SKIPPED, AnswerKind.HANDED_ON), strict=True):
        programme.change(answer, kind=kind)
    note = notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=NOTE)
    assert unrated_everywhere(programme, audit) == [1, 1, 1]
    there_is_none = programme.change(programme.get(Answer, said[0].id), kind=AnswerKind.NONE)
    assert unrated_everywhere(programme, audit) == [2, 2, 2]
    rate(programme, note, rating="not_applicable", corroboration="0", record="")
    rate(programme, there_is_none, rating="not_applicable", corroboration="0", record="")
    assert unrated_everywhere(programme, audit) == [0, 0, 0]


def unrated_everywhere(uow: UnitOfWork, audit: DeskAudit) -> list[int]:
    """What the desk, the list of audits and the report count."""
    (listed,) = desk_audit_questions.latest(deed(uow, "ULIAM"), limit=5)
    opened = desk.opened(deed(uow, "ULIAM"), audit_id=audit.id)
    return [opened.unrated, listed.unrated, cast("int", facts_of(gather(uow, audit))["unrated"])]


def test_whoever_is_asked_further_stays_confirmed(programme: UnitOfWork) -> None:
    audit = audited(programme)
    answer = answer_of(programme, audit)
    further.ask(deed(programme, "ULIAM"), answer_id=answer.id, said=Further("Since when?"))
    (tom,) = desk.opened(deed(programme, "ULIAM"), audit_id=audit.id).people
    assert (tom.interview.state, tom.further) == (InterviewState.ANSWERING, 1)
    card = cards.desk_message(deed(programme, "ULIAM"), audit.id)
    assert "1 of 1 interview confirmed" in str(card.blocks)
    assert "<@UTOM> (1 further question open)" in str(card.blocks)
    assert unrated_everywhere(programme, audit) == [3, 3, 3]


def test_a_further_question_begins_a_round_and_what_was_sealed_stays_readable(programme: UnitOfWork) -> None:
    audit = audited(programme)
    answer = answer_of(programme, audit)
    asked = further.ask(deed(programme, "ULIAM"), answer_id=answer.id, said=Further("Since when?"))
    assert (asked.round, asked.question_ids[-1]) == (2, f"further-{answer.id}")
    assert len(desk.by_question(deed(programme, "ULIAM"), audit_id=audit.id)) == 3
    note = notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=NOTE)
    with pytest.raises(Stale):
        further.to_ask(deed(programme, "ULIAM"), answer_id=note.id)


def test_what_stands_beside_an_answer_is_as_it_was_when_it_was_asked(programme: UnitOfWork) -> None:
    liam = deed(programme, "ULIAM")
    interview = interviewing.invited(liam, "UTOM")
    asked = as_asked(programme, interview, interview.question_ids[0])
    assert asked is not None
    assert asked.for_auditor.intent
    assert as_asked(programme, interview, "further-1") is None


def test_many_answers_lie_on_several_pages(programme: UnitOfWork) -> None:
    audit = audited(programme)
    for number in range(desk.ANSWERS_ON_A_PAGE + 1):
        notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=replace(NOTE, text=f"{number}"))
    pages = desk.by_person(deed(programme, "ULIAM"), audit_id=audit.id)
    assert [(len(page.said), page.number) for page in pages] == [(3, 1), (desk.ANSWERS_ON_A_PAGE, 2), (1, 3)]


def test_a_note_rests_on_kept_evidence(programme: UnitOfWork) -> None:
    audit = audited(programme)
    kept = evidence(programme, EvidenceState.KEPT)
    refused = evidence(programme, EvidenceState.REFUSED)
    said = replace(NOTE, evidence=(str(kept.id), str(refused.id)))
    written = notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=said)
    assert [each.evidence_id for each in programme.all(EvidenceUse)] == [kept.id]
    assert (written.written_by, written.mode, written.desk_audit_id) == ("ULIAM", "document_review", audit.id)


def test_files_that_come_with_a_note_serve_it(programme: UnitOfWork) -> None:
    files = [OfferedFile("F1", "checklist.pdf", 10, "", "")]
    written = notes.note(deed(programme, "ULIAM"), audit_id=audited(programme).id, said=NOTE, files=files)
    [use] = programme.all(EvidenceUse)
    assert (use.answer_id, programme.get(Evidence, use.evidence_id).name) == (written.id, "checklist.pdf")


def evidence(uow: UnitOfWork, state: EvidenceState) -> Evidence:
    """A file that came in."""
    return uow.add(
        Evidence(
            name="leavers.csv",
            state=state,
            provided_by="UTOM",
            received_at=MONDAY,
            collected_on=DAY,
            sha256="1" * 64,
            size=20,
        )
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"mode": "interview"}, "mode"),
        ({"text": " "}, "text"),
        ({"prompt": ""}, "prompt"),
        ({"requirements": ("iso27001-2022:nothing",)}, "requirements"),
    ],
)
def test_a_note_is_whole(programme: UnitOfWork, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        notes.note(deed(programme, "ULIAM"), audit_id=audited(programme).id, said=replace(NOTE, **said))
    assert refused.value.field == field


# --- ratings ---


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, ["verify_further", "verify_further", "nonconformity", "nonconformity"]),
        (1, ["verify_further", "verify_further", "nonconformity", "nonconformity"]),
        (2, ["observation"] * 4),
        (3, ["unverified", "unverified", "conformity", "conformity"]),
    ],
)
def test_the_two_scales_suggest_and_a_statement_alone_never_concludes(step: int, expected: list[str]) -> None:
    assert [suggestion(step, corroboration) for corroboration in range(4)] == [Suggestion(word) for word in expected]


@pytest.mark.parametrize(
    ("corroboration", "said", "expected"),
    [
        (0, {"document_missing": True}, Suggestion.VERIFY_FURTHER),
        (1, {"document_missing": True}, Suggestion.NONCONFORMITY),
        (1, {}, Suggestion.VERIFY_FURTHER),
        (0, {"admitted": True}, Suggestion.NONCONFORMITY),
    ],
)
def test_a_missing_document_proves_itself_and_an_admission_counts(
    corroboration: int, said: dict[str, bool], expected: Suggestion
) -> None:
    assert suggestion(1, corroboration, **said) is expected


@pytest.mark.parametrize(("owner", "expected"), [("UTOM", "nonconformity"), ("UJONAS", "verify_further")])
def test_what_the_owner_admits_counts_against_the_process(programme: UnitOfWork, owner: str, expected: str) -> None:
    audit = programme.get(DeskAudit, confirmed(programme).desk_audit_id)
    planned(programme, audit, auditee_id=owner)
    assert rate(programme, answer_of(programme, audit), corroboration="0", record="") == expected


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"rating": "4"}, "rating"),
        ({"rating": ""}, "rating"),
        ({"corroboration": "4"}, "corroboration"),
        ({"rating_note": " "}, "rating_note"),
        ({"record": ""}, "record"),
        ({"record": "", "backed_by": ("evidence:99",)}, "record"),
    ],
    ids=["off the scale", "no rating", "off the other scale", "no note", "pointing at nothing", "at what isn't there"],
)
def test_a_rating_is_on_the_scales_has_a_note_and_points_at_what_backs_it(
    programme: UnitOfWork, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputWanted) as refused:
        rate(programme, answer_of(programme, audited(programme)), **said)
    assert refused.value.field == field


def test_a_rating_points_at_files_notes_and_records(programme: UnitOfWork) -> None:
    audit = audited(programme)
    kept = evidence(programme, EvidenceState.KEPT)
    written = notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=replace(NOTE, evidence=(str(kept.id),)))
    chosen = (f"evidence:{kept.id}", f"answer:{written.id}")
    rate(programme, answer_of(programme, audit), backed_by=chosen, document_missing=True)
    assert answer_of(programme, audit).backed_by == [
        {"evidence": kept.id},
        {"answer": written.id},
        {"record": "Ticket 12"},
        {"document_missing": True},
    ]


def test_rating_again_keeps_what_was_there(programme: UnitOfWork) -> None:
    answer = answer_of(programme, audited(programme))
    rate(programme, answer)
    with pytest.raises(Stale):
        rating.rate(deed(programme, "ULIAM"), answer_id=answer.id, version=answer.version, said=ASSESSED)
    rate(programme, answer, by="UPRIYA", rating="not_applicable", rating_note="Not theirs")
    now = programme.get(Answer, answer.id)
    assert (now.rating, now.not_applicable, now.rated_by, now.rating_note) == (None, True, "UPRIYA", "Not theirs")
    (before,) = programme.all(AnswerRating)
    assert (before.rating, before.rated_by, before.note, before.backed_by) == (
        1,
        "ULIAM",
        "Seen in the log",
        [{"record": "Ticket 12"}],
    )
    assert rating.suggested(programme, now) is None


# --- findings ---


@pytest.mark.parametrize("rests_on", ["an answer", "a note", "nothing"])
def test_every_kind_is_raised_from_anything_and_no_rating_stands_in_the_way(
    programme: UnitOfWork, rests_on: str
) -> None:
    audit = audited(programme)
    made: dict[str, Callable[[], list[int]]] = {
        "an answer": lambda: [answer_of(programme, audit).id],
        "a note": lambda: [notes.note(deed(programme, "ULIAM"), audit_id=audit.id, said=NOTE).id],
        "nothing": list,
    }
    liam, rests = deed(programme, "ULIAM"), made[rests_on]()
    found = [
        findings.raise_finding(liam, audit_id=audit.id, said=replace(FOUND, kind=kind), answer_ids=rests)
        for kind in FindingKind
    ]
    assert [(each.number, each.kind) for each in found] == list(enumerate(FindingKind, 1))
    (case,) = programme.all(Nonconformity)
    assert [each.nonconformity_id for each in found] == [None, None, None, None, case.id]
    assert (case.state, case.answer_id) == (NonconformityState.DRAFT, next(iter(rests), None))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "fault"}, "kind"),
        ({"evidence": ""}, "evidence"),
        ({"statement": " "}, "statement"),
        ({"owner_id": ""}, "owner_id"),
        ({"owner_id": "ULIAM"}, "owner_id"),
        ({"owner_id": "UPRIYA"}, "owner_id"),
        ({"kind": "conformity", "requirement": ""}, "requirement"),
        ({"requirement": "iso27001-2022:nothing"}, "requirement"),
        ({"kind": "nonconformity", "place": ""}, "place"),
        ({"kind": "nonconformity", "sample": ""}, "sample"),
    ],
)
def test_what_a_finding_lacks(programme: UnitOfWork, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        raised(programme, audited(programme), **said)
    assert refused.value.field == field
    assert programme.count(AuditFinding) == 0


def test_an_opportunity_needs_no_requirement_place_or_sample(programme: UnitOfWork) -> None:
    assert raised(programme, audited(programme), kind="opportunity", requirement="", place="", sample="").number == 1


def test_findings_are_shown_once_to_each_of_their_owners(programme: UnitOfWork) -> None:
    audit = audited(programme)
    for owner in ("UJONAS", "UJONAS", "UDAVID"):
        raised(programme, audit, owner_id=owner)
    assert len(findings.show(deed(programme, "ULIAM"), audit_id=audit.id)) == 3
    assert findings.show(deed(programme, "ULIAM"), audit_id=audit.id) == []
    assert told(programme, "desk_audit.found") == ["UJONAS", "UDAVID"]
    assert [each.number for each in findings.shown_to(programme, audit.id, "UJONAS")] == [1, 2]


@pytest.mark.parametrize("person", [person for person in SEES if person != "UJONAS"])
def test_only_its_owner_says_how_they_see_a_finding(programme: UnitOfWork, person: str) -> None:
    found = shown(programme, audited(programme))
    with pytest.raises(NotAllowed):
        findings.agree(deed(programme, person), finding_id=found.id)
    with pytest.raises(NotAllowed):
        findings.differ(deed(programme, person), finding_id=found.id, view="No")


@pytest.mark.parametrize(("agrees", "view", "heard"), [(True, "", set()), (False, "It was the old form", {"ULIAM"})])
def test_the_owners_view_stands_beside_a_finding(
    programme: UnitOfWork, agrees: bool, view: str, heard: set[str]
) -> None:
    found, jonas = shown(programme, audited(programme)), deed(programme, "UJONAS")
    if agrees:
        seen = findings.agree(jonas, finding_id=found.id)
    else:
        seen = findings.differ(jonas, finding_id=found.id, view=f" {view} ")
    assert (seen.owner_agrees, seen.owner_view, seen.owner_view_at) == (agrees, view, MONDAY)
    assert owed(programme, "audit_finding", "differs", found.id) == heard
    with pytest.raises(AlreadyDecided):
        findings.agree(jonas, finding_id=found.id)


def test_seeing_it_differently_takes_a_sentence(programme: UnitOfWork) -> None:
    found = shown(programme, audited(programme))
    with pytest.raises(InputWanted):
        findings.differ(deed(programme, "UJONAS"), finding_id=found.id, view=" ")


def test_nobody_judges_a_finding_before_it_is_shown_or_after_it_was_withdrawn(programme: UnitOfWork) -> None:
    audit = audited(programme)
    hidden = raised(programme, audit)
    with pytest.raises(Stale):
        findings.agree(deed(programme, "UJONAS"), finding_id=hidden.id)
    found = shown(programme, audit)
    _withdraw(programme, found)
    with pytest.raises(AlreadyDecided):
        findings.agree(deed(programme, "UJONAS"), finding_id=found.id)


def test_a_withdrawn_finding_stays_with_its_reason_and_takes_its_draft_along(programme: UnitOfWork) -> None:
    found = raised(programme, audited(programme), kind="nonconformity")
    with pytest.raises(InputWanted):
        _withdraw(programme, found, reason=" ")
    gone = _withdraw(programme, found)
    assert (gone.reason, gone.number) == ("Seen twice", 1)
    assert programme.get(Nonconformity, found.nonconformity_id or 0).state is NonconformityState.VOID
    with pytest.raises(AlreadyDecided):
        _withdraw(programme, gone)


def test_a_case_that_was_issued_goes_a_way_of_its_own(programme: UnitOfWork) -> None:
    found = raised(programme, audited(programme), kind="nonconformity")
    case = programme.get(Nonconformity, found.nonconformity_id or 0)
    nonconformity_commands.issue(
        deed(programme, "ULIAM"),
        nonconformity_id=case.id,
        version=case.version,
        tests=[],
        grade="minor",
        rationale="One of three",
    )
    with pytest.raises(AlreadyDecided):
        _withdraw(programme, found)


def test_a_draft_of_a_finding_knows_what_is_known(programme: UnitOfWork) -> None:
    audit = audited(programme)
    answer = answer_of(programme, audit)
    rate(programme, answer)
    draft = findings.draft(deed(programme, "ULIAM"), audit_id=audit.id, answer_id=answer.id)
    assert (draft.kind, draft.place, draft.owner_id, draft.asked) == ("nonconformity", "Leavers, Berlin", "UJONAS", 1)
    assert draft.records == ("Ticket 12",)
    empty = findings.draft(deed(programme, "ULIAM"), audit_id=audit.id)
    assert (empty.kind, empty.answer, empty.asked) == (None, None, 0)


@pytest.mark.parametrize(
    ("criteria", "suggested"),
    [
        ([], None),
        (["iso9001-2015:9.2"], None),
        (["iso27001-2022:A.6"], "iso27001-2022:A.6.5"),
        (["iso27001-2022:A.5.18"], "iso27001-2022:A.5.18"),
    ],
)
def test_a_draft_of_a_finding_stays_within_the_criteria(
    programme: UnitOfWork, criteria: list[str], suggested: str | None
) -> None:
    audit = programme.get(DeskAudit, confirmed(programme).desk_audit_id)
    planned(programme, audit, requirements=criteria)
    answer = programme.change(answer_of(programme, audit), requirements=["iso27001-2022:A.6.5", "iso27001-2022:A.5.18"])
    draft = findings.draft(deed(programme, "ULIAM"), audit_id=audit.id, answer_id=answer.id)
    assert draft.requirement == suggested


# --- beside the last audit ---


@pytest.mark.parametrize(
    ("then", "is_compared"),
    [
        ({}, True),
        ({"processes": ["LEAVERS", "Joiners"]}, True),
        ({"processes": ["Backups"]}, False),
        ({"state": AuditState.WITHDRAWN}, False),
    ],
)
def test_an_audit_is_compared_with_the_last_of_its_area(
    programme: UnitOfWork, then: dict[str, Any], *, is_compared: bool
) -> None:
    earlier = programme.get(DeskAudit, confirmed(programme).desk_audit_id)
    rate(programme, answer_of(programme, earlier), rating="0")
    raised(programme, earlier)
    raised(programme, earlier, kind="conformity")
    planned(programme, earlier, **then)
    audit = audited(programme)
    rate(programme, answer_of(programme, audit), rating="3")
    found = comparison.comparison(deed(programme, "ULIAM"), audit_id=audit.id)
    if not is_compared:
        assert found is None
        return
    assert found is not None
    assert {(each.then, each.now) for each in found.ratings} == {(0, 3)}
    assert [each.number for each in found.still_open] == [1]


# --- the card, and Home ---


def test_whoever_asks_gets_the_card_as_often_as_they_ask(programme: UnitOfWork) -> None:
    audit = audited(programme)
    for at in (MONDAY, MONDAY + timedelta(minutes=1)):
        living.bring(deed(programme, "UMIRA", at), audit_id=audit.id)
    assert told(programme, "desk_audit.desk") == ["UMIRA"] * 2
    with pytest.raises(NotAllowed):
        living.bring(deed(programme, "UTOM"), audit_id=audit.id)


def test_desks_are_drawn_anew_once_for_all_that_came_in(programme: UnitOfWork) -> None:
    answered(programme)
    for _ in range(2):
        living.tick(deed(programme, "ULIAM"))
    assert programme.count(OutboxRow, col(OutboxRow.kind) == "desk_audit.redraw") == 1


@pytest.mark.parametrize(
    ("state", "ends_in", "is_due", "is_there"),
    [
        (AuditState.RUNNING, 0, False, True),
        (AuditState.RUNNING, -1, True, True),
        (AuditState.REPORTED, -1, False, False),
        (AuditState.WITHDRAWN, 0, False, False),
    ],
)
def test_the_home_of_an_auditor_shows_what_goes_on(
    programme: UnitOfWork, state: AuditState, ends_in: int, *, is_due: bool, is_there: bool
) -> None:
    audit = programme.get(DeskAudit, confirmed(programme).desk_audit_id)
    ends_on = DAY + timedelta(days=ends_in)
    raised(programme, audit)
    plan = planned(programme, audit, state=state, begins_on=ends_on, ends_on=ends_on)
    found = desk.own(deed(programme, "ULIAM"))
    assert [(each.unrated, len(each.to_show)) for each in found] == ([(3, 1)] if is_there else [])
    assert desk.report_is_due(plan, DAY) is is_due


def test_audits_of_earlier_versions_leave_home_when_nothing_is_left(programme: UnitOfWork) -> None:
    confirmed(programme)
    assert len(desk.own(deed(programme, "ULIAM"))) == 1
    for each in programme.all(Answer):
        rate(programme, each)
    assert desk.own(deed(programme, "ULIAM")) == []


# --- what the desk says of an answer ---


def test_the_desk_says_what_the_persons_own_copy_says(programme: UnitOfWork) -> None:
    asked = [interviewing.ACCOUNTS, interviewing.COUNT, interviewing.WELCOME]
    interview = interviewing.invited(deed(programme, "ULIAM"), "UJONAS", asked)
    jonas = deed(programme, "UJONAS")
    interview_commands.go_on(jonas, interview_id=interview.id)
    file, at = OfferedFile("F1", "leavers.csv", 5, ""), Place("D1", "1.1")
    reply = Reply(WayGiven.FILE, "The log")
    answering.give_files(jonas, interview_id=interview.id, question_id="accounts", files=[file], place=at, reply=reply)
    programme.change(first_answer(programme, interview), text="")  # as a list is, which is a file without words
    handing_on.hand_on(jonas, interview_id=interview.id, question_id="count", person_id="UPRIYA")
    not_known = Reply(WayGiven.TAP, chosen="unknown")
    answering.answer(jonas, interview_id=interview.id, question_id="welcome", reply=not_known)
    interview_commands.confirm(jonas, interview_id=interview.id)
    ref = SheetRef(interview.desk_audit_id, "person", 1)
    page = str(cards.sheet(deed(programme, "ULIAM"), ref=ref).to_dict())
    answers = interview_queries.answers_of(programme, interview.id)
    for said, of in zip(("With leavers.csv", "<@UPRIYA> was asked.", "“I don't know.”"), answers, strict=True):
        assert said in page
        assert said in str(cards.answer(deed(programme, "ULIAM"), answer_id=of.id, by="person").to_dict())


@pytest.mark.parametrize("person", ["UMIRA", "UINES", "UPRIYA"])
def test_a_file_given_in_an_audit_is_its_readers_and_givers_alone(programme: UnitOfWork, person: str) -> None:
    interview = interviewing.invited(deed(programme, "ULIAM"), "UJONAS", [interviewing.ACCOUNTS])
    jonas = deed(programme, "UJONAS")
    interview_commands.go_on(jonas, interview_id=interview.id)
    file, at = OfferedFile("F1", "leavers.csv", 5, ""), Place("D1", "1.1")
    reply = Reply(WayGiven.FILE, "Mira said so")
    [given] = answering.give_files(
        jonas, interview_id=interview.id, question_id="accounts", files=[file], place=at, reply=reply
    )
    programme.change(given, state=EvidenceState.KEPT, sha256="a" * 64, size=5, kept_at=MONDAY)
    for reader in ("ULIAM", "UJONAS"):
        assert evidence_commands.look(deed(programme, reader), evidence_id=given.id).id == given.id
    assert given.id not in [each.id for each in evidence_questions.latest(deed(programme, person), limit=9)]
    for closed in (evidence_commands.look, details.to_describe):
        with pytest.raises(NotAllowed):
            closed(deed(programme, person), evidence_id=given.id)
