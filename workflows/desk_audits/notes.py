"""Desk audits: what the team notes of documents they read and of what they watched, beside what people say."""

from collections.abc import Sequence

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import DeskAudit, Mode
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse
from storage.interviews.tables import Answer
from workflows.deed import Deed
from workflows.desk_audits import access, living
from workflows.desk_audits.shapes import Note
from workflows.evidence import commands as evidence_commands
from workflows.evidence import questions as evidence_questions
from workflows.evidence.rules import OfferedFile, Place, Serves
from workflows.frameworks import questions as framework_questions
from workflows.question_bank.bank import plan_templates, shipped_questions
from workflows.question_bank.freezing import in_language
from workflows.refusals import InputWanted, Tried, want_all
from workflows.wishes import Wish

BY_OWN_EYES = (Mode.DOCUMENT_REVIEW, Mode.OBSERVATION)
MOST_CHOSEN_FROM = 100
LANGUAGE = "en"
"""The language of what the product itself says."""

NOTED = "note"
"""What stands in place of a question: nobody was asked."""

NOWHERE = Place(channel_id="", message_ts="")
"""Where a note without files of its own was given."""


def note(deed: Deed, *, audit_id: int, said: Note, files: Sequence[OfferedFile] = (), place: Place = NOWHERE) -> Answer:
    """Write down what a document says or what was watched, and take note of files that show it.

    Raises as `must_work` does, or `InputWanted`.
    """
    audit = access.must_work(deed, audit_id, Tried.WRITE_NOTE)
    _check(deed.uow, audit, said)
    written = deed.uow.add(
        Answer(
            desk_audit_id=audit.id,
            mode=Mode(said.mode),
            written_by=deed.by,
            question_id=NOTED,
            requirements=list(said.requirements),
            prompt=said.prompt.strip(),
            text=said.text.strip(),
            answered_at=deed.at,
        )
    )
    for each in _chosen(deed, audit.id, said.evidence):
        deed.uow.add(EvidenceUse(evidence_id=each.id, answer_id=written.id, added_by=deed.by, added_at=deed.at))
    for file in files:
        evidence_commands.take(deed, file, place, Serves(answer_id=written.id))
    deed.record("desk_audit.note", written, audit=audit.id, mode=said.mode)
    living.drawn_now(deed, audit)
    return written


def _check(uow: UnitOfWork, audit: DeskAudit, said: Note) -> None:
    want_all(said)
    if said.mode not in BY_OWN_EYES:
        raise InputWanted("mode", Wish.CHOOSE_ONE_OPTION)
    if not set(said.requirements) <= set(criteria(uow, audit)):
        raise InputWanted("requirements", Wish.CHOOSE_REQUIREMENT)


def _chosen(deed: Deed, audit_id: int, keys: Sequence[str]) -> list[Evidence]:
    return [each for each in at_hand(deed, audit_id=audit_id) if str(each.id) in keys]


def at_hand(deed: Deed, *, audit_id: int) -> list[Evidence]:
    """The kept evidence the actor may see, for a note to point at, the latest first. Raises as `must_work` does."""
    access.must_work(deed, audit_id, Tried.WRITE_NOTE)
    latest = evidence_questions.latest(deed, limit=MOST_CHOSEN_FROM)
    return [each for each in latest if each.state is EvidenceState.KEPT]


def criteria(uow: UnitOfWork, audit: DeskAudit) -> list[str]:
    """The requirements an audit may measure against: those that were agreed first, then all of its standards."""
    plan = desk_audit_queries.plan_of(uow, audit.id)
    agreed = list(plan.requirements) if plan else []
    editions = dict.fromkeys([audit.edition, *(each.partition(":")[0] for each in agreed)])
    catalogues = [framework_questions.catalogue_of(uow, edition) for edition in editions]
    every = [each.reference for catalogue in catalogues for each in catalogue.requirements.values()]
    return list(dict.fromkeys([*agreed, *every]))


def planned(uow: UnitOfWork, audit: DeskAudit) -> list[str]:
    """What the template of an audit wants looked at: its documents, and what is to be watched."""
    template = plan_templates().get(audit.question_set)
    if template is None:
        return []
    questions = shipped_questions()
    watched = [in_language(questions[each].text, LANGUAGE) for each in template.notes if each in questions]
    return [*(in_language(each, LANGUAGE) for each in template.documents), *watched]
