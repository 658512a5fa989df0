"""The exceptions that the days of a case tell of, and proof that is of the round it is shown for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.nonconformities.tables import (
    BodyFinding,
    EffectCheck,
    Mark,
    Nonconformity,
    NonconformityRound,
    NonconformityState,
)
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.test_nonconformities import FINDING, make, put
from workflows.nonconformities import carrying_out, exceptions, questions, registers
from workflows.nonconformities.lifecycle import Need
from workflows.nonconformities.refusals import NotYet

State = NonconformityState
TODAY = MONDAY.date()
DAY = timedelta(days=1)


def of_the_body(uow: UnitOfWork, found: Nonconformity) -> None:
    uow.add(BodyFinding(nonconformity_id=found.id, body="Certo", body_number="7", corrected_by=TODAY))


def judged(uow: UnitOfWork, found: Nonconformity, watched_days: int, *, is_met: bool = True) -> None:
    by_mira: dict[str, Any] = {"judged_by": "UMIRA", "judged_at": MONDAY}
    uow.add(
        EffectCheck(nonconformity_id=found.id, round=1, value="3", is_met=is_met, watched_days=watched_days, **by_mira)
    )


def kept_as_it_is(uow: UnitOfWork, found: Nonconformity) -> None:
    uow.change(questions.response_of(uow, found), stands_because="Jonas is the only one who does this")


def dated(uow: UnitOfWork, found: Nonconformity, days: int) -> None:
    [given] = evidence_queries.for_nonconformity(uow, found.id)
    uow.change(given.evidence, collected_on=TODAY + days * DAY)


@pytest.mark.parametrize(
    ("happened", "later", "marks"),
    [
        (of_the_body, 0, []),
        (of_the_body, 1, [Mark.EXTERNAL_MISSED]),
        (lambda uow, found: judged(uow, found, 29), 0, [Mark.SHORT_WATCH]),
        (lambda uow, found: judged(uow, found, 30), 0, []),
        (lambda uow, found: judged(uow, found, 3, is_met=False), 0, []),
        (lambda uow, found: dated(uow, found, -1), 0, [Mark.PROOF_OLDER]),
        (lambda uow, found: dated(uow, found, 0), 0, []),
        (kept_as_it_is, 0, [Mark.ASKED_BACK]),
    ],
)
def test_what_the_days_of_a_case_tell_is_said(
    programme: UnitOfWork, happened: Callable[[UnitOfWork, Nonconformity], None], later: int, marks: list[Mark]
) -> None:
    found = put(programme, State.VERIFYING)
    happened(programme, found)
    assert exceptions.of_case(programme, found, TODAY + later * DAY) == marks


def test_a_case_out_of_a_register_was_written_down_late(programme: UnitOfWork) -> None:
    found = registers.take_over(deed(programme, "UMIRA"), FINDING, number=7, details={})
    assert exceptions.of_case(programme, found, TODAY) == [Mark.LATE_ENTRY]


def test_what_was_shown_in_a_round_that_did_not_work_shows_nothing_new(programme: UnitOfWork) -> None:
    found = make(programme, "reject_implementation", put(programme, State.VERIFYING), "UMIRA")
    found = put_proof_back(programme, found)
    programme.add(
        NonconformityRound(nonconformity_id=found.id, number=2, began_on=TODAY + DAY, begun_by="confirm_ineffective")
    )
    with pytest.raises(NotYet) as refused:
        carrying_out.claim_done(deed(programme, "UJONAS"), nonconformity_id=found.id, version=found.version)
    assert refused.value.need is Need.PROOF_OF_THIS_ROUND


def put_proof_back(uow: UnitOfWork, found: Nonconformity) -> Nonconformity:
    """What was returned counts again, as if it had been accepted in the round before."""
    for given in evidence_queries.for_nonconformity(uow, found.id):
        uow.change(given.use, verdict="accepted")
    return uow.get(Nonconformity, found.id)
