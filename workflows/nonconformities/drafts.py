"""What an owner has written so far of an answer: kept until it is sent, and carried forward when it comes back."""

from datetime import date
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Action, ActionState, Cause, Nonconformity, Response, ResponseDraft
from workflows.deed import Deed
from workflows.nonconformities.shapes import Plan
from workflows.shapes import fields_of, of_row, values_of

OF_CAUSE = frozenset({"causes", "how_unnoticed"})
OF_ACTION = frozenset({"corrective_action", "assignee_id", "action_due_on", "expected_proof"})
"""Fields of a plan that stand in rows of their own."""

DAYS = frozenset({"action_due_on", "check_effect_on"})


def causes(uow: UnitOfWork, finding: Nonconformity) -> list[Cause]:
    """The causes that are kept for the answer that is being written, in their order."""
    kept = (each for each in queries.causes(uow, finding.id) if each.response_id is None and not each.removed_at)
    return sorted(kept, key=lambda each: each.place)


def actions(uow: UnitOfWork, finding: Nonconformity) -> list[Action]:
    """The same of actions."""
    kept = (each for each in queries.actions(uow, finding.id) if each.response_id is None)
    return sorted((each for each in kept if each.state is not ActionState.CANCELLED), key=lambda each: each.place)


def of_place(rows: list[Cause] | list[Action], place: int) -> Any:
    """The row at a place, if there is one."""
    return next((each for each in rows if each.place == place), None)


def written(uow: UnitOfWork, finding: Nonconformity) -> dict[str, Any]:
    """The fields of the plan that are written so far, by their names; nothing where no draft is kept."""
    draft = queries.draft(uow, finding.id)
    names = {each.name for each in fields_of(Plan)}
    kept = {name: value for name, value in (draft.values if draft else {}).items() if name in names}
    dated = {name: date.fromisoformat(value) if name in DAYS else value for name, value in kept.items()}
    return dated | _of_cause(uow, finding) | _of_action(uow, finding)


def _of_cause(uow: UnitOfWork, finding: Nonconformity) -> dict[str, Any]:
    first = of_place(causes(uow, finding), 1)
    return {} if first is None else {"causes": tuple(first.steps), "how_unnoticed": first.how_unnoticed}


def _of_action(uow: UnitOfWork, finding: Nonconformity) -> dict[str, Any]:
    first = of_place(actions(uow, finding), 1)
    if first is None:
        return {}
    who = {"corrective_action": first.text, "assignee_id": first.assignee_id}
    return {**who, "action_due_on": first.due_on, "expected_proof": first.expected_proof}


def begin(deed: Deed, finding: Nonconformity) -> ResponseDraft:
    """The draft of a case, new where there is none; whoever owns the case now goes on with it."""
    draft = queries.draft(deed.uow, finding.id)
    if draft is None:
        return deed.uow.add(ResponseDraft(nonconformity_id=finding.id, person_id=deed.by, updated_at=deed.at))
    return draft if draft.person_id == deed.by else deed.uow.change(draft, person_id=deed.by)


def keep(deed: Deed, finding: Nonconformity, plan: Plan) -> ResponseDraft:
    """Keep what was filled in, though it can't be sent as it is."""
    keep_first(deed, finding, plan, None)
    draft = begin(deed, finding)
    kept = deed.uow.change(draft, values={**draft.values, **_told(plan)}, updated_at=deed.at)
    deed.record("response_draft.keep", kept, number=finding.number)
    return kept


def _told(plan: Plan) -> dict[str, Any]:
    """What stands in the draft itself, as JSON; causes and actions are rows of their own."""
    kept = {name: value for name, value in values_of(plan).items() if name not in OF_CAUSE | OF_ACTION}
    return {name: value.isoformat() if name in DAYS else value for name, value in kept.items() if value}


def keep_first(deed: Deed, finding: Nonconformity, plan: Plan, response: Response | None) -> None:
    """The cause and the action that stand in an answer itself, as rows like all others; of none, of the draft."""
    of_response: dict[str, Any] = {"response_id": response.id if response else None}
    cause = {"steps": list(plan.causes), "how_unnoticed": plan.how_unnoticed.strip(), **of_response}
    action = {
        "text": plan.corrective_action.strip(),
        "assignee_id": plan.assignee_id or deed.by,
        "due_on": plan.action_due_on,
        "expected_proof": plan.expected_proof.strip(),
        "moved_at": deed.at,
        **of_response,
    }
    if first := of_place(causes(deed.uow, finding), 1):
        deed.uow.change(first, **cause)
    else:
        deed.uow.add(Cause(nonconformity_id=finding.id, place=1, written_by=deed.by, written_at=deed.at, **cause))
    if first := of_place(actions(deed.uow, finding), 1):
        deed.uow.change(first, **action)
    else:
        deed.uow.add(Action(nonconformity_id=finding.id, place=1, causes=[1], **action))


def end(deed: Deed, finding: Nonconformity) -> None:
    """The answer was sent: nothing is asked any more, and nothing is left of the draft."""
    draft = queries.draft(deed.uow, finding.id)
    if draft is not None:
        ended: dict[str, object] = {
            "asking": None,
            "said_to": None,
            "asked_back": "",
            "values": {},
            "updated_at": deed.at,
        }
        deed.redraw(deed.uow.change(draft, **ended))


def carry_forward(deed: Deed, finding: Nonconformity, response: Response) -> None:
    """An answer that comes back stands in the draft as it was sent, with all its causes and actions."""
    draft = queries.draft(deed.uow, finding.id)
    if draft is None:
        draft = deed.uow.add(ResponseDraft(nonconformity_id=finding.id, person_id=finding.owner_id, updated_at=deed.at))
    deed.uow.change(draft, values=_told(of_row(Plan, response)), updated_at=deed.at)
    for cause in queries.causes_of(deed.uow, response):
        deed.uow.add(_again(Cause, cause))
    for action in queries.actions_of(deed.uow, response):
        if action.state is not ActionState.CANCELLED:
            deed.uow.add(_again(Action, action, state=ActionState.PLANNED, moved_at=deed.at))


def _again(table: Any, row: Any, **values: Any) -> Any:
    """A copy of a row for the answer that comes next; the row itself stays as it was sent."""
    same = row.model_dump(exclude={"id", "version", "workspace_id", "response_id"})
    return table(**{**same, **values})
