"""People room: the first words to somebody, what is known of a person, roles, deputies and absence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.nudges.day import DayItem
from messages.people.payloads import PersonRef
from messages.programme.starting import WorkingDraft, working_day_fields
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import Words, words

CLAIM_LEAD = "lead.claim"
CHANGE_ROLES = "person.roles"
CHANGE_NAMES = "person.names"
HAND_OVER = "person.hand_over"
AWAY = "person.away"
BACK = "person.back"

ROLES_FORM = "person.roles_form"
NAMES_FORM = "person.names_form"
AWAY_FORM = "person.away_form"
CHANGE_DAYS = "person.days"
DAYS_FORM = "person.days_form"
ROLES, MANAGER, DEPUTY, FROM, UNTIL = "roles", "manager", "deputy", "from", "until"


@dataclass(frozen=True)
class Absence:
    """From when until when somebody is away, both days included."""

    first: date
    last: date


@dataclass(frozen=True)
class Status:
    """What somebody's Slack status says while it is taken to say that they are away."""

    text: str
    until: datetime


@dataclass(frozen=True)
class PersonCard:
    """What is known of somebody. `kind` is left, bot, guest or nothing; `waiting`, `coming`: how many tasks.

    `weekdays` on which they work are counted from Monday, which is 0; `country` is the one whose holidays
    they have, if it is known.
    """

    ref: PersonRef
    title: str
    zone: str
    kind: str
    roles: Sequence[str]
    manager_id: str | None
    deputy_id: str | None
    absence: Absence | None
    waiting: int
    coming: int
    obligations: int
    status: Status | None = None
    weekdays: Sequence[int] = ()
    country: str = ""
    may_change_roles: bool = False
    may_look_after: bool = False
    may_assign: bool = False


def welcome(*, person_id: str) -> Message:
    """Told to somebody who writes to the bot: what it is, and where to find what waits for them."""
    wording = words("people/welcome", person_id=person_id)
    return kit.message(wording.summary, [kit.section(wording.body), kit.context(wording.where)])


def not_away() -> Message:
    """Told to somebody who says that they are back and was not away."""
    said = words("people/absence").not_away
    return kit.message(said, [kit.section(said)])


def lead_claimed(*, person_id: str) -> Message:
    """Told to an administrator who took the role of compliance lead."""
    wording = words("people/lead_claimed", person_id=person_id)
    return kit.message(wording.summary, [kit.section(wording.body), kit.section(wording.next)])


def no_lead_yet(*, is_admin: bool) -> Message:
    """Told to somebody whose wish needs a compliance lead; administrators can take the role at once."""
    wording = words("people/no_lead_yet")
    sentence = wording.admin if is_admin else wording.anybody
    buttons = kit.actions([claim_button()] if is_admin else [])
    return kit.message(wording.summary, [kit.section(sentence), *buttons])


def cannot_reach(*, recipient: str, why: str) -> DayItem:
    """Told to a compliance lead when a message could not be delivered; `recipient` is a person or a channel."""
    return _to_know(words("people/cannot_reach", recipient=recipient, why=why))


def silence_notice(*, day: date, unreached: Sequence[str]) -> Message:
    """Told to the digest's channel: people and channels that could not be reached on a day."""
    wording = words("people/silence_notice", day=day)
    listed = [words("people/silence_notice", day=day, recipient=each).recipient for each in unreached]
    return kit.message(wording.summary, [kit.section(wording.body), kit.lines(listed), kit.context(wording.advice)])


def _to_know(wording: Words) -> DayItem:
    blocks = [kit.section(wording.body), kit.context(wording.advice)]
    return DayItem("know", wording.title.plain, blocks, lambda: kit.message(wording.summary, blocks))


def claim_button() -> ButtonElement:
    """Takes the role of compliance lead, after asking once more."""
    wording = words("people/no_lead_yet")
    confirm = kit.ask_first(wording.claim_title, wording.claim_text, yes=wording.claim_yes, no=wording.claim_no)
    return kit.button(wording.button_claim, CLAIM_LEAD, Nothing(), style="primary", confirm=confirm)


def person_card(card: PersonCard) -> Message:
    """The answer to `/iso people`: who somebody is here, and what may be changed."""
    wording = words("people/person_card", card=card)
    figures = [kit.section(wording.work)]
    return kit.message(
        wording.summary,
        [kit.section(wording.person), kit.section(wording.part), *figures, *kit.actions(_person_buttons(card))],
    )


def _person_buttons(card: PersonCard) -> list[ButtonElement]:
    wording = words("people/person_card", card=card)
    has_work = card.waiting + card.coming + card.obligations > 0
    offered = (
        (card.may_change_roles and card.kind not in ("bot", "left"), wording.button_roles, CHANGE_ROLES),
        (card.may_look_after, wording.button_names, CHANGE_NAMES),
        (card.may_look_after, wording.button_days, CHANGE_DAYS),
        (card.may_look_after and card.absence is None, wording.button_away, AWAY),
        (card.may_look_after and card.absence is not None, wording.button_back, BACK),
        (card.may_assign and has_work, wording.button_hand_over, HAND_OVER),
    )
    return [kit.button(label, action_id, card.ref) for is_offered, label, action_id in offered if is_offered]


def absence_blocks(ref: PersonRef, absence: Absence | None) -> list[Block]:
    """In App Home: whether one is away, and the buttons that change it, and one's working days."""
    wording = words("people/absence", absence=absence)
    said = [kit.context(wording.away)] if absence else []
    button = kit.button(wording.button_back, BACK, ref) if absence else kit.button(wording.button_away, AWAY, ref)
    return [*said, *kit.actions([button, kit.button(wording.button_days, CHANGE_DAYS, ref)])]


def roles_modal(ref: PersonRef, *, roles: Sequence[str], held: Sequence[str]) -> Modal:
    """Asks a lead which roles somebody holds."""
    wording = words("people/roles_modal", person_id=ref.person)
    choices = [(role, wording[role].plain) for role in roles]
    blocks = [kit.section(wording.intro), fields.ticks(ROLES, wording.roles, choices, given=held, optional=True)]
    return kit.modal(ROLES_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def names_modal(ref: PersonRef, *, manager_id: str | None, deputy_id: str | None) -> Modal:
    """Asks who somebody reports to, and who stands in for them."""
    wording = words("people/names_modal", person_id=ref.person)
    blocks = [
        kit.section(wording.intro),
        fields.person(MANAGER, wording.manager, wording.manager_hint, given=manager_id, optional=True),
        fields.person(DEPUTY, wording.deputy, wording.deputy_hint, given=deputy_id, optional=True),
    ]
    return kit.modal(NAMES_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def away_modal(ref: PersonRef, *, given: Absence, deputy_id: str | None) -> Modal:
    """Asks when somebody is away, and who stands in for them."""
    wording = words("people/away_modal", person_id=ref.person)
    blocks = [
        kit.section(wording.intro),
        fields.day(FROM, wording.first, given=given.first),
        fields.day(UNTIL, wording.last, given=given.last),
        fields.person(DEPUTY, wording.deputy, wording.deputy_hint, given=deputy_id, optional=True),
    ]
    return kit.modal(AWAY_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def days_modal(ref: PersonRef, draft: WorkingDraft) -> Modal:
    """Asks on which days somebody works, and whose holidays they have."""
    wording = words("people/days_modal", person_id=ref.person)
    blocks = [kit.section(wording.intro), *working_day_fields(draft, of_person=True)]
    return kit.modal(DAYS_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def left(*, person_id: str, handed_on: int, without_owner: int) -> DayItem:
    """Told to the leads, once, when somebody has left who looked after something."""
    return _to_know(words("people/left", person_id=person_id, handed_on=handed_on, without_owner=without_owner))
