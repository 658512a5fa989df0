"""Setting up the programme: each step with what is right, wrong and missing, and who may go on with it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.starting import open_setup
from storage.programme.tables import Certificate, CertificateState, Obligation, Setup
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.dates.recurrence import checked
from workflows.frameworks import rules as framework_rules
from workflows.people import commands as people_commands
from workflows.people.refusals import CannotTakeOver
from workflows.people.rules import DirectoryEntry
from workflows.programme import certification
from workflows.programme.refusals import AnotherLook, ChannelNotUsable, ProgrammeRunsAlready, SetupTakenOver
from workflows.programme.shapes import Wishes
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.answers import Answers, Dates
from workflows.programme.starting.steps import ChannelState
from workflows.refusals import EndBeforeStart, InputWanted, NotAllowed, Refusal, Stale

TODAY = MONDAY.date()
OWNERS = dict.fromkeys((group.key for group in proposals.owner_groups()), "UJONAS")
ANSWERS = Answers(
    standards=("iso27001-2022",),
    owners=OWNERS,
    auditors=("ULIAM",),
    management=("UDAVID",),
    digest_channel="C0MGMT",
)
WISHES = Wishes(
    title="Review who has access to what",
    purpose="",
    kind="review",
    urgency="normal",
    requirements="A.5.18",
    owner_kind="person",
    owner_id="UTOM",
    rhythm="monthly",
    starts_on=date(2026, 12, 7),
    lead_days="3",
)


# --- what is proposed ---


def test_the_proposal_holds_every_recurring_task_of_the_field() -> None:
    assert len({each.key for each in proposals.proposals()}) == len(proposals.proposals()) == 29


def test_every_proposed_obligation_points_into_the_catalogues_and_has_an_owner_group() -> None:
    groups = {group.key for group in proposals.owner_groups()}
    for proposal in proposals.proposals():
        assert proposal.owner in groups
        assert all(
            map(framework_rules.requirement, framework_rules.in_scope(proposal.requirements, framework_rules.EDITIONS))
        )
        assert checked(proposal.recurrence, TODAY, None) == proposal.recurrence


@pytest.mark.parametrize(
    ("edition", "most_often"),
    [
        ("iso9001-2015", "nc_review"),
        ("iso27001-2022", "vulnerability_review"),
        ("iso14001-2015", "kpi_report"),
        ("iso45001-2018", "emergency_drill"),
        ("iso22301-2019", "continuity_exercise"),
    ],
)
def test_every_standard_has_a_programme_of_its_own(edition: str, most_often: str) -> None:
    asked = {each.key for each in proposals.of_standards([edition])}
    assert {most_often, "internal_audits", "management_review", "policy_review", "risk_assessment"} <= asked


# --- the steps ---


def through(uow: UnitOfWork, *, until: str = steps.SUMMARY, person: str = "UMIRA", **given: Any) -> Setup:
    """Answer every page with ANSWERS and what is given otherwise, up to a page."""
    setup = starting_commands.begin(deed(uow, person))
    wanted = {**vars(ANSWERS), **given}
    while setup.place != until:
        asked = PAGES.get(setup.place, ())
        answered = {name: wanted[name] for name in asked}
        setup = starting_commands.go_on(deed(uow, person), place=setup.place, given=answered)
    return setup


PAGES = {
    steps.STANDARDS: ("standards",),
    steps.AIMS: ("aims",),
    steps.OWNERS: ("owners", "deputies", "auditors", "management"),
    steps.WORKING: ("weekdays", "region", "digest_channel", "shows_titles"),
}


def test_a_newcomer_answers_five_steps_and_sees_the_summary(lead: UnitOfWork) -> None:
    assert steps.places(ANSWERS) == [*steps.NUMBERED, steps.SUMMARY]
    setup = through(lead)
    assert setup.place == steps.SUMMARY
    assert Answers.from_json(setup.answers) == replace(ANSWERS, country="DE")


def test_a_certificate_has_a_page_of_its_own_within_its_step() -> None:
    answers = replace(
        ANSWERS,
        standards=("iso9001-2015", "iso27001-2022"),
        aims={"iso9001-2015": "certified", "iso27001-2022": "preparing", "iso45001-2018": "certified"},
    )
    found = steps.places(answers)
    assert found[2:4] == ["dates:iso9001-2015", "dates:iso27001-2022"]
    assert [steps.number(each) for each in found[:5]] == [1, 2, 2, 2, 3]


@pytest.mark.parametrize("place", [*steps.NUMBERED, steps.SUMMARY, "dates:iso9001-2015"])
def test_going_on_and_back_leads_to_the_same_page(place: str) -> None:
    answers = replace(ANSWERS, standards=("iso9001-2015",), aims={"iso9001-2015": "certified"})
    assert place == steps.SUMMARY or steps.before(answers, steps.after(answers, place)) == place
    assert steps.after(answers, "dates:iso1-1990") == steps.STANDARDS


@pytest.mark.parametrize(
    ("place", "given", "refused", "field"),
    [
        ("standards", {"standards": ()}, InputWanted, "standards"),
        ("standards", {"standards": ("iso1-1990",)}, InputWanted, "standards"),
        ("certification", {"aims": {"iso27001-2022": "famous"}}, InputWanted, "aim.iso27001-2022"),
        ("owners", {"owners": {**OWNERS, "people": ""}}, InputWanted, "owner.people"),
        ("owners", {"owners": {**OWNERS, "people": "UOTTO"}}, CannotTakeOver, "owner.people"),
        ("owners", {"owners": {**OWNERS, "people": "UBOT"}}, CannotTakeOver, "owner.people"),
        ("owners", {"owners": {**OWNERS, "people": "UGRETA"}}, CannotTakeOver, "owner.people"),
        ("owners", {"owners": {**OWNERS, "people": "UNOBODY"}}, CannotTakeOver, "owner.people"),
        ("owners", {"deputies": {"people": "UBOT"}}, CannotTakeOver, "deputy.people"),
        ("owners", {"deputies": {"people": "UJONAS"}}, CannotTakeOver, "deputy.people"),
        ("owners", {"auditors": ()}, InputWanted, "auditors"),
        ("owners", {"auditors": ("ULIAM", "UOTTO")}, CannotTakeOver, "auditors"),
        ("owners", {"management": ()}, InputWanted, "management"),
        ("owners", {"management": ("UGRETA",)}, CannotTakeOver, "management"),
        ("working", {"weekdays": ()}, InputWanted, "weekdays"),
        ("working", {"weekdays": (0, 7)}, InputWanted, "weekdays"),
        ("working", {"country": "XX"}, InputWanted, "country"),
        ("working", {"region": "CA"}, InputWanted, "region"),
        ("working", {"digest_channel": ""}, InputWanted, "digest_channel"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_is_kept(
    lead: UnitOfWork, place: str, given: dict[str, Any], refused: type[Refusal], field: str
) -> None:
    before = through(lead, until=place)
    right = {name: getattr(ANSWERS, name) for name in PAGES[place]}
    with pytest.raises(refused) as no:
        starting_commands.go_on(deed(lead, "UMIRA"), place=place, given={**right, **given})
    assert no.value.field == field
    assert open_setup(lead) == before


@pytest.mark.parametrize(
    ("state", "because"),
    [("not_invited", "not_invited"), ("archived", "archived"), ("unseen", "unseen"), ("ready", ""), ("unknown", "")],
)
def test_a_channel_is_taken_where_the_bot_can_write(lead: UnitOfWork, state: str, because: str) -> None:
    through(lead, until=steps.WORKING)
    given = {"digest_channel": "C0ITOPS"}
    how: dict[str, Any] = {"place": steps.WORKING, "given": given, "channel": ChannelState(state)}
    if not because:
        assert starting_commands.go_on(deed(lead, "UMIRA"), **how).place == steps.OBLIGATIONS
        return
    with pytest.raises(ChannelNotUsable) as no:
        starting_commands.go_on(deed(lead, "UMIRA"), **how)
    assert (no.value.because, no.value.field) == (because, "digest_channel")


def test_another_country_is_asked_for_its_regions_and_forgets_the_old_one(lead: UnitOfWork) -> None:
    through(lead, until=steps.WORKING)
    mira = deed(lead, "UMIRA")
    given: dict[str, Any] = {"country": "DE", "region": "BY", "digest_channel": "C0MGMT"}
    assert starting_commands.go_on(mira, place=steps.WORKING, given=given).place == steps.OBLIGATIONS
    moved = starting_commands.go_on(mira, place=steps.WORKING, given={**given, "country": "AT"})
    assert (moved.place, Answers.from_json(moved.answers).region) == (steps.WORKING, None)
    given = {**given, "country": "AT", "region": "9"}
    assert starting_commands.go_on(mira, place=steps.WORKING, given=given).place == steps.OBLIGATIONS


LAST_YEAR, NEXT_YEAR = TODAY - timedelta(days=365), TODAY + timedelta(days=365)


@pytest.mark.parametrize(
    ("aim", "said", "refused", "field"),
    [
        ("certified", Dates(), InputWanted, "decided_on"),
        ("certified", Dates(decided_on=NEXT_YEAR), InputWanted, "decided_on"),
        ("certified", Dates(decided_on=LAST_YEAR, expires_on=LAST_YEAR), EndBeforeStart, "expires_on"),
        (
            "certified",
            Dates(decided_on=LAST_YEAR, last_surveillance_on=LAST_YEAR - timedelta(days=1)),
            InputWanted,
            "last_surveillance_on",
        ),
        (
            "certified",
            Dates(decided_on=LAST_YEAR, last_surveillance_on=NEXT_YEAR),
            InputWanted,
            "last_surveillance_on",
        ),
        ("preparing", Dates(stage_1_on=NEXT_YEAR, stage_2_on=TODAY), InputWanted, "stage_2_on"),
        ("certified", Dates(certification_body="x" * 3_001, decided_on=LAST_YEAR), InputWanted, "certification_body"),
    ],
)
def test_dates_in_no_possible_order_are_said_beside_their_field(
    lead: UnitOfWork, aim: str, said: Dates, refused: type[Refusal], field: str
) -> None:
    place = "dates:iso27001-2022"
    through(lead, until=place, aims={"iso27001-2022": aim})
    given = {"dates": {"iso27001-2022": said}}
    with pytest.raises(refused) as no:
        starting_commands.go_on(deed(lead, "UMIRA"), place=place, given=given)
    assert no.value.field == field


@pytest.mark.parametrize(
    ("aim", "said", "state"),
    [
        ("preparing", Dates(), CertificateState.APPLICANT),
        ("preparing", Dates(stage_1_on=NEXT_YEAR), CertificateState.APPLICANT),
        ("preparing", Dates(stage_1_on=LAST_YEAR, stage_2_on=NEXT_YEAR), CertificateState.STAGE_1_DONE),
        ("preparing", Dates(stage_1_on=LAST_YEAR, stage_2_on=LAST_YEAR), CertificateState.STAGE_2_DONE),
        ("certified", Dates(decided_on=LAST_YEAR), CertificateState.CERTIFIED),
    ],
)
def test_a_certificate_is_planned_from_its_dates(
    lead: UnitOfWork, aim: str, said: Dates, state: CertificateState
) -> None:
    answers = replace(ANSWERS, aims={"iso27001-2022": aim}, dates={"iso27001-2022": said})
    starting_commands.start_programme(deed(lead, "UMIRA"), answers)
    (certificate,) = lead.all(Certificate)
    assert (certificate.state, certificate.owner_id) == (state, "UMIRA")
    planned = {each.starts_on for each in lead.all(Obligation) if each.key.startswith("certificate:")}
    assert planned == {each.due_on for each in certification.of_certificate(certificate)}


def test_a_surveillance_audit_that_was_held_is_not_planned_again(lead: UnitOfWork) -> None:
    decided_on = TODAY - timedelta(days=350)
    said = Dates(decided_on=decided_on, last_surveillance_on=TODAY - timedelta(days=20))
    answers = replace(ANSWERS, aims={"iso27001-2022": "certified"}, dates={"iso27001-2022": said})
    starting_commands.start_programme(deed(lead, "UMIRA"), answers)
    keys = {each.key.rpartition(":")[2] for each in lead.all(Obligation) if each.key.startswith("certificate:")}
    assert "surveillance_1" not in keys
    assert "surveillance_2" in keys


# --- kept, taken over, started ---


def test_going_back_keeps_what_stands_there_will_it_do_or_not(lead: UnitOfWork) -> None:
    through(lead, until=steps.OWNERS)
    given = {"owners": {**OWNERS, "people": "UBOT"}, "auditors": ()}
    setup = starting_commands.go_back(deed(lead, "UMIRA"), place=steps.OWNERS, given=given)
    assert setup.place == steps.AIMS
    assert Answers.from_json(setup.answers).owners["people"] == "UBOT"
    assert starting_commands.begin(deed(lead, "UMIRA")) == setup


def test_a_second_lead_takes_over_with_everything_answered_and_the_first_is_told(lead: UnitOfWork) -> None:
    begun = through(lead, until=steps.OWNERS)
    assert starting_commands.begin(deed(lead, "UINES")).person_id == "UMIRA"
    with pytest.raises(SetupTakenOver):
        starting_commands.go_on(deed(lead, "UINES"), place=steps.STANDARDS, given={})
    taken = starting_commands.take_over(deed(lead, "UINES"))
    assert (taken.person_id, taken.place, taken.answers) == ("UINES", begun.place, begun.answers)
    with pytest.raises(SetupTakenOver) as told:
        starting_commands.go_on(deed(lead, "UMIRA"), place=steps.OWNERS, given={})
    assert told.value.by == "UINES"
    verbs = [each.verb for each in lead.all(TrailEntry, order_by=col(TrailEntry.sequence))]
    assert verbs[-2:] == ["setup.begin", "setup.take_over"]


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_sets_up_takes_over_and_starts(lead: UnitOfWork, person: str) -> None:
    setup = through(lead)
    own = deed(lead, person)
    for refused in (
        lambda: starting_commands.begin(own),
        lambda: starting_commands.take_over(own),
        lambda: starting_commands.go_on(own, place=steps.STANDARDS, given={}),
        lambda: starting_commands.go_back(own, place=steps.OWNERS, given={}),
        lambda: starting_commands.leave_out(own, key="access_review"),
        lambda: starting_commands.put_back(own, key="access_review"),
        lambda: starting_commands.change_proposal(own, key="access_review", wishes=WISHES),
        lambda: starting_commands.start(own, version=setup.version),
        lambda: starting_commands.start_programme(own, ANSWERS),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_it_is_started_as_the_lead_saw_it_or_not_at_all(lead: UnitOfWork) -> None:
    seen = through(lead)
    mira = deed(lead, "UMIRA")
    changed = starting_commands.leave_out(mira, key="access_review")
    with pytest.raises(Stale):
        starting_commands.start(mira, version=seen.version)
    started = starting_commands.start(mira, version=changed.version)
    assert "access_review" not in {each.key for each in started}
    assert open_setup(lead) is None
    for again in (starting_commands.begin, starting_commands.take_over):
        with pytest.raises(ProgrammeRunsAlready):
            again(mira)
    with pytest.raises(ProgrammeRunsAlready):
        starting_commands.start(mira, version=changed.version)


def test_who_has_left_in_the_meantime_is_found_at_the_end(lead: UnitOfWork) -> None:
    seen = through(lead)
    gone = DirectoryEntry("UJONAS", "Jonas", "", "Europe/Berlin", is_deactivated=True)
    people_commands.sync(the_bot(lead), [gone])
    with pytest.raises(AnotherLook) as no:
        starting_commands.start(deed(lead, "UMIRA"), version=seen.version)
    assert no.value.step == steps.OWNERS
    assert lead.workspace().programme_started_on is None
    assert not lead.all(Obligation)
