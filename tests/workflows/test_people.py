"""Who is who, who may what, and how the first lead comes to be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme.tables import Obligation, OwnerKind
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from workflows.deed import Deed
from workflows.desk_audits import questions as desk_audit_questions
from workflows.evidence import retention
from workflows.frameworks import applicability, gap_analysis
from workflows.people import commands as people_commands
from workflows.people import leaving
from workflows.people import questions as people_questions
from workflows.people.permissions import MAY, Permission, who_may
from workflows.people.refusals import CannotTakeOver, LastLead, LeadExists, NotInDirectory
from workflows.people.rules import Actor, DirectoryEntry, GroupEntry
from workflows.refusals import NotAllowed, Refusal

EVERYBODY = frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER})
PERMISSIONS = {
    Permission.START_PROGRAMME: {Role.LEAD},
    Permission.CHANGE_SETTINGS_OF_PROGRAMME: {Role.LEAD},
    Permission.SEE_OBLIGATIONS: EVERYBODY,
    Permission.CHANGE_OBLIGATIONS: {Role.LEAD},
    Permission.SEE_CERTIFICATES: EVERYBODY,
    Permission.SET_DATES_OF_CERTIFICATION: {Role.LEAD},
    Permission.SEE_EVERYONES_CALENDAR: EVERYBODY,
    Permission.ACCEPT_TASK: {Role.LEAD},
    Permission.RETURN_TASK: {Role.LEAD},
    Permission.ANNOUNCE_CHANGE: {Role.LEAD},
    Permission.WAIVE_TASK: {Role.LEAD},
    Permission.REOPEN_TASK: {Role.LEAD},
    Permission.ASSIGN_TASK: {Role.LEAD},
    Permission.CHANGE_ROLES: {Role.LEAD},
    Permission.MANAGE_PEOPLE: {Role.LEAD},
    Permission.SEE_EVERYONES_TASKS: EVERYBODY,
    Permission.SEE_WHAT_OTHERS_OWN: EVERYBODY,
    Permission.SEE_PROGRAMME_STATUS: EVERYBODY,
    Permission.SEE_WHAT_OTHERS_WERE_TOLD: {Role.LEAD, Role.AUDITOR},
    Permission.SEE_UNDELIVERED_MESSAGES: {Role.LEAD},
    Permission.SEND_MESSAGE_AGAIN: {Role.LEAD},
    Permission.SEE_EVERYONES_EVIDENCE: {Role.LEAD, Role.AUDITOR},
    Permission.MAKE_PACK: {Role.LEAD},
    Permission.SEE_REQUESTS: {Role.LEAD, Role.AUDITOR},
    Permission.MANAGE_REQUESTS: {Role.LEAD},
    Permission.ACCEPT_ANSWER: {Role.LEAD, Role.AUDITOR},
    Permission.GIVE_AUDITOR_ACCESS: {Role.LEAD},
    Permission.MAKE_KEYS_FOR_MACHINES: {Role.LEAD},
    Permission.PUT_EVIDENCE_ON_HOLD: {Role.LEAD},
    Permission.PROPOSE_DISPOSAL: {Role.LEAD},
    Permission.APPROVE_DISPOSAL: {Role.LEAD, Role.MANAGEMENT},
    Permission.SEE_DISPOSALS: {Role.LEAD, Role.MANAGEMENT},
    Permission.SEE_NONCONFORMITIES: EVERYBODY,
    Permission.SEE_DIGEST: {Role.LEAD, Role.MANAGEMENT},
    Permission.SEE_FRAMEWORKS: EVERYBODY,
    Permission.SEE_STATEMENT_OF_APPLICABILITY: EVERYBODY,
    Permission.SEE_GAP_ANALYSIS: EVERYBODY,
    Permission.SHOW_OR_HIDE_TITLES: {Role.LEAD},
    Permission.ADD_YOUR_OWN_CONTROLS: {Role.LEAD},
    Permission.IMPORT_SPREADSHEET: {Role.LEAD},
    Permission.DECIDE_WHAT_APPLIES: {Role.LEAD},
    Permission.APPROVE_STATEMENT_OF_APPLICABILITY: {Role.LEAD},
    Permission.RATE_GAP: {Role.LEAD},
    Permission.OPEN_DESK_AUDIT: {Role.LEAD, Role.AUDITOR},
    Permission.SEE_QUESTIONS: {Role.LEAD, Role.AUDITOR},
    Permission.SEE_DESK_AUDITS: {Role.LEAD, Role.AUDITOR},
    Permission.MANAGE_AUDIT_PROGRAMME: {Role.LEAD},
    Permission.RECORD_COMPETENCE: {Role.LEAD, Role.MANAGEMENT},
    Permission.ISSUE_NONCONFORMITY: {Role.LEAD, Role.AUDITOR},
    Permission.EXPORT_REGISTER: {Role.LEAD, Role.AUDITOR, Role.MANAGEMENT},
    Permission.DECIDE_ON_CONCERN: {Role.LEAD, Role.AUDITOR},
}


def test_the_table_names_every_deed() -> None:
    assert set(PERMISSIONS) == set(MAY) == set(Permission)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("deed", PERMISSIONS)
def test_a_deed_is_allowed_to_the_roles_on_the_list_and_to_nobody_else(deed: Permission, role: Role | None) -> None:
    somebody = Actor("U1", "Somebody", "UTC", frozenset({role} if role else ()), is_admin=True)
    assert somebody.may(deed) == (role in PERMISSIONS.get(deed, ()))


def test_who_may_do_something_is_named_in_the_order_of_the_roles() -> None:
    assert who_may(Permission.SEE_WHAT_OTHERS_WERE_TOLD) == (Role.LEAD, Role.AUDITOR)
    assert who_may(Permission.MAKE_PACK) == (Role.LEAD,)


@pytest.mark.parametrize("person", ["UNOBODY", "UOTTO", "UBOT", ""])
def test_strangers_bots_and_those_who_left_cannot_act(directory: UnitOfWork, person: str) -> None:
    with pytest.raises(NotInDirectory):
        actor(directory, person)


def test_syncing_changes_only_what_changed(directory: UnitOfWork) -> None:
    mira = DirectoryEntry("UMIRA", "Mira", "", "Europe/Berlin")
    assert people_commands.sync(the_bot(directory), [mira]).changed == 0
    assert people_commands.sync(the_bot(directory), [replace(mira, zone="Asia/Tokyo")]).changed == 1
    assert actor(directory, "UMIRA").zone == "Asia/Tokyo"
    assert directory.count(Person) == 9


def test_who_comes_after_the_directory_was_read_once_is_a_newcomer(directory: UnitOfWork) -> None:
    def shown(person_id: str) -> bool:
        leaving.follow_page(the_bot(directory), [DirectoryEntry(person_id, "New", "", "UTC")], next_cursor="")
        person = people_queries.person(directory, person_id)
        assert person is not None
        return person.first_seen_at is not None

    directory.put_workspace(directory_read_at=None)
    assert [shown(each) for each in ("UFIRST", "UNEW")] == [False, True]


@pytest.mark.parametrize(
    ("given", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Mars/Olympus", "UTC"), ("../etc", "UTC")]
)
def test_a_zone_nobody_knows_is_utc(directory: UnitOfWork, given: str, kept: str) -> None:
    people_commands.sync(the_bot(directory), [DirectoryEntry("UNEW", "New", "", given)])
    assert actor(directory, "UNEW").zone == kept


def test_an_admin_claims_the_lead_once(directory: UnitOfWork) -> None:
    admin = replace(actor(directory, "UMIRA"), is_admin=True)
    people_commands.claim_lead(Deed(directory, admin, MONDAY))
    assert actor(directory, "UMIRA").roles == {Role.LEAD}
    with pytest.raises(LeadExists):
        people_commands.claim_lead(Deed(directory, replace(actor(directory, "UJONAS"), is_admin=True), MONDAY))


def test_nobody_else_claims_the_lead(directory: UnitOfWork) -> None:
    with pytest.raises(NotAllowed):
        people_commands.claim_lead(deed(directory, "UJONAS"))


def test_a_lead_who_left_does_not_keep_others_from_claiming(directory: UnitOfWork) -> None:
    people_commands.grant(the_bot(directory), "UOTTO", Role.LEAD)
    people_commands.claim_lead(Deed(directory, replace(actor(directory, "UMIRA"), is_admin=True), MONDAY))
    assert people_questions.holders(directory, Role.LEAD) == ["UMIRA"]


def test_the_settings_name_the_first_leads_and_never_later_ones(directory: UnitOfWork) -> None:
    people_commands.appoint_first_leads(the_bot(directory), ["UMIRA"])
    people_commands.appoint_first_leads(the_bot(directory), ["UJONAS"])
    assert people_questions.holders(directory, Role.LEAD) == ["UMIRA"]


def test_a_lead_gives_and_ends_roles_and_each_change_is_on_the_trail(directory: UnitOfWork) -> None:
    people_commands.grant(deed(directory, "UMIRA"), "UMIRA", Role.LEAD)
    mira = deed(directory, "UMIRA")
    people_commands.set_roles(mira, person_id="UJONAS", roles=[Role.AUDITOR, Role.READER])
    people_commands.set_roles(mira, person_id="UJONAS", roles=[Role.READER, Role.LEAD])
    people_commands.set_roles(mira, person_id="UJONAS", roles=[Role.READER, Role.LEAD])
    assert actor(directory, "UJONAS").roles == {Role.READER, Role.LEAD}
    entries = directory.all(TrailEntry, col(TrailEntry.subject_id) == "UJONAS", order_by=col(TrailEntry.sequence))
    assert [entry.verb for entry in entries] == ["role.grant", "role.grant", "role.grant", "role.end"]


def test_the_last_lead_who_can_be_reached_keeps_the_role(directory: UnitOfWork) -> None:
    for lead in ("UMIRA", "UOTTO"):  # Otto has left
        people_commands.grant(deed(directory, "UMIRA"), lead, Role.LEAD)
    mira = deed(directory, "UMIRA")
    with pytest.raises(LastLead):
        people_commands.set_roles(mira, person_id="UMIRA", roles=[])
    people_commands.set_roles(mira, person_id="UOTTO", roles=[])
    people_commands.set_roles(mira, person_id="UINES", roles=[Role.LEAD])
    people_commands.set_roles(mira, person_id="UMIRA", roles=[])
    assert people_questions.holders(directory, Role.LEAD) == ["UINES"]


@pytest.mark.parametrize("who", ["ULIAM", "UDAVID", "UJONAS"])
def test_nobody_else_changes_roles(programme: UnitOfWork, who: str) -> None:
    with pytest.raises(NotAllowed):
        people_commands.set_roles(deed(programme, who), person_id=who, roles=[Role.LEAD])


@pytest.mark.parametrize("person", ["UOTTO", "UBOT", "UNOBODY"])
def test_who_cannot_hold_a_role(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(CannotTakeOver):
        people_commands.set_roles(deed(programme, "UMIRA"), person_id=person, roles=[Role.READER])


@pytest.mark.parametrize(
    ("who", "manager", "deputy", "refusal"),
    [
        ("UJONAS", "UMIRA", "UTOM", None),
        ("UMIRA", "UMIRA", None, None),
        ("UTOM", "UMIRA", "UTOM", NotAllowed),
        ("UJONAS", "UJONAS", None, CannotTakeOver),
        ("UJONAS", None, "UOTTO", CannotTakeOver),
        ("UJONAS", "UBOT", None, CannotTakeOver),
        ("UJONAS", "UPRIYA", None, CannotTakeOver),
    ],
)
def test_who_names_whose_manager_and_deputy(
    programme: UnitOfWork, who: str, manager: str | None, deputy: str | None, refusal: type[Refusal] | None
) -> None:
    priya: dict[str, Any] = {
        "person_id": "UPRIYA",
        "manager_id": "UJONAS",
        "deputy_id": None,
    }  # so Jonas cannot report to her
    people_commands.name_manager_and_deputy(deed(programme, "UPRIYA"), **priya)
    named: dict[str, Any] = {"person_id": "UJONAS", "manager_id": manager, "deputy_id": deputy}
    if refusal is None:
        people_commands.name_manager_and_deputy(deed(programme, who), **named)
        assert people_questions.above(programme, "UPRIYA") == ["UPRIYA", "UJONAS", "UMIRA"]
    else:
        with pytest.raises(refusal):
            people_commands.name_manager_and_deputy(deed(programme, who), **named)


def test_user_groups_follow_slack_and_keep_their_row(directory: UnitOfWork) -> None:
    it, quality = GroupEntry("S0IT", "it", "IT", ["UJONAS"]), GroupEntry("S0QA", "qa", "Quality", ["UPRIYA"])
    people_commands.sync_groups(the_bot(directory), [it, quality])
    people_commands.sync_groups(the_bot(directory), [GroupEntry("S0IT", "it", "IT", ["UJONAS", "UTOM"])])
    shown = [(each.handle, each.members, each.is_disabled) for each in people_queries.user_groups(directory)]
    assert shown == [("it", ["UJONAS", "UTOM"], False), ("qa", [], True)]
    people_commands.sync_groups(the_bot(directory), [it, quality])
    assert [each.is_disabled for each in people_queries.user_groups(directory)] == [False, False]


@pytest.mark.parametrize(
    ("owner_kind", "owner_id", "deputy_id", "away", "responsible"),
    [
        (OwnerKind.PERSON, "UJONAS", None, None, "UJONAS"),
        (OwnerKind.PERSON, "UJONAS", "ULIAM", "UJONAS", "ULIAM"),
        (OwnerKind.PERSON, "UJONAS", None, "UJONAS", "UTOM"),
        (OwnerKind.PERSON, "UOTTO", None, None, None),
        (OwnerKind.PERSON, "UNOBODY", "ULIAM", None, "ULIAM"),
        (OwnerKind.ROLE, "lead", None, None, "UMIRA"),
        (OwnerKind.ROLE, "lead", None, "UMIRA", "UINES"),
        (OwnerKind.ROLE, "reader", "ULIAM", None, "ULIAM"),
        (OwnerKind.GROUP, "S0IT", "ULIAM", None, "UPRIYA"),
        (OwnerKind.GROUP, "S0IT", "ULIAM", "UPRIYA", "ULIAM"),
        (OwnerKind.GROUP, "S0UNKNOWN", "ULIAM", None, "ULIAM"),
        (OwnerKind.GROUP, "S0UNKNOWN", None, None, None),
    ],
)
def test_who_answers_for_an_obligation(
    programme: UnitOfWork,
    owner_kind: OwnerKind,
    owner_id: str,
    deputy_id: str | None,
    away: str | None,
    responsible: str | None,
) -> None:
    day = MONDAY.date()
    people_commands.sync_groups(the_bot(programme), [GroupEntry("S0IT", "it", "IT", ["UOTTO", "UPRIYA"])])
    jonas = {"person_id": "UJONAS", "manager_id": None, "deputy_id": "UTOM"}
    people_commands.name_manager_and_deputy(deed(programme, "UJONAS"), **jonas)  # type: ignore[arg-type]  # ids
    if away:
        leaving.go_away(deed(programme, away), person_id=away, first=day, last=day)
    changes = {"owner_kind": owner_kind, "owner_id": owner_id, "deputy_id": deputy_id}
    obligation = programme.change(programme.all(Obligation)[0], **changes)
    assert people_questions.responsible(programme, obligation, on=day) == responsible


@pytest.mark.parametrize(
    ("look", "tried"),
    [
        (applicability.statements, Permission.SEE_STATEMENT_OF_APPLICABILITY),
        (gap_analysis.analyses, Permission.SEE_GAP_ANALYSIS),
        (retention.overview, Permission.SEE_DISPOSALS),
        (lambda asks: desk_audit_questions.latest(asks, limit=5), Permission.SEE_DESK_AUDITS),
    ],
)
def test_who_may_not_look_is_told_what_they_wanted_to_see(
    programme: UnitOfWork, look: Callable[[Deed], object], tried: Permission
) -> None:
    with pytest.raises(NotAllowed) as refused:
        look(deed(programme, "UJONAS"))
    assert refused.value.tried is tried
