"""Calendar room: starting the programme, and what a lead hears once it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages import fields, kit
from messages.fields import Choice
from messages.kit import Message, Modal
from messages.payloads import Nothing
from messages.wording import words

START = "programme.start"
START_FORM = "programme.start_form"

STANDARDS = "standards"
OWNER = "owner."
"""Before the key of an owner group: `owner.it_operations` is the field for that group's owner."""
DIGEST_CHANNEL = "digest_channel"
AUDITORS = "auditors"
MANAGEMENT = "management"


@dataclass(frozen=True)
class OwnerGroup:
    """An area that needs somebody to look after it; `hint` says which duties come with it."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True)
class FirstDue:
    """One of the first things to fall due."""

    title: str
    due_on: date
    owner_id: str


def start_button() -> ButtonElement:
    """Opens the modal that starts the programme."""
    return kit.button(words("calendar/start_modal").button_start, START, Nothing(), style="primary")


def start_modal(*, standards: Sequence[Choice], owner_groups: Sequence[OwnerGroup], zone: str) -> Modal:
    """Which standards, who looks after what, where management reads. `zone` is the organisation's own (IANA name)."""
    wording = words("calendar/start_modal", zone=zone)
    owners = [_owner_field(group) for group in owner_groups]
    return kit.modal(
        START_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.ticks(STANDARDS, wording.standards, standards, wording.standards_hint),
            *owners,
            fields.people(AUDITORS, wording.auditors, wording.auditors_hint),
            fields.people(MANAGEMENT, wording.management, wording.management_hint),
            fields.channel(DIGEST_CHANNEL, wording.digest_channel, wording.digest_channel_hint),
        ],
        submit=wording.submit,
        payload=Nothing(),
    )


def _owner_field(group: OwnerGroup) -> Block:
    wording = words("calendar/start_modal", group=group)
    return fields.person(f"{OWNER}{group.key}", wording.owner, wording.owner_hint)


def started(
    *, standards: Sequence[str], obligations: int, first_due: Sequence[FirstDue], digest_channel_id: str
) -> Message:
    """Told to the lead who started the programme."""
    wording = words(
        "calendar/started", standards=standards, obligations=obligations, digest_channel_id=digest_channel_id
    )
    first = [words("calendar/started", item=each).line for each in first_due]
    listed = [kit.section(wording.first), kit.lines(first, most=10)] if first else []
    return kit.message(
        wording.summary, [kit.header(wording.title), kit.section(wording.body), *listed, kit.section(wording.next)]
    )
