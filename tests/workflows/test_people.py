"""Who is who, who may what, and how the first lead comes to be."""

from dataclasses import replace

import pytest

from storage.people import Person, Role
from storage.unit_of_work import UnitOfWork
from tests.workflows.conftest import MONDAY, actor
from workflows import people
from workflows.errors import LeadExists, NotAllowed, NotInDirectory
from workflows.people import MAY, Actor, DirectoryEntry

EVERYBODY = frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER})
PERMISSIONS = {
    "start the programme": {Role.LEAD},
    "see the obligations": EVERYBODY,
    "change the obligations": {Role.LEAD},
    "see the certificates": EVERYBODY,
    "set the dates of certification": {Role.LEAD},
    "see everybody's calendar": EVERYBODY,
    "accept a task": {Role.LEAD},
    "return a task": {Role.LEAD},
    "see everybody's tasks": EVERYBODY,
    "see everybody's evidence": {Role.LEAD, Role.AUDITOR},
    "see the nonconformities": EVERYBODY,
    "see the digest": {Role.LEAD, Role.MANAGEMENT},
    "see the frameworks": EVERYBODY,
    "switch the titles": {Role.LEAD},
    "bring own controls": {Role.LEAD},
    "decide what applies": {Role.LEAD},
    "approve the Statement of Applicability": {Role.LEAD},
    "rate a gap": {Role.LEAD},
    "open a desk audit": {Role.LEAD, Role.AUDITOR},
    "issue a nonconformity": {Role.LEAD, Role.AUDITOR},
    "review a response": {Role.LEAD, Role.AUDITOR},
    "consent to a major": {Role.MANAGEMENT},
    "verify a correction": {Role.LEAD, Role.AUDITOR},
    "co-sign a major": {Role.LEAD, Role.MANAGEMENT},
}


def test_the_table_names_every_deed() -> None:
    assert set(PERMISSIONS) == set(MAY)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("deed", [*PERMISSIONS, "a deed nobody listed"])
def test_a_deed_is_allowed_to_the_roles_on_the_list_and_to_nobody_else(deed: str, role: Role | None) -> None:
    somebody = Actor("U1", "Somebody", "UTC", frozenset({role} if role else ()), is_admin=True)
    assert somebody.may(deed) == (role in PERMISSIONS.get(deed, ()))


@pytest.mark.parametrize("person", ["UNOBODY", "UOTTO", "UBOT", ""])
def test_strangers_bots_and_those_who_left_cannot_act(directory: UnitOfWork, person: str) -> None:
    with pytest.raises(NotInDirectory):
        actor(directory, person)


def test_syncing_changes_only_what_changed(directory: UnitOfWork) -> None:
    mira = DirectoryEntry("UMIRA", "Mira", "", "Europe/Berlin")
    assert people.sync(directory, [mira], at=MONDAY) == 0
    assert people.sync(directory, [replace(mira, zone="Asia/Tokyo")], at=MONDAY) == 1
    assert actor(directory, "UMIRA").zone == "Asia/Tokyo"
    assert directory.count(Person) == 9


@pytest.mark.parametrize(
    ("given", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Mars/Olympus", "UTC"), ("../etc", "UTC")]
)
def test_a_zone_nobody_knows_is_utc(directory: UnitOfWork, given: str, kept: str) -> None:
    people.sync(directory, [DirectoryEntry("UNEW", "New", "", given)], at=MONDAY)
    assert actor(directory, "UNEW").zone == kept


def test_an_admin_claims_the_lead_once(directory: UnitOfWork) -> None:
    admin = replace(actor(directory, "UMIRA"), is_admin=True)
    people.claim_lead(directory, admin, at=MONDAY)
    assert actor(directory, "UMIRA").roles == {Role.LEAD}
    with pytest.raises(LeadExists):
        people.claim_lead(directory, replace(actor(directory, "UJONAS"), is_admin=True), at=MONDAY)


def test_nobody_else_claims_the_lead(directory: UnitOfWork) -> None:
    with pytest.raises(NotAllowed):
        people.claim_lead(directory, actor(directory, "UJONAS"), at=MONDAY)


def test_a_lead_who_left_does_not_keep_others_from_claiming(directory: UnitOfWork) -> None:
    people.grant(directory, "UOTTO", Role.LEAD, by="UOTTO", at=MONDAY)
    people.claim_lead(directory, replace(actor(directory, "UMIRA"), is_admin=True), at=MONDAY)
    assert people.holders(directory, Role.LEAD) == ["UMIRA"]


def test_the_settings_name_the_first_leads_and_never_later_ones(directory: UnitOfWork) -> None:
    people.appoint_first_leads(directory, ["UMIRA"], at=MONDAY)
    people.appoint_first_leads(directory, ["UJONAS"], at=MONDAY)
    assert people.holders(directory, Role.LEAD) == ["UMIRA"]
