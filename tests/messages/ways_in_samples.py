"""Samples of the forms by which messages, links and machines bring evidence in."""

from collections.abc import Callable
from datetime import datetime

from messages.evidence import forms
from messages.evidence.payloads import OfferedMessageRef
from messages.machines import keys as machine_keys
from messages.machines.payloads import MachineKeyRef
from messages.words.kit import Message, Modal
from tests.messages.values import AT, DUE, MIRA, Say

Sample = Callable[[Say], Message | Modal]


def choices(say: Say) -> forms.Choices:
    mine, theirs = say("Review who has access"), say("Test the restore")
    own = [forms.TaskChoice(number, mine, DUE) for number in range(1, 4)]
    others = [forms.TaskChoice(number, theirs, DUE) for number in range(4, 154)]
    return forms.Choices(own, others)


def key_item(say: Say, used_at: datetime | None) -> machine_keys.KeyItem:
    return machine_keys.KeyItem(
        MachineKeyRef(5), say("Nightly scan"), "0123456789abcdef", say("Scan for weaknesses"), MIRA, AT, used_at
    )


def ways_in_samples() -> dict[str, Sample]:
    return {
        "machine keys": lambda say: machine_keys.listing([key_item(say, AT), key_item(say, None)], is_set_up=True),
        "machine keys, none": lambda _: machine_keys.listing([], is_set_up=False),
        "machine key form": lambda say: machine_keys.form(
            [(str(each), say("Scan for weaknesses")) for each in range(3)]
        ),
        "machine key made": lambda say: machine_keys.made(
            name=say("Nightly scan"),
            url="https://bot.example.org/evidence/a1",
            secret="0f" * 32,
            obligation=say("Scan"),
        ),
        "machine key revoked": lambda say: machine_keys.revoked(name=say("Nightly scan")),
        "link modal, fetched": lambda say: forms.link_modal(
            url=say("https://example.org"), is_fetched=True, choices=choices(say)
        ),
        "link modal, address only": lambda say: forms.link_modal(url="", is_fetched=False, choices=choices(say)),
        "save message modal": lambda say: forms.save_message_modal(
            ref=OfferedMessageRef(3), text=say("The restore worked."), author_id=MIRA, files=2, choices=choices(say)
        ),
        "save message modal, one file, no words": lambda say: forms.save_message_modal(
            ref=OfferedMessageRef(3),
            text="",
            author_id=say("A bot"),
            files=1,
            choices=forms.Choices(choices(say).own, []),
        ),
    }
