"""Keys of machines: who makes and ends them, and that each is for one obligation and under one name."""

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.machines.tables import MachineKey
from storage.record.trail import TrailEntry
from tests.workflows.conftest import deed
from tests.workflows.test_tasks import the_access_review
from workflows.machines import keys as machine_keys
from workflows.machines.refusals import KeysNotSetUp
from workflows.refusals import InputWanted, NotAllowed

SECRET = "s" * 32


def make(uow: UnitOfWork, by: str = "UMIRA", name: str = "Nightly scan", secret: str = SECRET) -> MachineKey:
    obligation_id = the_access_review(uow).obligation_id
    return machine_keys.make(deed(uow, by), name=name, obligation_id=obligation_id, server_secret=secret)[0]


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UDAVID", "UTOM"])
def test_only_leads_make_end_and_see_keys(programme: UnitOfWork, person: str) -> None:
    key = make(programme)
    with pytest.raises(NotAllowed):
        make(programme, by=person, name="Another")
    with pytest.raises(NotAllowed):
        machine_keys.revoke(deed(programme, person), key_id=key.id)
    with pytest.raises(NotAllowed):
        machine_keys.keys(deed(programme, person))


def test_any_lead_ends_a_key_and_its_name_is_free_again(programme: UnitOfWork) -> None:
    key = make(programme)
    for _ in range(2):
        machine_keys.revoke(deed(programme, "UINES"), key_id=key.id)
    again = make(programme)
    assert [each.key.id for each in machine_keys.keys(deed(programme, "UMIRA"))] == [again.id]
    made_and_ended = [each.verb for each in programme.all(TrailEntry) if each.verb.startswith("machine_key")]
    assert made_and_ended == ["machine_key.make", "machine_key.revoke", "machine_key.make"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "Nightly  scan"])
def test_a_name_is_wanted_that_no_other_key_has(programme: UnitOfWork, name: str) -> None:
    make(programme)
    with pytest.raises(InputWanted):
        make(programme, name=name)


def test_without_a_secret_of_ours_no_key_is_made(programme: UnitOfWork) -> None:
    with pytest.raises(KeysNotSetUp):
        make(programme, secret="")
    assert programme.count(MachineKey) == 0


def test_every_key_and_every_server_have_secrets_of_their_own() -> None:
    assert len({machine_keys.secret_of(server, key) for server in ("a" * 32, "b" * 32) for key in ("k1", "k2")}) == 4
