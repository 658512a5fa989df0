"""Planning an audit: its three steps, who may take them, and its way from a draft to interviews or its withdrawal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk_audits import plan_facts
from messages.desk_audits import plans as plan_words
from messages.words.kit import Message
from storage.desk_audits.tables import AuditPlan, AuditState, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.queries import interviews_of
from storage.interviews.tables import InterviewState
from storage.people import queries as people_queries
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from workflows.desk_audits import lifecycle, planning, plans, slices
from workflows.desk_audits.plans import Planned
from workflows.desk_audits.refusals import CannotBeAsked, LeadIsAudited, Missing, PlanNotReady
from workflows.desk_audits.shapes import Agreed, Basics, NewLead, OtherDays
from workflows.desk_audits.slices import Chosen
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.refusals import AlreadyDecided, EndBeforeStart, InputWanted, NotAllowed, Refusal, Stale

TODAY = MONDAY.date()
BASICS = Basics(
    template="mistake-to-cure",
    title="Leavers",
    auditee_id="UJONAS",
    lead_id="ULIAM",
    begins_on=TODAY + timedelta(days=7),
    ends_on=TODAY + timedelta(days=14),
)
AGREED = Agreed(
    objective="See whether accounts close in time.",
    scope="Everybody who left this year",
    requirements="ISO/IEC 27001:2022 A.5.18",
    other_criteria="Rule for access, version 3",
    places="Berlin\nremote",
    processes="Leaving",
    modes=("interview",),
    party="first",
    approach="process",
)


def begun(uow: UnitOfWork, by: str = "ULIAM", **said: Any) -> Planned:
    """The first two steps."""
    known = planning.begin(deed(uow, by), basics=replace(BASICS, **said))
    return planning.agree(deed(uow, by), audit_id=known.audit.id, version=known.plan.version, agreed=AGREED)


def chosen(uow: UnitOfWork, known: Planned, *, reason: str = "", **people: tuple[str, ...]) -> Planned:
    """The third: as drawn, or others by the name of the audience."""
    said = {each.id: Chosen(str(each.wanted), people.get(each.audience, tuple(each.people))) for each in known.slices}
    exceptions = {each.person_id: "There is nobody else." for each in known.team}
    return slices.choose(
        deed(uow, known.audit.auditor_id),
        audit_id=known.audit.id,
        version=known.plan.version,
        chosen=said,
        reason=reason,
        exceptions=exceptions,
    )


def ready(uow: UnitOfWork, **said: Any) -> Planned:
    """All three steps."""
    return chosen(uow, begun(uow, **said))


def announced(uow: UnitOfWork, **said: Any) -> AuditPlan:
    """A plan that was sent."""
    known = ready(uow, **said)
    return lifecycle.announce(deed(uow, "ULIAM"), audit_id=known.audit.id, version=known.plan.version)


def confirmed(uow: UnitOfWork, **said: Any) -> AuditPlan:
    """A plan whose opening Jonas has confirmed."""
    plan = announced(uow, **said)
    return lifecycle.confirm_opening(deed(uow, "UJONAS"), audit_id=plan.desk_audit_id, version=plan.version)


def now(uow: UnitOfWork, plan: AuditPlan) -> AuditPlan:
    """The plan as it is by now."""
    return uow.get(AuditPlan, plan.id)


def told(uow: UnitOfWork, kind: str) -> set[str]:
    """Who gets messages of a kind."""
    return {each.recipient for each in uow.all(OutboxRow) if each.kind == kind}


def test_people_read_the_names_of_standards_and_not_their_keys(programme: UnitOfWork) -> None:
    known = begun(programme)
    said = str([plan_facts.people_modal(deed(programme, "ULIAM"), known).blocks, _card(programme, known).blocks])
    assert "ISO/IEC 27001:2022" in said
    assert "iso27001-2022" not in said


def test_a_draft_shows_its_days(programme: UnitOfWork) -> None:
    assert f"*When* {TODAY + timedelta(days=7):%A %-d %B}" in str(_card(programme, begun(programme)).blocks)


def test_where_nobody_matches_nobody_was_drawn(programme: UnitOfWork) -> None:
    known = begun(programme)
    for each in known.slices:
        programme.change(each, population=[], left_out=[], wanted=0, drawn=[], people=[])
    card = str(_card(programme, plans.planned(programme, known.plan)).blocks)
    assert "nobody is asked\\nNobody here matches this." in card
    assert "Drawn by chance" not in card


def _card(uow: UnitOfWork, known: Planned) -> Message:
    """What whoever plans it reads."""
    return plan_words.card(plan_facts.card(uow, known, TODAY), "planner")


# --- the first step ---


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"template": "none-such"}, InputWanted, "template"),
        ({"auditee_id": "UOTTO"}, InputWanted, "auditee_id"),
        ({"auditee_id": "UBOT"}, InputWanted, "auditee_id"),
        ({"auditee_id": "UGRETA"}, InputWanted, "auditee_id"),
        ({"lead_id": "UTOM"}, InputWanted, "lead_id"),
        ({"lead_id": "UOTTO"}, InputWanted, "lead_id"),
        ({"auditee_id": "ULIAM"}, LeadIsAudited, "lead_id"),
        ({"auditors": ("UTOM", "UBOT")}, InputWanted, "auditors"),
        ({"begins_on": TODAY - timedelta(days=1)}, InputWanted, "begins_on"),
        ({"ends_on": TODAY + timedelta(days=6)}, EndBeforeStart, "ends_on"),
        ({"title": "x" * 201}, InputWanted, "title"),
    ],
)
def test_what_a_plan_cannot_begin_with(
    programme: UnitOfWork, said: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    people_commands.sync(the_bot(programme), [DirectoryEntry("UGRETA", "Greta", "", "Europe/Berlin", is_guest=True)])
    with pytest.raises(refusal) as refused:
        planning.begin(deed(programme, "ULIAM"), basics=replace(BASICS, **said))
    assert refused.value.field == field
    assert programme.count(DeskAudit) == 0


@pytest.mark.parametrize("person", ["UJONAS", "UTOM", "UDAVID"])
def test_who_may_not_plan(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(NotAllowed):
        planning.begin(deed(programme, person), basics=BASICS)


def test_a_template_fills_in_what_the_auditor_may_change(programme: UnitOfWork) -> None:
    known = planning.begin(deed(programme, "ULIAM"), basics=replace(BASICS, title=""))
    assert known.audit.title.startswith("ISO 9001: from a mistake")
    assert known.plan.requirements
    assert {each.partition(":")[0] for each in known.plan.requirements} == {"iso9001-2015"}
    assert [each.title for each in planning.to_begin(deed(programme, "ULIAM")).drafts] == [known.audit.title]
    assert planning.to_begin(deed(programme, "UMIRA")).drafts == []


# --- the second ---


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"objective": " "}, "objective"),
        ({"objective": "x" * 3_001}, "objective"),
        ({"other_criteria": "x" * 3_001}, "other_criteria"),
        ({"requirements": "99.99"}, "requirements"),
        ({"requirements": "", "other_criteria": ""}, "requirements"),
        ({"modes": ()}, "modes"),
        ({"party": "fourth"}, "party"),
    ],
)
def test_what_cannot_be_agreed(programme: UnitOfWork, said: dict[str, Any], field: str) -> None:
    known = planning.begin(deed(programme, "ULIAM"), basics=BASICS)
    with pytest.raises(InputWanted) as refused:
        planning.agree(
            deed(programme, "ULIAM"),
            audit_id=known.audit.id,
            version=known.plan.version,
            agreed=replace(AGREED, **said),
        )
    assert refused.value.field == field


def test_criteria_may_be_laws_and_contracts_alone(programme: UnitOfWork) -> None:
    known = planning.begin(deed(programme, "ULIAM"), basics=BASICS)
    kept = planning.agree(
        deed(programme, "ULIAM"),
        audit_id=known.audit.id,
        version=known.plan.version,
        agreed=replace(AGREED, requirements=""),
    )
    assert (kept.plan.requirements, kept.plan.places) == ([], ["Berlin", "remote"])


# --- the third ---


def test_others_than_drawn_take_a_reason_which_is_kept(programme: UnitOfWork) -> None:
    known = begun(programme)
    with pytest.raises(InputWanted) as refused:
        chosen(programme, known, everyone=("UTOM",))
    assert refused.value.field == "reason"
    kept = chosen(programme, known, reason="Tom left last.", everyone=("UTOM",))
    assert [each.reason for each in kept.slices if each.audience == "everyone"] == ["Tom left last."]
    assert all(each.confirmed_by == "ULIAM" for each in kept.slices)


@pytest.mark.parametrize("person", ["ULIAM", "UOTTO", "UBOT"])
def test_no_reason_brings_in_who_can_never_be_asked(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(CannotBeAsked):
        chosen(programme, begun(programme), reason="I like to.", everyone=(person,))


def test_another_number_is_drawn_by_the_same_seed_and_looked_at_first(programme: UnitOfWork) -> None:
    known = begun(programme)
    everyone = next(each for each in known.slices if each.audience == "everyone")
    again = slices.choose(
        deed(programme, "ULIAM"),
        audit_id=known.audit.id,
        version=known.plan.version,
        chosen={everyone.id: Chosen("1", tuple(everyone.people))},
        reason="",
        exceptions={},
    )
    drawn = next(each for each in again.slices if each.id == everyone.id)
    assert (drawn.seed, len(drawn.people), drawn.confirmed_at) == (everyone.seed, 1, None)
    assert drawn.people == everyone.people[:1]
    assert not plans.is_settled(again)


@pytest.mark.parametrize("typed", ["many", "1.5", "½"])
def test_how_many_is_a_number_all_or_about_the_root(programme: UnitOfWork, typed: str) -> None:
    known = begun(programme)
    with pytest.raises(InputWanted):
        slices.choose(
            deed(programme, "ULIAM"),
            audit_id=known.audit.id,
            version=known.plan.version,
            chosen={known.slices[0].id: Chosen(typed, ())},
            reason="",
            exceptions={},
        )


def test_somebody_who_joins_the_team_is_asked_no_longer(programme: UnitOfWork) -> None:
    known = ready(programme)
    joined = known.asked[-1]
    basics = replace(BASICS, auditors=(joined,))
    again = planning.change_basics(
        deed(programme, "ULIAM"), audit_id=known.audit.id, version=known.plan.version, basics=basics
    )
    assert joined not in again.asked
    assert plans.lacks_people(again)


def test_whoever_plans_what_they_answer_for_leaves_the_sending_to_the_lead(programme: UnitOfWork) -> None:
    known = begun(programme, by="UMIRA", auditee_id="UMIRA")
    said = {each.id: Chosen(str(each.wanted), tuple(each.people)) for each in known.slices}
    slices.choose(
        deed(programme, "UMIRA"),
        audit_id=known.audit.id,
        version=known.plan.version,
        chosen=said,
        reason="",
        exceptions={"ULIAM": "There is nobody else."},
    )
    assert told(programme, "audit_plan.card") == {"UMIRA", "ULIAM"}


# --- on its way ---


def test_a_plan_goes_to_everybody_it_concerns_with_the_days_for_their_calendar(programme: UnitOfWork) -> None:
    plan = announced(programme)
    known = plans.planned(programme, plan)
    assert told(programme, "audit_plan.sent") == set(known.everybody) - {"ULIAM"}
    promised = {each.values["person"] for each in programme.all(Errand)}
    assert promised == set(known.everybody)
    assert plan.state is AuditState.ANNOUNCED


def test_what_a_plan_cannot_be_sent_without(programme: UnitOfWork) -> None:
    known = begun(programme)
    with pytest.raises(PlanNotReady) as refused:
        lifecycle.announce(deed(programme, "ULIAM"), audit_id=known.audit.id, version=known.plan.version)
    assert set(refused.value.missing) == {Missing.PEOPLE, Missing.EXCEPTIONS}
    late = MONDAY + timedelta(days=30)
    kept = chosen(programme, known)
    with pytest.raises(PlanNotReady) as refused:
        lifecycle.announce(deed(programme, "ULIAM", late), audit_id=kept.audit.id, version=kept.plan.version)
    assert refused.value.missing == [Missing.DAYS]


@pytest.mark.parametrize(
    ("person", "refusal"), [("UTOM", NotAllowed), ("UMIRA", NotAllowed), ("ULIAM", NotAllowed), ("UJONAS", None)]
)
def test_the_auditee_alone_confirms_the_opening(
    programme: UnitOfWork, person: str, refusal: type[Refusal] | None
) -> None:
    plan = announced(programme)
    if refusal:
        with pytest.raises(refusal):
            lifecycle.confirm_opening(deed(programme, person), audit_id=plan.desk_audit_id, version=plan.version)
        return
    done = lifecycle.confirm_opening(deed(programme, person), audit_id=plan.desk_audit_id, version=plan.version)
    assert done.opening_confirmed_by == "UJONAS"
    assert owed(programme, "audit_plan", "opening_confirmed") == {"ULIAM"}
    with pytest.raises(AlreadyDecided):
        lifecycle.confirm_opening(deed(programme, person), audit_id=plan.desk_audit_id, version=done.version)


def test_other_days_are_proposed_and_taken(programme: UnitOfWork) -> None:
    plan = announced(programme)
    first, last = TODAY + timedelta(days=20), TODAY + timedelta(days=25)
    other = OtherDays(proposed_begins_on=first, proposed_ends_on=last, proposal="We move house.")
    proposed = lifecycle.propose_days(
        deed(programme, "UJONAS"), audit_id=plan.desk_audit_id, version=plan.version, other=other
    )
    assert owed(programme, "audit_plan", "other_days") == {"ULIAM"}
    taken = lifecycle.take_days(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=proposed.version)
    assert (taken.begins_on, taken.ends_on, taken.opening_confirmed_by) == (first, last, "UJONAS")
    assert taken.proposed_begins_on is None


def test_other_days_are_declined_and_the_auditee_is_asked_again(programme: UnitOfWork) -> None:
    plan = announced(programme)
    other = OtherDays(proposed_begins_on=TODAY, proposed_ends_on=TODAY, proposal="Sooner.")
    proposed = lifecycle.propose_days(
        deed(programme, "UJONAS"), audit_id=plan.desk_audit_id, version=plan.version, other=other
    )
    kept = lifecycle.keep_days(deed(programme, "UMIRA"), audit_id=plan.desk_audit_id, version=proposed.version)
    assert (kept.begins_on, kept.proposal) == (plan.begins_on, "")
    assert owed(programme, "audit_plan", "days_kept") == {"UJONAS"}


@pytest.mark.parametrize("first", [-1, 5])
def test_days_in_no_order_or_in_the_past_are_not_proposed(programme: UnitOfWork, first: int) -> None:
    plan = announced(programme)
    other = OtherDays(
        proposed_begins_on=TODAY + timedelta(days=first), proposed_ends_on=TODAY + timedelta(days=4), proposal="So."
    )
    with pytest.raises((InputWanted, EndBeforeStart)) as refused:
        lifecycle.propose_days(
            deed(programme, "UJONAS"), audit_id=plan.desk_audit_id, version=plan.version, other=other
        )
    assert refused.value.field == ("proposed_begins_on" if first < 0 else "proposed_ends_on")


def test_on_the_first_day_a_confirmed_audit_begins_once_and_people_are_invited(programme: UnitOfWork) -> None:
    plan = confirmed(programme)
    lifecycle.tick(the_bot(programme))
    assert interviews_of(programme, plan.desk_audit_id) == []
    for _ in range(2):
        lifecycle.tick(the_bot(programme, MONDAY + timedelta(days=7)))
    asked = [each.person_id for each in interviews_of(programme, plan.desk_audit_id)]
    assert asked == plans.planned(programme, plan).asked
    assert now(programme, plan).state is AuditState.RUNNING


def test_an_unconfirmed_audit_waits_and_both_are_told(programme: UnitOfWork) -> None:
    plan = announced(programme)
    lifecycle.tick(the_bot(programme, MONDAY + timedelta(days=7)))
    assert owed(programme, "audit_plan", "opening_waiting") == {"ULIAM", "UJONAS"}
    assert now(programme, plan).state is AuditState.ANNOUNCED


def test_the_lead_may_begin_before(programme: UnitOfWork) -> None:
    plan = announced(programme)
    lifecycle.start(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version)
    assert interviews_of(programme, plan.desk_audit_id)


def test_who_becomes_the_auditees_manager_half_way_needs_a_new_exception(programme: UnitOfWork) -> None:
    plan = confirmed(programme)
    jonas = people_queries.person(programme, "UJONAS")
    assert jonas is not None
    programme.change(jonas, manager_id="ULIAM")
    with pytest.raises(PlanNotReady) as refused:
        lifecycle.start(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version)
    assert refused.value.missing == [Missing.EXCEPTIONS]
    lifecycle.tick(the_bot(programme, MONDAY + timedelta(days=7)))
    assert owed(programme, "audit_plan", "cannot_begin") == {"ULIAM"}


def test_whoever_has_left_by_the_first_day_is_not_asked_and_the_plan_says_so(programme: UnitOfWork) -> None:
    plan = confirmed(programme)
    gone = plans.planned(programme, plan).asked[-1]
    person = people_queries.person(programme, gone)
    assert person is not None
    programme.change(person, is_deactivated=True)
    lifecycle.tick(the_bot(programme, MONDAY + timedelta(days=7)))
    known = plans.planned(programme, now(programme, plan))
    assert gone not in known.asked
    assert {"person": gone, "why": "account_closed"} in [one for each in known.slices for one in each.left_out]


def test_when_the_lead_leaves_the_compliance_leads_name_another_whom_nobody_asks(programme: UnitOfWork) -> None:
    known = chosen(programme, begun(programme), reason="Tom knows best.", everyone=("UTOM", "UMIRA"))
    plan = lifecycle.announce(deed(programme, "ULIAM"), audit_id=known.audit.id, version=known.plan.version)
    liam = people_queries.person(programme, "ULIAM")
    assert liam is not None
    programme.change(liam, is_deactivated=True)
    lifecycle.tick(the_bot(programme))
    assert owed(programme, "audit_plan", "lead_gone") == {"UMIRA", "UINES"}
    named = NewLead(lead_id="UMIRA", change="Liam has left.", exception="There is nobody else.")
    with pytest.raises(LeadIsAudited):
        lifecycle.name_lead(deed(programme, "UMIRA"), audit_id=plan.desk_audit_id, version=plan.version, named=named)
    named = replace(named, lead_id="UINES")
    lifecycle.name_lead(deed(programme, "UMIRA"), audit_id=plan.desk_audit_id, version=plan.version, named=named)
    known = plans.planned(programme, now(programme, plan))
    assert known.audit.auditor_id == "UINES"
    assert [each.person_id for each in known.team] == ["UINES"]


@pytest.mark.parametrize("make", [ready, announced, confirmed])
def test_a_withdrawn_audit_ends_for_everybody_who_heard_of_it(
    programme: UnitOfWork, make: Callable[[UnitOfWork], Planned | AuditPlan]
) -> None:
    made = make(programme)
    plan = made.plan if isinstance(made, Planned) else made
    withdrawn = lifecycle.withdraw(
        deed(programme, "UMIRA"), audit_id=plan.desk_audit_id, version=plan.version, reason="Jonas is ill."
    )
    everybody = set(plans.planned(programme, withdrawn).everybody)
    assert told(programme, "audit_plan.withdrawn") == (everybody - {"UMIRA"} if plan.announced_at else set())
    with pytest.raises(AlreadyDecided):
        lifecycle.withdraw(deed(programme, "UMIRA"), audit_id=plan.desk_audit_id, version=plan.version, reason="x")


def test_interviews_under_way_are_withdrawn_with_their_audit(programme: UnitOfWork) -> None:
    plan = announced(programme)
    begun_plan = lifecycle.start(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version)
    lifecycle.withdraw(
        deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=begun_plan.version, reason="Not now."
    )
    states = {each.state for each in interviews_of(programme, plan.desk_audit_id)}
    assert states == {InterviewState.WITHDRAWN}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 3_001])
def test_a_reason_is_wanted_and_no_novel(programme: UnitOfWork, reason: str) -> None:
    plan = announced(programme)
    with pytest.raises(InputWanted):
        lifecycle.withdraw(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version, reason=reason)


def test_a_sent_plan_is_changed_with_a_reason_and_confirmed_anew(programme: UnitOfWork) -> None:
    plan = confirmed(programme)
    reopened = lifecycle.reopen(
        deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version, change="One day more."
    )
    assert (reopened.state, reopened.opening_confirmed_at) == (AuditState.PLANNED, None)
    again = lifecycle.announce(deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=reopened.version)
    assert again.change == "One day more."


def test_an_old_button_changes_nothing(programme: UnitOfWork) -> None:
    plan = confirmed(programme)
    with pytest.raises(Stale):
        lifecycle.withdraw(
            deed(programme, "ULIAM"), audit_id=plan.desk_audit_id, version=plan.version - 1, reason="Old."
        )
    with pytest.raises(NotAllowed):
        lifecycle.withdraw(deed(programme, "UTOM"), audit_id=plan.desk_audit_id, version=plan.version, reason="No.")


def test_an_audit_without_interviews_asks_nobody(programme: UnitOfWork) -> None:
    known = planning.begin(deed(programme, "ULIAM"), basics=BASICS)
    agreed = replace(AGREED, modes=("document_review",))
    kept = planning.agree(deed(programme, "ULIAM"), audit_id=known.audit.id, version=known.plan.version, agreed=agreed)
    settled = chosen(programme, kept)
    plan = lifecycle.announce(deed(programme, "ULIAM"), audit_id=known.audit.id, version=settled.plan.version)
    lifecycle.start(deed(programme, "ULIAM"), audit_id=known.audit.id, version=plan.version)
    assert interviews_of(programme, known.audit.id) == []


def test_the_task_of_the_calendar_is_known_by_its_audit(programme: UnitOfWork) -> None:
    task = next(each for each in programme.all(Task) if each.title.startswith("Run the internal audits"))
    known = planning.begin(deed(programme, "ULIAM"), basics=BASICS, task_id=task.id)
    assert lifecycle.task_of(programme, known.audit.id) == task
