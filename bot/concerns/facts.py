"""Concerns: what the words need to know, looked up in rows."""

from datetime import datetime

from bot.evidence.facts import file_line
from messages.concerns import cards as words
from messages.concerns.payloads import ConcernRef
from storage.concerns.tables import Concern
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.programme.tables import Obligation
from storage.tasks.tables import Task, TaskState
from workflows.nudges.rules import local_day

ENDS = {
    NonconformityState.CLOSED: "closed",
    NonconformityState.VOID: "void",
    TaskState.ACCEPTED: "done",
    TaskState.WAIVED: "not_needed",
}


def card(uow: UnitOfWork, concern: Concern, at: datetime) -> words.ConcernCard:
    """Everything a concern's cards show now."""
    return words.ConcernCard(
        ref=ConcernRef(concern.id, concern.version),
        number=concern.number,
        kind=concern.kind.value,
        words=concern.words,
        place=concern.place,
        process=concern.process,
        reporter_id=concern.reporter_id,
        raised_at=concern.raised_at,
        due_on=concern.due_on,
        today=local_day(uow.workspace().zone, at),
        state=concern.state.value,
        decided_by=concern.decided_by,
        reason=concern.reason,
        files=[file_line(each) for each in evidence_queries.for_concern(uow, concern.id)],
        became=_became(uow, concern),
    )


def _became(uow: UnitOfWork, concern: Concern) -> words.Became | None:
    if concern.nonconformity_id is not None:
        case = uow.get(Nonconformity, concern.nonconformity_id)
        return words.Became(number=case.number, end=ENDS.get(case.state, ""), reason=case.reason)
    if concern.obligation_id is None:
        return None
    promised = uow.get(Obligation, concern.obligation_id)
    tasks = uow.matching(Task, obligation_id=promised.id)
    owner = tasks[-1].owner_id if tasks else promised.owner_id
    end = next((ENDS[each.state] for each in tasks if each.state in ENDS), "")
    return words.Became(owner_id=owner, due_on=promised.starts_on, end=end)
