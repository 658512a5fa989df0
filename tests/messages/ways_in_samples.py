"""Samples of the forms by which messages, links and machines bring evidence in."""

from collections.abc import Callable

from messages import evidence_forms as forms
from messages.kit import Message, Modal
from messages.payloads import OfferedMessageRef
from tests.messages.values import DUE, MIRA, Say

Sample = Callable[[Say], Message | Modal]


def choices(say: Say) -> forms.Choices:
    mine, theirs = say("Review who has access"), say("Test the restore")
    own = [forms.TaskChoice(number, mine, DUE) for number in range(1, 4)]
    others = [forms.TaskChoice(number, theirs, DUE) for number in range(4, 154)]
    return forms.Choices(own, others)


def ways_in_samples() -> dict[str, Sample]:
    return {
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
