"""Desk audits: what is done, each as one unit of work.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

from datetime import timedelta

from storage.desk_audits.tables import DeskAudit
from workflows.deed import Deed
from workflows.desk_audits.question_sets import QuestionSet, question_sets
from workflows.desk_audits.refusals import OwnAudit
from workflows.desk_audits.shapes import Launch
from workflows.interviews import commands as interview_commands
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.question_bank.plain import plain
from workflows.refusals import InputWanted
from workflows.wishes import Wish

TIME_TO_ANSWER = timedelta(days=14)
"""What people are given where no plan says until when they are asked."""


def open_audit(deed: Deed, *, launch: Launch) -> DeskAudit:
    """Open a desk audit and invite people to it. Raises `NotAllowed`, `OwnAudit` or `InputWanted`."""
    may_open(deed)
    questions = question_sets().get(launch.question_set)
    if questions is None:
        raise InputWanted("question_set", Wish.CHOOSE_QUESTION_SET)
    invited = launch.persons
    if not invited:
        raise InputWanted("persons", Wish.CHOOSE_ANY_PERSON)
    if not all(people_questions.reachable(deed.uow, person_id) for person_id in invited):
        raise InputWanted("persons", Wish.CHOOSE_REACHABLE_PEOPLE)
    if deed.by in invited:
        raise OwnAudit
    audit = deed.uow.add(
        DeskAudit(
            title=launch.title.strip()[:200] or questions.title,
            edition=questions.edition,
            question_set=questions.key,
            auditor_id=deed.by,
            opened_at=deed.at,
        )
    )
    deed.record("desk_audit.open", audit, question_set=questions.key, people=list(invited))
    asked, until = [plain(each) for each in questions.asked], deed.today + TIME_TO_ANSWER
    for person_id in dict.fromkeys(invited):
        interview_commands.invite(deed, audit, person_id=person_id, questions=asked, due_on=until)
    return audit


def may_open(deed: Deed) -> list[QuestionSet]:
    """The question sets the actor may choose from: each plan once, for the first standard of it that is followed.

    Raises `NotAllowed` or `NoProgrammeYet`.
    """
    deed.must(Permission.OPEN_DESK_AUDIT)
    people_questions.programme_must_run(deed.uow)
    editions = deed.uow.workspace().standards
    followed = [each for each in question_sets().values() if each.plan and each.edition in editions]
    first = {each.plan: each for each in reversed(followed)}
    return [each for each in followed if first[each.plan] is each]
