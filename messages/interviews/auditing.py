"""Interviews room: what an auditor does with one: notes of a talk, words taken out, rows drawn again, others asked."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from messages.interviews.cards import Drawn
from messages.interviews.payloads import DrawRef, InterviewRef, RedactRef
from messages.words import fields, inputs, kit
from messages.words.kit import Modal
from messages.words.wording import words
from workflows.interviews.shapes import MORE, OTHERS, DrawAgain

REDACT = "answer.redact"
REDACT_FORM = "answer.redact_form"
TALK_FORM = "interview.talk_form"
INSTEAD_FORM = "interview.instead_form"

DRAW_AGAIN = "interview.draw_again"
DRAW_AGAIN_FORM = "interview.draw_again_form"

REASON = "reason"
WORDS = "words"
PERSON = "person"


def redact_button(ref: RedactRef) -> ButtonElement:
    """For wherever an auditor reads a confirmed answer."""
    return kit.button(words("interviews/redact_modal").button, REDACT, ref)


def redact_modal(ref: RedactRef, *, prompt: str, text: str) -> Modal:
    """Which words of an answer go, and why."""
    wording = words("interviews/redact_modal", prompt=prompt, text=text)
    body = [
        kit.section(wording.question),
        kit.section(wording.said),
        fields.text(WORDS, wording.words, wording.words_hint, optional=True),
        fields.text(REASON, wording.reason, wording.reason_hint),
    ]
    return kit.modal(REDACT_FORM, wording.heading, body, submit=wording.submit, payload=ref)


def draw_again_button(ref: DrawRef) -> ButtonElement:
    """For wherever an auditor reads an answer that was drawn from."""
    return kit.button(words("interviews/draw_again_modal").button, DRAW_AGAIN, ref)


def draw_again_modal(ref: DrawRef, *, drawn: Drawn) -> Modal:
    """Other rows or more of them, and why; `drawn` is what was drawn last."""
    wording = words("interviews/draw_again_modal", drawn=drawn)
    choices = {"how": [(each, wording[f"how_{each}"].plain) for each in (OTHERS, MORE)]}
    asked = inputs.inputs(DrawAgain, wording, given={"rows": str(len(drawn.labels))}, choices=choices)
    body = [kit.section(wording.intro), *asked]
    return kit.modal(DRAW_AGAIN_FORM, wording.heading, body, submit=wording.submit, payload=ref)


def talk_modal(ref: InterviewRef, *, person_id: str, questions: Sequence[tuple[str, str]]) -> Modal:
    """A field for each question that is still open: what the person said to it, for `questions` by id and prompt."""
    wording = words("interviews/talk_modal", person_id=person_id)
    notes: list[Block] = [
        fields.text(name, words("interviews/talk_modal", prompt=prompt).note, optional=True)
        for name, prompt in questions
    ]
    body = [kit.section(wording.intro), *notes]
    return kit.modal(TALK_FORM, wording.heading, body, submit=wording.submit, payload=ref)


def instead_modal(ref: InterviewRef, *, person_id: str, audit_title: str) -> Modal:
    """Who is asked instead of somebody who didn't answer."""
    wording = words("interviews/instead_modal", person_id=person_id, audit_title=audit_title)
    body = [kit.section(wording.intro), fields.person(PERSON, wording.person)]
    return kit.modal(INSTEAD_FORM, wording.heading, body, submit=wording.submit, payload=ref)
