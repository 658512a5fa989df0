"""The steps of the setup: in which order they come, and whether what was answered in one will do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import CertificateState
from workflows.dates import workweek
from workflows.frameworks import rules as framework_rules
from workflows.people import questions as people_questions
from workflows.people.refusals import CannotTakeOver
from workflows.people.rules import Actor
from workflows.programme import certification
from workflows.programme.refusals import ChannelNotUsable
from workflows.programme.shapes import CertificateDates
from workflows.programme.starting import proposals
from workflows.programme.starting.answers import Aim, Answers, Dates
from workflows.programme.starting.proposals import OwnerGroup
from workflows.refusals import InputWanted
from workflows.wishes import Wish

STANDARDS, AIMS, OWNERS, WORKING, OBLIGATIONS, SUMMARY = (
    "standards",
    "certification",
    "owners",
    "working",
    "obligations",
    "summary",
)
NUMBERED = (STANDARDS, AIMS, OWNERS, WORKING, OBLIGATIONS)
"""The steps as people count them; a page of dates belongs to that of certification, and the summary to none."""

DATES = "dates:"
"""What the pages of dates begin with: one for each standard with a certificate, or on the way to one."""

OWNER, DEPUTY, AIM = "owner.", "deputy.", "aim."
"""Before the key of an owner group or an edition: the name of its field."""

LONGEST_NAME = certification.LONGEST_NAME


class ChannelState(StrEnum):
    """Whether the bot can write in a channel. `unseen`: it is private or gone; `unknown`: Slack did not say."""

    READY = "ready"
    NOT_INVITED = "not_invited"
    ARCHIVED = "archived"
    UNSEEN = "unseen"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Ground:
    """What a check stands on: who sets up, which day it is, and what Slack says of the channel that was chosen."""

    uow: UnitOfWork
    actor: Actor
    today: date
    channel: ChannelState = ChannelState.UNKNOWN


def places(answers: Answers) -> list[str]:
    """Every page, in order."""
    dated = [f"{DATES}{each}" for each in answers.standards if aim(answers, each) is not Aim.NO_CERTIFICATE]
    return [STANDARDS, AIMS, *dated, OWNERS, WORKING, OBLIGATIONS, SUMMARY]


def number(place: str) -> int:
    """Which of the numbered steps a page belongs to."""
    return NUMBERED.index(AIMS if place.startswith(DATES) else place) + 1


def after(answers: Answers, place: str) -> str:
    """The page after this one; the last stays, and one that is gone leads to the first."""
    found = places(answers)
    return found[min(found.index(place) + 1, len(found) - 1)] if place in found else STANDARDS


def before(answers: Answers, place: str) -> str:
    """The page before this one; the first stays, and one that is gone leads to it."""
    found = places(answers)
    return found[max(found.index(place) - 1, 0)] if place in found else STANDARDS


def aim(answers: Answers, edition: str) -> Aim:
    """How a standard is followed; nobody is taken to be certified who did not say so."""
    said = answers.aims.get(edition)
    return Aim(said) if said in set(Aim) else Aim.NO_CERTIFICATE


# --- whether it will do ---


def check(ground: Ground, answers: Answers, place: str) -> None:
    """Raise what is wrong with the answers of a page, naming its field."""
    if place.startswith(DATES):
        certificate(ground, answers, place.removeprefix(DATES))
    else:
        _CHECKS[place](ground, answers)


def _standards(_: Ground, answers: Answers) -> None:
    if not answers.standards or not set(answers.standards) <= set(framework_rules.EDITIONS):
        raise InputWanted(STANDARDS, Wish.CHOOSE_ANY_STANDARD)


def _aims(_: Ground, answers: Answers) -> None:
    for edition in answers.standards:
        if answers.aims.get(edition, Aim.NO_CERTIFICATE) not in set(Aim):
            raise InputWanted(f"{AIM}{edition}", Wish.CHOOSE_ONE_OF_THREE)


def _owners(ground: Ground, answers: Answers) -> None:
    check_owners(ground.uow, proposals.groups_of(answers.standards), answers.owners, answers.deputies)
    _several(ground.uow, answers.auditors, "auditors")
    _several(ground.uow, answers.management, "management")


def check_owners(
    uow: UnitOfWork, groups: Iterable[OwnerGroup], owners: Mapping[str, str], deputies: Mapping[str, str]
) -> None:
    """Raise unless each field of work has an owner, and no deputy who could not stand in."""
    for group in groups:
        owner, deputy = owners.get(group.key, ""), deputies.get(group.key, "")
        if not owner:
            raise InputWanted(f"{OWNER}{group.key}", Wish.CHOOSE_WHO_LOOKS_AFTER_THIS)
        must_be_member(uow, owner, f"{OWNER}{group.key}")
        if deputy:
            must_be_member(uow, deputy, f"{DEPUTY}{group.key}")
        if deputy == owner:
            raise CannotTakeOver(person=deputy, because="same", field_name=f"{DEPUTY}{group.key}")


def _several(uow: UnitOfWork, chosen: Iterable[str], field: str) -> None:
    if not chosen:
        raise InputWanted(field, Wish.CHOOSE_ANY_PERSON)
    for person_id in chosen:
        must_be_member(uow, person_id, field)


def must_be_member(uow: UnitOfWork, person_id: str, field: str) -> None:
    """Raise `CannotTakeOver` unless somebody belongs to the organisation and would read what the bot writes."""
    if people_questions.must_be_there(uow, person_id, field=field).is_guest:
        raise CannotTakeOver(person=person_id, because="guest", field_name=field)


def _working(ground: Ground, answers: Answers) -> None:
    workweek.check(answers.weekdays, answers.country, answers.region)
    check_channel(answers.digest_channel, ground.channel)


def check_channel(channel_id: str, state: ChannelState) -> None:
    """Raise unless management can read there what the bot writes: `InputWanted` or `ChannelNotUsable`."""
    if not channel_id:
        raise InputWanted("digest_channel", Wish.CHOOSE_CHANNEL_OF_MANAGEMENT)
    if state not in (ChannelState.READY, ChannelState.UNKNOWN):
        raise ChannelNotUsable(because=state.value)


def _obligations(ground: Ground, answers: Answers) -> None:
    proposals.proposed(ground.uow, answers, zone=ground.actor.zone, today=ground.today)


def _everything(ground: Ground, answers: Answers) -> None:
    for place in places(answers)[:-1]:
        check(ground, answers, place)


_CHECKS: Mapping[str, Callable[[Ground, Answers], None]] = MappingProxyType(
    {
        STANDARDS: _standards,
        AIMS: _aims,
        OWNERS: _owners,
        WORKING: _working,
        OBLIGATIONS: _obligations,
        SUMMARY: _everything,
    }
)


# --- certificates ---


def certificate(ground: Ground, answers: Answers, edition: str) -> CertificateDates:
    """What the dates of a standard come to. Raises what is impossible about them, beside its field."""
    said = answers.dates.get(edition, Dates())
    wanted = CertificateDates(
        state=_state(aim(answers, edition), said, ground.today),
        owner_id=ground.actor.person_id,
        **vars(said),
    )
    if said.decided_on and said.decided_on > ground.today:
        raise InputWanted("decided_on", Wish.ENTER_PAST_DATE_OR_PREPARING)
    certification.checked(ground.uow, wanted, None, today=ground.today)
    return wanted


def _state(chosen: Aim, said: Dates, today: date) -> CertificateState:
    """A stage is done when its last day is past."""
    if chosen is Aim.CERTIFIED:
        return CertificateState.CERTIFIED
    if said.stage_2_on and said.stage_2_on < today:
        return CertificateState.STAGE_2_DONE
    is_past = said.stage_1_on is not None and said.stage_1_on < today
    return CertificateState.STAGE_1_DONE if is_past else CertificateState.APPLICANT
