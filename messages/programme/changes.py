"""Calendar room: a significant change, and who is asked for what because of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import words

ANNOUNCE_FORM = "change.announce_form"

WHAT = "what"
LOOK_AGAIN = "look_again"
TELL = "tell"


@dataclass(frozen=True)
class Asked:
    """A task that somebody is asked for because of the change."""

    title: str
    owner_id: str
    due_on: date


def form(what: str, *, reviews: Sequence[Choice], standards: Sequence[Choice]) -> Modal:
    """The form of `/iso change`: everything that a change may touch is ticked."""
    wording = words("programme/calendar/change")
    ticks = [
        fields.ticks(
            name, wording[name], choices, wording[f"{name}_hint"], given=[key for key, _ in choices], optional=True
        )
        for name, choices in ((LOOK_AGAIN, reviews), (TELL, standards))
        if choices
    ]
    return kit.modal(
        ANNOUNCE_FORM,
        wording.heading,
        [kit.section(wording.intro), fields.text(WHAT, wording.what, wording.what_hint, given=what), *ticks],
        submit=wording.submit,
        payload=Nothing(),
    )


def announced(asked: Sequence[Asked]) -> Message:
    """The answer: who is asked for what."""
    wording = words("programme/calendar/change", count=len(asked))
    lines = [words("programme/calendar/change", asked=each).line for each in asked]
    return kit.message(wording.summary, [kit.section(wording.announced), *([kit.lines(lines)] if lines else [])])


def purpose(what: str) -> str:
    """Why an owner is asked."""
    return words("programme/calendar/change", what=what).purpose.plain


def notice(standard: str) -> str:
    """What the task to tell the certification body of a standard is called."""
    return words("programme/calendar/change", standard=standard).notice.plain


def about_notices(what: str) -> tuple[str, str]:
    """What such a task is for, and what shows that it was done."""
    wording = words("programme/calendar/change", what=what)
    return wording.notice_purpose.plain, wording.evidence_of_notice.plain
