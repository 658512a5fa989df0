"""How long evidence is kept, what may be said about it, and that two people dispose of it."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Classification, Disposal, DisposalState, Evidence, EvidenceState
from storage.programme.tables import Kind
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from tests.workflows.test_nonconformities import put
from tests.workflows.test_reuse import another_task, keep
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import details as evidence_details
from workflows.evidence import retention, reuse
from workflows.evidence.refusals import NothingToDispose
from workflows.evidence.shapes import Details
from workflows.nonconformities.lifecycle import State
from workflows.refusals import AlreadyDecided, EndBeforeStart, InputWanted, NotAllowed, Refusal, Stale
from workflows.tasks import commands as task_commands

A_DAY = timedelta(days=1)
DETAILS = Details(
    collected_on=date(2026, 9, 30),
    period_begins=date(2026, 7, 1),
    period_ends=date(2026, 9, 30),
    classification=Classification.RESTRICTED,
    personal_data=True,
)


def accepted(uow: UnitOfWork) -> Evidence:
    """The access review with its file, accepted by Mira."""
    row = give(uow, the_access_review(uow))
    task = the_access_review(uow)
    task_commands.accept(deed(uow, "UMIRA"), task_id=task.id, version=task.version)
    return uow.get(Evidence, row.id)


def over(uow: UnitOfWork) -> Evidence:
    """The same, past its day."""
    return uow.change(accepted(uow), retain_until=MONDAY.date() - A_DAY)


# --- how long ---


@pytest.mark.parametrize(
    ("kinds", "classification", "personal_data", "months"),
    [
        (["control"], "internal", False, 36),
        (["review"], "public", False, 72),
        (["control", "certification"], "internal", False, 72),
        ([None], "confidential", False, 72),
        (["audit"], "restricted", False, 48),
        (["audit"], "restricted", True, 36),
        (["control"], "restricted", False, 36),
    ],
)
def test_how_many_months(kinds: list[str | None], classification: str, personal_data: bool, months: int) -> None:
    assert retention.months(kinds, classification, personal_data=personal_data) == months


def test_every_kind_and_nothing_unknown_stands_in_the_catalogue() -> None:
    periods = retention.periods()
    assert set(periods.months) == {kind.value for kind in Kind}
    assert set(periods.at_most) <= {retention.PERSONAL_DATA, *(each.value for each in Classification)}


@drawn(st.lists(st.sampled_from([None, *Kind]), min_size=1), st.sampled_from(Classification), st.booleans())
def test_personal_data_is_never_kept_longer(
    kinds: list[Kind | None], classification: Classification, personal: bool
) -> None:
    without = retention.months(kinds, classification, personal_data=False)
    assert retention.months(kinds, classification, personal_data=personal) <= without


def test_it_counts_from_the_end_of_the_period_where_that_is_later(programme: UnitOfWork) -> None:
    row = give(programme, the_access_review(programme))
    assert row.period_ends is not None
    assert row.period_ends > MONDAY.date()
    assert row.retain_until == row.period_ends + relativedelta(months=72)


# --- what is said about a file ---


@pytest.mark.parametrize(
    ("person", "refusal"), [("UJONAS", None), ("UMIRA", None), ("ULIAM", NotAllowed), ("UTOM", NotAllowed)]
)
def test_who_may_describe_a_file(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    row = give(programme, the_access_review(programme))
    if refusal is None:
        said = describe(programme, person, row)
        assert (said.classification, said.personal_data) == (Classification.RESTRICTED, True)
        assert said.retain_until == MONDAY.date() + relativedelta(months=36)
    else:
        with pytest.raises(refusal):
            describe(programme, person, row)


def describe(uow: UnitOfWork, person: str, row: Evidence, **changed: object) -> Evidence:
    details = Details(**{**vars(DETAILS), **changed})
    return evidence_details.describe(deed(uow, person), evidence_id=row.id, version=row.version, details=details)


def test_what_was_said_before_stands_on_the_trail(programme: UnitOfWork) -> None:
    describe(programme, "UJONAS", give(programme, the_access_review(programme)))
    [entry] = programme.all(TrailEntry, col(TrailEntry.verb) == "evidence.describe")
    assert '"classification":"internal"' in entry.details
    assert '"classification":"restricted"' in entry.details


def test_what_was_accepted_is_described_by_leads_only(programme: UnitOfWork) -> None:
    row = accepted(programme)
    with pytest.raises(NotAllowed):
        describe(programme, "UJONAS", row)
    assert describe(programme, "UINES", row).personal_data


def test_a_period_does_not_end_before_it_begins(programme: UnitOfWork) -> None:
    row = give(programme, the_access_review(programme))
    with pytest.raises(EndBeforeStart) as refused:
        describe(programme, "UJONAS", row, period_ends=date(2026, 6, 30))
    assert refused.value.field == "period_ends"


def test_no_file_is_from_a_day_to_come(programme: UnitOfWork) -> None:
    row = give(programme, the_access_review(programme))
    with pytest.raises(InputWanted) as refused:
        describe(programme, "UJONAS", row, collected_on=MONDAY.date() + timedelta(days=1))
    assert refused.value.field == "collected_on"
    assert describe(programme, "UJONAS", row, collected_on=MONDAY.date()).collected_on == MONDAY.date()


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(programme: UnitOfWork) -> None:
    row = give(programme, the_access_review(programme))
    describe(programme, "UMIRA", row)
    with pytest.raises(Stale):
        describe(programme, "UJONAS", row)


@pytest.mark.parametrize(("person", "refusal"), [("UMIRA", None), ("UJONAS", NotAllowed)])
def test_only_leads_hold_a_file(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    row = give(programme, the_access_review(programme))
    if refusal is None:
        held = describe(programme, person, row, legal_hold="An inquiry")
        assert describe(programme, "UJONAS", held).legal_hold == "An inquiry"
    else:
        with pytest.raises(refusal):
            describe(programme, person, row, legal_hold="An inquiry")


# --- disposal ---


def proposal(uow: UnitOfWork, by: str = "UMIRA") -> Disposal:
    return retention.propose(deed(uow, by))


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("UMIRA", None), ("UINES", None), ("UDAVID", NotAllowed), ("ULIAM", NotAllowed), ("UJONAS", NotAllowed)],
)
def test_who_may_propose(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    row = over(programme)
    if refusal is None:
        assert proposal(programme, person).evidence_ids == [row.id]
        assert owed(programme, "disposal", "review") == {"UMIRA", "UINES", "UDAVID"} - {person}
    else:
        with pytest.raises(refusal):
            proposal(programme, person)


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("UINES", None), ("UDAVID", None), ("UMIRA", NotAllowed), ("ULIAM", NotAllowed), ("UJONAS", NotAllowed)],
)
def test_a_second_person_approves(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    row, asked = over(programme), proposal(programme)
    if refusal is None:
        retention.approve(deed(programme, person), disposal_id=asked.id)
        gone = programme.get(Evidence, row.id)
        assert (gone.state, gone.disposed_at, gone.erased_at) == (EvidenceState.DISPOSED, MONDAY, None)
        [certificate] = programme.all(TrailEntry, col(TrailEntry.verb) == "evidence.dispose")
        for said in (row.sha256, row.name, '"proposed_by":"UMIRA"', f'"approved_by":"{person}"'):
            assert str(said) in certificate.details
    else:
        with pytest.raises(refusal):
            retention.approve(deed(programme, person), disposal_id=asked.id)
        assert programme.get(Evidence, row.id).state is EvidenceState.KEPT


def test_declined_means_kept_and_decided_is_decided(programme: UnitOfWork) -> None:
    row, asked = over(programme), proposal(programme)
    ines = deed(programme, "UINES")
    assert retention.decline(ines, disposal_id=asked.id).state is DisposalState.DECLINED
    assert programme.get(Evidence, row.id).state is EvidenceState.KEPT
    for decide in (retention.approve, retention.decline):
        with pytest.raises(AlreadyDecided):
            decide(ines, disposal_id=asked.id)


@pytest.mark.parametrize("today_is", [0, 1])
def test_the_last_day_still_belongs_to_it(programme: UnitOfWork, today_is: int) -> None:
    row = accepted(programme)
    programme.change(row, retain_until=MONDAY.date() - today_is * A_DAY)
    assert len(retention.past_their_day(programme, MONDAY)) == today_is


def test_what_is_held_is_never_proposed_and_a_hold_put_on_later_saves_it(programme: UnitOfWork) -> None:
    row, asked = over(programme), proposal(programme)
    programme.change(programme.get(Evidence, row.id), legal_hold="An inquiry")
    with pytest.raises(NothingToDispose):
        proposal(programme, "UINES")
    retention.approve(deed(programme, "UINES"), disposal_id=asked.id)
    assert programme.get(Evidence, row.id).state is EvidenceState.KEPT


def test_what_waits_for_a_verdict_stays(programme: UnitOfWork) -> None:
    programme.change(give(programme, the_access_review(programme)), retain_until=MONDAY.date() - A_DAY)
    assert retention.past_their_day(programme, MONDAY) == []


def test_bytes_that_other_evidence_still_needs_stay(programme: UnitOfWork) -> None:
    over(programme)
    again = give(programme, another_task(programme), file="F2")
    reuse.wrong_file(deed(programme, "UJONAS"), evidence_id=again.id)
    assert retention.past_their_day(programme, MONDAY) == []
    programme.change(programme.get(Evidence, again.id), retain_until=MONDAY.date() - A_DAY)
    assert len(retention.past_their_day(programme, MONDAY)) == 2


def test_evidence_of_a_nonconformity_is_kept_as_long_as_the_catalogue_says(programme: UnitOfWork) -> None:
    put(programme, State.VERIFYING)
    [row] = programme.all(Evidence)
    assert row.retain_until == MONDAY.date() + relativedelta(months=retention.periods().nonconformity)


def test_erased_is_said_of_every_piece_with_these_bytes_that_was_disposed_of(programme: UnitOfWork) -> None:
    row, asked = over(programme), proposal(programme)
    retention.approve(deed(programme, "UINES"), disposal_id=asked.id)
    retention.erased(the_bot(programme), sha256=row.sha256 or "")
    assert programme.get(Evidence, row.id).erased_at == MONDAY
    assert programme.count(TrailEntry, col(TrailEntry.verb) == "evidence.erase") == 1


def test_nothing_due_is_said(programme: UnitOfWork) -> None:
    keep(programme, "F1", "list.pdf", "1")
    with pytest.raises(NothingToDispose):
        proposal(programme)
