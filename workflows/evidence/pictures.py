"""Evidence room: pictures given as evidence are laid under the card of whoever judges them, so that they see it.

It is decided from rows each time a card was shown or drawn anew, so it does not matter whether the picture or the card
came first.
"""

from collections.abc import Iterable

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import tables as evidence_tables
from storage.evidence.tables import Classification, Evidence, Given, Verdict
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.nudges import posted
from storage.nudges.tables import Nudge
from storage.people.tables import Role
from storage.record.outbox import OutboxRow, OutboxState
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.evidence import verdicts
from workflows.nonconformities import independence
from workflows.nudges import rules as nudge_rules
from workflows.nudges.reasons import Reason
from workflows.people import questions as people_questions

# --- rules ---

KIND = "evidence.picture"
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""The kinds of pictures that Slack shows and that hold no script, as their bytes say; an SVG is none of them."""

LARGEST = 20_000_000
"""Bytes; what is larger is shown when it is asked for."""

REVIEWS = ("review", NonconformityState.VERIFYING.value)
"""The rungs of the message of the day that ask somebody to judge."""


def is_shown(evidence: Evidence) -> bool:
    """Whether it is a picture that may be laid before somebody without being asked for."""
    is_small = evidence.size is not None and evidence.size <= LARGEST
    return evidence.media_type in SUFFIXES and is_small and evidence.classification is not Classification.RESTRICTED


def file_name(evidence: Evidence) -> str:
    """What our copy is called in Slack, by which it is found again; people read its title."""
    return f"evidence-{evidence.id}.{SUFFIXES[evidence.media_type]}"


# --- commands ---


def follow(deed: Deed, message: OutboxRow, told: Iterable[Nudge]) -> None:
    """A message was sent, or cards were drawn anew: plan the pictures that belong under them, each once."""
    if message.state is not OutboxState.SENT:
        return
    if message.recipient:
        for nudge in told:
            if nudge.rung in REVIEWS:
                _share_file(deed, message, nudge.subject, nudge.subject_id)
        _share_file(deed, message, message.subject, message.subject_id)
    elif served := _in_review(deed.uow, message.subject, message.subject_id):
        for given in _pictures(deed.uow, served):
            for place in posted.where_posted(deed.uow, message.subject, message.subject_id):
                _plan(deed, served, given, deed.uow.get(OutboxRow, place.message_id))


def _share_file(deed: Deed, message: OutboxRow, subject: str, subject_id: int) -> None:
    if served := _in_review(deed.uow, subject, subject_id):
        for given in _pictures(deed.uow, served):
            _plan(deed, served, given, message)


def _plan(deed: Deed, served: Task | Nonconformity, given: Given, message: OutboxRow) -> None:
    person_id, evidence = message.recipient, given.evidence
    if person_id not in _judges(deed.uow, served):
        return
    planned = deed.uow.schedule(
        slot=nudge_rules.slot(KIND, given.use.id, person_id),
        kind=KIND,
        recipient=person_id,
        subject="evidence",
        subject_id=evidence.id,
        not_before=deed.at,
        at=deed.at,
        values={"use": given.use.id, "under": message.id},
    )
    if planned:
        deed.record("evidence.show", evidence, to=person_id)


# --- questions ---


def why_not(uow: UnitOfWork, row: OutboxRow) -> str:
    """Why a picture need not be laid before somebody any more, or nothing."""
    use = uow.get(evidence_tables.EvidenceUse, row.values["use"])
    if use.verdict is not Verdict.WAITING:
        return Reason.ALREADY_REVIEWED
    return "" if is_shown(uow.get(Evidence, use.evidence_id)) else Reason.PICTURE_NOT_SHOWN


def _in_review(uow: UnitOfWork, subject: str, subject_id: int) -> Task | Nonconformity | None:
    if subject == "task":
        task = uow.get(Task, subject_id)
        return task if task.state is TaskState.SUBMITTED else None
    if subject == "nonconformity":
        finding = uow.get(Nonconformity, subject_id)
        return finding if finding.state is NonconformityState.VERIFYING else None
    return None


def _pictures(uow: UnitOfWork, served: Task | Nonconformity) -> list[Given]:
    standing = verdicts.standing_for(uow, served)
    return [each for each in standing if each.use.verdict is Verdict.WAITING and is_shown(each.evidence)]


def _judges(uow: UnitOfWork, served: Task | Nonconformity) -> set[str]:
    if isinstance(served, Nonconformity):
        return set(independence.actors_next(uow, served))
    own = {served.owner_id, *verdicts.givers(verdicts.standing_for(uow, served))}
    return set(people_questions.holders(uow, Role.LEAD)) - own
