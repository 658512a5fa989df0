"""What is on record of somebody's fitness to audit (ISO 19011, 7): recorded by another person, ended, never deleted."""

from datetime import date

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditorCompetence
from workflows.deed import Deed
from workflows.desk_audits.refusals import OwnCompetence
from workflows.desk_audits.shapes import Competence
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, want_all
from workflows.wishes import Wish

LONGEST_BASIS = 3_000


def record(deed: Deed, *, said: Competence) -> AuditorCompetence:
    """Record it; what was on record for the same edition ends with it.

    Raises `NotAllowed`, `OwnCompetence`, or `InputWanted`, also for a day that is over.
    """
    deed.must(Permission.RECORD_COMPETENCE)
    want_all(said)
    people_questions.must_be_there(deed.uow, said.person_id, field="person_id")
    if said.person_id == deed.by:
        raise OwnCompetence
    _must_make_sense(deed, said)
    for known in desk_audit_queries.competences(deed.uow, said.person_id):
        if known.edition == said.edition:
            deed.uow.change(known, ended_at=deed.at)
    kept = deed.uow.add(
        AuditorCompetence(
            person_id=said.person_id,
            edition=said.edition,
            basis=said.basis.strip(),
            valid_until=said.valid_until,
            recorded_by=deed.by,
            recorded_at=deed.at,
        )
    )
    deed.record("auditor_competence.record", kept, edition=kept.edition, person=kept.person_id)
    return kept


def _must_make_sense(deed: Deed, said: Competence) -> None:
    if said.edition not in deed.uow.workspace().standards:
        raise InputWanted("edition", Wish.CHOOSE_STANDARD_OF_PROGRAMME)
    if len(said.basis) > LONGEST_BASIS:
        raise InputWanted("basis", Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_BASIS})
    if said.valid_until and said.valid_until < deed.today:
        raise InputWanted("valid_until", Wish.CHOOSE_TODAY_OR_LATER)


def to_record(deed: Deed) -> list[str]:
    """The editions for which it can be recorded. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.RECORD_COMPETENCE)
    people_questions.programme_must_run(deed.uow)
    return list(deed.uow.workspace().standards)


def on_record(deed: Deed, *, person_id: str) -> list[AuditorCompetence]:
    """What is on record of somebody, the newest first. Raises `NotAllowed`: one's own, or for those who see audits."""
    if person_id != deed.by and not deed.may(Permission.RECORD_COMPETENCE):
        deed.must(Permission.SEE_DESK_AUDITS)
    return desk_audit_queries.competences(deed.uow, person_id)


def is_good(competence: AuditorCompetence, today: date) -> bool:
    """Whether it still counts on a day; its last one is included."""
    return competence.valid_until is None or competence.valid_until >= today
