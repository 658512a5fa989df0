"""What leads do until the programme runs: begin, answer, go back, take over from another lead, and start it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme import starting as stored_starting
from storage.programme.tables import Obligation, Setup
from workflows.dates import workweek
from workflows.deed import Deed
from workflows.people import commands as people_commands
from workflows.people.permissions import Permission
from workflows.programme import calendar, certification, obligations
from workflows.programme.refusals import AnotherLook, ProgrammeRunsAlready, SetupTakenOver
from workflows.programme.shapes import Wishes
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.answers import Aim, Answers
from workflows.programme.starting.steps import ChannelState, Ground
from workflows.refusals import Refusal, Stale, Thing
from workflows.tasks import commands as task_commands


def begin(deed: Deed) -> Setup:
    """The setup as it stands, begun now if there is none; another lead may be at it.

    Raises `NotAllowed` or `ProgrammeRunsAlready`.
    """
    may_start(deed)
    country = workweek.country_of_zone(deed.actor.zone)
    known = country if country in workweek.known_countries() else None
    first = Setup(person_id=deed.by, taken_at=deed.at, place=steps.STANDARDS, answers=Answers(country=known).to_json())
    begun = deed.uow.add_once(first)
    if begun is not None:
        deed.record("setup.begin", begun)
    return begun or _open_setup(deed.uow)


def take_over(deed: Deed) -> Setup:
    """Go on with what another lead has answered. Raises `NotAllowed` or `ProgrammeRunsAlready`."""
    setup = begin(deed)
    if setup.person_id == deed.by:
        return setup
    taken = deed.uow.change(setup, person_id=deed.by, taken_at=deed.at)
    deed.record("setup.take_over", taken, from_=setup.person_id)
    return taken


def go_on(deed: Deed, *, place: str, given: Mapping[str, Any], channel: ChannelState = ChannelState.UNKNOWN) -> Setup:
    """Keep what was answered on a page if it will do, and go on to the next one.

    Raises what is wrong with it, or as `own_setup` does.
    """
    setup = own_setup(deed)
    before = Answers.from_json(setup.answers)
    answers = _without_old_region(before, before.with_more(given))
    steps.check(Ground(deed.uow, deed.actor, deed.their_today, channel), answers, place)
    # The regions to choose from are those of the country, so a new country is asked about once more.
    stays = place == steps.WORKING and answers.country != before.country and _has_regions(answers)
    return _keep(deed.uow, setup, answers, place if stays else steps.after(answers, place))


def _without_old_region(before: Answers, answers: Answers) -> Answers:
    return answers if answers.country == before.country else answers.with_more({"region": None})


def _has_regions(answers: Answers) -> bool:
    return bool(workweek.region_codes(answers.country))


def go_back(deed: Deed, *, place: str, given: Mapping[str, Any]) -> Setup:
    """Keep what stands on a page, will it do or not, and go back to the one before. Raises as `own_setup` does."""
    setup = own_setup(deed)
    answers = Answers.from_json(setup.answers).with_more(given)
    return _keep(deed.uow, setup, answers, steps.before(answers, place))


def leave_out(deed: Deed, *, key: str) -> Setup:
    """Do without a proposed obligation. Raises as `own_setup` does."""
    setup = own_setup(deed)
    answers = Answers.from_json(setup.answers)
    left_out = dict.fromkeys((*answers.left_out, key))
    return _keep(deed.uow, setup, answers.with_more({"left_out": tuple(left_out)}), steps.OBLIGATIONS)


def put_back(deed: Deed, *, key: str) -> Setup:
    """Want a proposed obligation after all. Raises as `own_setup` does."""
    setup = own_setup(deed)
    answers = Answers.from_json(setup.answers)
    left_out = tuple(each for each in answers.left_out if each != key)
    return _keep(deed.uow, setup, answers.with_more({"left_out": left_out}), steps.OBLIGATIONS)


def change_proposal(deed: Deed, *, key: str, wishes: Wishes) -> Setup:
    """Want a proposed obligation otherwise. Raises what `obligations.values` refuses, or as `own_setup` does."""
    setup = own_setup(deed)
    answers = Answers.from_json(setup.answers)
    obligations.values(deed.uow, wishes, proposals.scope_of(deed.uow, answers))
    return _keep(deed.uow, setup, answers.with_more({"changed": {key: wishes}}), steps.OBLIGATIONS)


def start(deed: Deed, *, version: int) -> list[Obligation]:
    """Start the programme with everything that was answered, all or nothing.

    Raises `AnotherLook` where something that was possible is not any more, `Stale` when the answers are others than
    the lead has seen, or as `own_setup` does.
    """
    setup = own_setup(deed)
    if setup.version != version:
        raise Stale(Thing.SETUP)
    answers = Answers.from_json(setup.answers)
    ground = Ground(deed.uow, deed.actor, deed.their_today)
    for place in steps.places(answers):
        _look_again(ground, answers, place)
    deed.uow.change(setup, place=steps.SUMMARY, settled_at=deed.at)
    return start_programme(deed, answers)


def _look_again(ground: Ground, answers: Answers, place: str) -> None:
    try:
        steps.check(ground, answers, place)
    except Refusal as no:
        raise AnotherLook(step=steps.NUMBERED[steps.number(place) - 1]) from no


def start_programme(deed: Deed, answers: Answers) -> list[Obligation]:
    """Make answers that will do into a programme: roles, settings, obligations, certificates and their tasks.

    Raises `NotAllowed`, `ProgrammeRunsAlready`, or what is wrong with the answers.
    """
    may_start(deed)
    today = deed.their_today
    ground = Ground(deed.uow, deed.actor, today)
    steps.check(ground, answers, steps.SUMMARY)
    for role, chosen in ((Role.AUDITOR, answers.auditors), (Role.MANAGEMENT, answers.management)):
        for person_id in chosen:
            people_commands.grant(deed, person_id, role)
    wanted = proposals.proposed(deed.uow, answers, zone=deed.actor.zone, today=today)
    added = [deed.uow.add(row) for row in wanted if row.key not in answers.left_out]
    _put_settings(deed, answers, today)
    _plan(deed, ground, answers)
    _record_start(deed, answers, added)
    _tell(deed, today)
    return added


def _put_settings(deed: Deed, answers: Answers, today: date) -> None:
    deed.uow.put_workspace(
        zone=deed.actor.zone,
        standards=list(answers.standards),
        owners=dict(answers.owners),
        deputies=dict(answers.deputies),
        working_weekdays=list(answers.weekdays),
        country=answers.country,
        region=answers.region,
        shows_titles=answers.shows_titles,
        digest_channel_id=answers.digest_channel,
        programme_started_on=today,
    )


def _plan(deed: Deed, ground: Ground, answers: Answers) -> None:
    """Write down the tasks, those of each certificate included."""
    for edition in answers.standards:
        if steps.aim(answers, edition) is not Aim.NO_CERTIFICATE:
            wanted = steps.certificate(ground, answers, edition)
            certification.set_dates(deed, edition=edition, wanted=wanted, version=None)
    calendar.tick(deed.by_itself)
    task_commands.tick(deed.by_itself)


def _record_start(deed: Deed, answers: Answers, added: list[Obligation]) -> None:
    deed.record(
        "programme.start",
        ("programme", deed.uow.workspace_id),
        standards=list(answers.standards),
        obligations=[row.key for row in added],
        left_out=list(answers.left_out),
        owners=dict(answers.owners),
        digest_channel=answers.digest_channel,
    )


def _tell(deed: Deed, today: date) -> None:
    deed.message([deed.by], ("programme", 0), "programme.started", what=(today,), at_once=True)


def _keep(uow: UnitOfWork, setup: Setup, answers: Answers, place: str) -> Setup:
    return uow.change(setup, answers=answers.to_json(), place=place)


# --- questions ---


def may_start(deed: Deed) -> None:
    """Raise unless the actor may start the programme now: `NotAllowed` or `ProgrammeRunsAlready`."""
    deed.must(Permission.START_PROGRAMME)
    started_on = deed.uow.workspace().programme_started_on
    if started_on is not None:
        raise ProgrammeRunsAlready(since=started_on)


def own_setup(deed: Deed) -> Setup:
    """The setup that the actor is at.

    Raises `NotAllowed`, `ProgrammeRunsAlready`, or `SetupTakenOver` when another lead goes on with it.
    """
    may_start(deed)
    setup = _open_setup(deed.uow)
    if setup.person_id != deed.by:
        raise SetupTakenOver(by=setup.person_id)
    return setup


def _open_setup(uow: UnitOfWork) -> Setup:
    setup = stored_starting.open_setup(uow)
    assert setup is not None  # its windows are opened by `begin`, which writes it down
    return setup


def first_told(uow: UnitOfWork, answers: Answers, *, zone: str, today: date) -> list[tuple[date, Obligation]]:
    """Whose owner is told of which obligation on which day, soonest first, if the programme is started today."""
    working = proposals.working_days_of(answers, zone)
    wanted = proposals.proposed(uow, answers, zone=zone, today=today)
    kept = [each for each in wanted if each.key not in answers.left_out]
    due = [(proposals.first_due(each, working), each) for each in kept]
    told = [(max(today, calendar.opens_on(day, each.lead_days, working)), each) for day, each in due]
    return sorted(told, key=lambda pair: (pair[0], pair[1].key))
