"""Tasks room: the forms behind a card's buttons and its menu."""

from datetime import date
from typing import Literal

from messages.tasks.payloads import LoadRef, TaskRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.wording import Phrase, words

RETURN_FORM = "task.return_form"
WAIVE_FORM = "task.waive_form"
REOPEN_FORM = "task.reopen_form"
EXPLAIN_FORM = "task.explain_form"
COMMENT_FORM = "task.comment_form"
DELEGATE_FORM = "task.delegate_form"
NOT_MINE_FORM = "task.not_mine_form"
ASSIGN_FORM = "task.assign_form"
PUT_OFF_FORM = "task.put_off_form"
HEIR_FORM = "work.heir_form"
ASSIGN_ALL_FORM = "work.assign_all_form"

REASON = "reason"
COMMENT = "comment"
PERSON = "person"
UNTIL = "until"

ReasonFor = Literal["return", "waive", "reopen", "explain", "comment"]
PersonFor = Literal["delegate", "not_mine", "assign"]
Decision = Literal["waive", "reopen", "assign"]

_REASON_FORMS: dict[ReasonFor, str] = {
    "return": RETURN_FORM,
    "waive": WAIVE_FORM,
    "reopen": REOPEN_FORM,
    "explain": EXPLAIN_FORM,
    "comment": COMMENT_FORM,
}
_PERSON_FORMS: dict[PersonFor, str] = {
    "delegate": DELEGATE_FORM,
    "not_mine": NOT_MINE_FORM,
    "assign": ASSIGN_FORM,
}


def reason_modal(kind: ReasonFor, *, ref: TaskRef, title: str) -> Modal:
    """Asks for a sentence: a deed that needs a reason, or a comment."""
    wording = words("tasks/reason_modal", title=title)
    field = COMMENT if kind == "comment" else REASON
    return kit.modal(
        _REASON_FORMS[kind],
        wording[f"heading_{kind}"],
        [
            kit.section(wording[f"intro_{kind}"]),
            fields.text(field, wording[f"label_{kind}"], wording[f"hint_{kind}"]),
        ],
        submit=wording[f"submit_{kind}"],
        payload=ref,
    )


def person_modal(kind: PersonFor, *, ref: TaskRef, title: str, suggested: str | None = None) -> Modal:
    """Asks who should do a task: the owner delegates it or says that it is not theirs, a lead assigns it."""
    wording = words("tasks/person_modal", title=title)
    is_optional = kind == "not_mine"
    return kit.modal(
        _PERSON_FORMS[kind],
        wording[f"heading_{kind}"],
        [
            kit.section(wording[f"intro_{kind}"]),
            fields.person(PERSON, wording[f"person_{kind}"], given=suggested, optional=is_optional),
            fields.text(REASON, wording[f"reason_{kind}"], optional=not is_optional),
        ],
        submit=wording[f"submit_{kind}"],
        payload=ref,
    )


def put_off_modal(*, ref: TaskRef, title: str, due_on: date, latest: date, times_left: int) -> Modal:
    """Asks until when a task is put off, in words, and why."""
    wording = words("tasks/put_off_modal", title=title, due_on=due_on, latest=latest, times_left=times_left)
    return kit.modal(
        PUT_OFF_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.text(UNTIL, wording.until, wording.until_hint, long=False),
            fields.text(REASON, wording.reason, wording.reason_hint),
        ],
        submit=wording.submit,
        payload=ref,
    )


def heir_modal(*, from_id: str) -> Modal:
    """Asks who gets everything that somebody looks after."""
    wording = words("tasks/heir_modal", from_id=from_id)
    blocks = [kit.section(wording.intro), fields.person(PERSON, wording.person)]
    return kit.modal(HEIR_FORM, wording.heading, blocks, submit=wording.submit, payload=LoadRef(from_id, "", ""))


def assign_all_modal(ref: LoadRef, *, waiting: int, coming: int, obligations: int) -> Modal:
    """Shows in numbers what is about to change hands, before a lead says yes."""
    values = {"waiting": waiting, "coming": coming, "obligations": obligations}
    wording = words("tasks/assign_all_modal", ref=ref, **values)
    if not waiting + coming + obligations:
        return kit.modal("work.nothing", wording.heading, [kit.section(wording.nothing)])
    blocks = [kit.section(wording.intro), kit.section(wording.figures), kit.context(wording.all_or_nothing)]
    return kit.modal(ASSIGN_ALL_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def decided(decision: Decision, *, title: str, owner_id: str) -> Message:
    """Says that a lead's decision was carried out."""
    return _said(words("tasks/decided", title=title, owner_id=owner_id)[decision])


def handed_over(ref: LoadRef, *, waiting: int, coming: int, obligations: int) -> Message:
    """Says what of one person's went to another."""
    return _said(words("tasks/decided", ref=ref, waiting=waiting, coming=coming, obligations=obligations).handed_over)


def _said(sentence: Phrase) -> Message:
    return kit.message(sentence, [kit.section(sentence)])
