"""Responses: where an answer is kept: a field of the draft, a step of a cause, or an action once it is whole."""

from datetime import date
from typing import Any

from storage.nonconformities.tables import Action, ActionState, Asking, Cause, Nonconformity, ResponseDraft
from workflows.deed import Deed
from workflows.nonconformities import drafts
from workflows.responses import questions
from workflows.responses.rules import FIELDS


def keep(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> ResponseDraft:
    """Keep an answer where it belongs, word for word."""
    asking = draft.asking
    assert asking is not None
    if asking in (Asking.WHY, Asking.CAUSE):
        _keep_step(deed, finding, draft, text)
    elif asking is Asking.UNNOTICED:
        _change_cause(deed, finding, draft, how_unnoticed=text)
    elif asking in (Asking.ACTION, Asking.MORE):
        draft = _begin_action(deed, finding, draft, text)
    elif asking is Asking.PROOF:
        draft = _add_action(deed, finding, draft, text)
    else:
        draft = note(deed, draft, **{FIELDS[asking]: text})
    return record(deed, finding, draft, asking)


def record(deed: Deed, finding: Nonconformity, draft: ResponseDraft, asking: Asking) -> ResponseDraft:
    """Write down that something was said to a question."""
    kept = deed.uow.change(draft, said_to=asking, updated_at=deed.at)
    deed.record("response_draft.answer", kept, number=finding.number, asked=asking.value)
    return kept


def note(deed: Deed, draft: ResponseDraft, **values: Any) -> ResponseDraft:
    """Write values into a draft; None takes one out of it."""
    together = {**draft.values, **values}
    return deed.uow.change(draft, values={name: value for name, value in together.items() if value is not None})


def _keep_step(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> None:
    cause = questions.cause_asked(deed.uow, finding, draft)
    if cause is not None:
        deed.uow.change(cause, steps=[*cause.steps, text])
        return
    place = int(draft.values.get("cause", 1))
    deed.uow.add(Cause(nonconformity_id=finding.id, place=place, steps=[text], written_by=deed.by, written_at=deed.at))


def _change_cause(deed: Deed, finding: Nonconformity, draft: ResponseDraft, **values: object) -> None:
    cause = questions.cause_asked(deed.uow, finding, draft)
    assert cause is not None
    deed.uow.change(cause, **values)


def _begin_action(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> ResponseDraft:
    cause = questions.cause_removed(deed.uow, finding, draft)
    assert cause is not None
    return note(deed, draft, action={"causes": [cause.place], "text": text})


def _add_action(deed: Deed, finding: Nonconformity, draft: ResponseDraft, proof: str) -> ResponseDraft:
    """The action is whole now, and a row of its own."""
    told = draft.values["action"]
    deed.uow.add(
        Action(
            nonconformity_id=finding.id,
            place=1 + max((each.place for each in drafts.actions(deed.uow, finding)), default=0),
            causes=told["causes"],
            text=told["text"],
            assignee_id=told["assignee_id"],
            due_on=date.fromisoformat(told["due_on"]),
            expected_proof=proof,
            state=ActionState.PLANNED,
            moved_at=deed.at,
        )
    )
    return note(deed, draft, action=None)
