"""The cards whose offers are held against their commands, and how each comes to have something to offer."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block

from bot.audit_reports import facts as report_facts
from bot.audit_reports import letting_go as report_letting_go
from bot.desk_audits import cards as desk_cards
from bot.desk_audits import facts as desk_audit_facts
from bot.evidence import composers as evidence_composers
from bot.evidence import facts as evidence_facts
from bot.evidence import retention
from bot.frameworks import applicability, gap_analysis
from bot.frameworks import facts as framework_facts
from bot.home import handlers as home_handlers
from bot.interviews import facts as interview_facts
from bot.machines import keys
from bot.nonconformities import handlers as nonconformity_handlers
from bot.nudges import ladders
from bot.packs import auditors as auditor_room
from bot.packs import facts as pack_facts
from bot.packs import requests
from bot.people import handlers as people_handlers
from bot.programme import certification, obligations
from bot.programme import settings as programme_settings
from bot.tasks import composers as task_composers
from bot.tasks import facts as task_facts
from messages.desk_audits import cards as desk_audit_words
from messages.frameworks.payloads import FrameworkPage
from messages.interviews import cards as interview_words
from messages.machines import keys as key_words
from messages.packs import requests as request_words
from messages.programme import feeds as feed_words
from messages.tasks import cards as task_words
from messages.words.kit import Home, Message
from storage.audit_reports.tables import AuditReport
from storage.desk_audits.tables import AuditFinding, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.interviews.tables import Interview
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.packs.tables import AuditorAccess, Pack, PackState, RequestState
from storage.programme import queries as programme_queries
from storage.programme.tables import FeedScope
from storage.tasks.tables import Task, TaskState
from tests.workflows import audits
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.test_auditors_desk import audited, raised, shown
from tests.workflows.test_desk_audits import answered, confirmed, opened
from tests.workflows.test_nonconformities import put
from tests.workflows.test_requests import in_state
from tests.workflows.test_retention import over
from tests.workflows.test_tasks import give, the_access_review
from workflows.audit_reports import commands as report_commands
from workflows.audit_reports import filing, letting_go
from workflows.audit_reports import questions as report_questions
from workflows.audit_reports.filing import Paper
from workflows.deed import Deed
from workflows.evidence import retention as retention_rules
from workflows.frameworks import applicability as applicability_rules
from workflows.interviews import questions as interview_questions
from workflows.interviews.rules import Step
from workflows.machines import keys as machine_keys
from workflows.packs import auditors
from workflows.packs.shapes import Admission
from workflows.people.permissions import Permission
from workflows.programme import feeds
from workflows.refusals import NotAllowed, Tried, WhoMay
from workflows.tasks import commands as task_commands
from workflows.tasks.work_lists import Chosen

EDITION = "iso27001-2022"
PACKS = (PackState.MADE, PackState.FAILED, PackState.EXPIRED)

Card = Callable[[Deed], Message | Home]
Scene = Callable[[UnitOfWork], object]

# --- how things come to be ---


def decided(uow: UnitOfWork) -> None:
    """Every requirement of a standard is decided on, and nobody has approved that yet."""
    mira = deed(uow, "UMIRA")
    found = applicability_rules.statement(mira, edition=EDITION)
    for theme in {line.requirement.theme for line in found.lines}:
        applicability_rules.apply_the_rest(mira, edition=EDITION, theme=theme, reason="We need it")


def proposed(uow: UnitOfWork) -> None:
    """Mira proposes to dispose of a file past its day."""
    over(uow)
    retention_rules.propose(deed(uow, "UMIRA"))


def handed_in_by_a_lead(uow: UnitOfWork) -> None:
    """Ines gave the file for Jonas's task, so she may not judge it."""
    give(uow, the_access_review(uow), by="UINES")


def settled(state: TaskState) -> Scene:
    """The same task, judged by Mira."""
    returns = partial(task_commands.return_, reason="Of which quarter?")
    move: Callable[..., Task] = task_commands.accept if state is TaskState.ACCEPTED else returns

    def judged(uow: UnitOfWork) -> None:
        handed_in_by_a_lead(uow)
        task = the_access_review(uow)
        move(deed(uow, "UMIRA"), task_id=task.id, version=task.version)

    return judged


def key_made(uow: UnitOfWork) -> None:
    """Mira has made a key for machines."""
    obligation = programme_queries.living(uow)[0]
    machine_keys.make(deed(uow, "UMIRA"), name="Scanner", obligation_id=obligation.id, server_secret="s" * 32)


def let_in(person_id: str) -> Scene:
    """Mira lets somebody from outside look at what was accepted."""

    def admitted(uow: UnitOfWork) -> None:
        settled(TaskState.ACCEPTED)(uow)
        today = MONDAY.date()
        period = (today - timedelta(days=365), today, today, today + timedelta(days=14))
        auditors.let_in(deed(uow, "UMIRA"), admission=Admission(person_id, (EDITION,), *period))

    return admitted


def packed(state: PackState, by: str) -> Scene:
    """A pack as it stands after somebody has asked for it."""

    def asked(uow: UnitOfWork) -> None:
        made: dict[str, Any] = {
            "sha256": "1" * 64,
            "size": 20,
            "manifest_sha256": "2" * 64,
            "files": 1,
            "reason": "store",
        }
        day = MONDAY.date()
        uow.add(Pack(editions=[EDITION], first=day, last=day, asked_by=by, asked_at=MONDAY, state=state, **made))

    return asked


def audited_by(person_id: str, until: Scene) -> Scene:
    """The interview as far as it has come, as if somebody else had opened the audit."""

    def asked(uow: UnitOfWork) -> None:
        until(uow)
        uow.change(uow.all(DeskAudit)[0], auditor_id=person_id)

    return asked


def only_for(person_id: Callable[[UnitOfWork], str], card: Card) -> Card:
    """A card that comes into somebody's direct messages, where nobody else sees it."""

    def shown(reading: Deed) -> Message | Home:
        if reading.by != person_id(reading.uow):
            raise NotAllowed(Tried.DO_THIS, WhoMay.PERSON, reading.by)
        return card(reading)

    return shown


def whose_pack(uow: UnitOfWork) -> str:
    return uow.all(Pack)[0].asked_by


def interviewed(uow: UnitOfWork) -> str:
    return uow.all(Interview)[0].person_id


def auditing(uow: UnitOfWork) -> str:
    return uow.all(DeskAudit)[0].auditor_id


def let_in_now(uow: UnitOfWork) -> str:
    return uow.all(AuditorAccess)[0].person_id


def desk_to_work_at(uow: UnitOfWork) -> None:
    raised(uow, audited(uow))


def findings_shown(uow: UnitOfWork) -> None:
    shown(uow, audited(uow))


def findings_card(reading: Deed) -> Message:
    return desk_cards.found_message(reading.uow, reading.uow.all(DeskAudit)[0], reading.by)


def found_in(uow: UnitOfWork) -> str:
    return uow.all(AuditFinding)[0].owner_id


def seen_by_the_auditor(reading: Deed) -> Message:
    selection, *_ = auditors.look(reading)
    access, *_ = auditors.open_accesses(reading.uow, reading.by, reading.at)
    return auditor_room._view(reading.uow, access, selection)


def the_interview(uow: UnitOfWork) -> Step:
    return interview_questions.step_of(uow, uow.all(Interview)[0].id)


def pack_card(reading: Deed) -> Message:
    return pack_facts.card_of(reading.uow, reading.uow.all(Pack)[0], MONDAY)


def alone(blocks: Iterable[Block]) -> Message:
    """These blocks of a larger message."""
    return Message("0", tuple(each.to_dict() for each in blocks))


def key_list(reading: Deed) -> Message:
    return key_words.listing([keys._item(each) for each in machine_keys.keys(reading)], is_set_up=True)


def feed_card(scope: FeedScope) -> Card:
    def shown(reading: Deed) -> Message:
        feeds.standing(reading, scope=scope)
        return feed_words.standing(made_at=MONDAY, scope=scope.value)

    return shown


def report_begun(uow: UnitOfWork) -> None:
    """Liam has begun the report of his audit, in which everything is said and one finding stands."""
    built = audits.an_audit(uow)
    audits.finding(uow, built, 1)
    report_commands.draft(deed(uow, "ULIAM"), audit_id=built.audit.id)


def report_signed(uow: UnitOfWork) -> None:
    """He has signed it, and its papers are kept."""
    report_begun(uow)
    [report] = uow.all(AuditReport)
    report_commands.sign(deed(uow, "ULIAM"), report_id=report.id, version=report.version)
    papers = [Paper(kind, f"report.{kind}", kind[0] * 64, 7) for kind in filing.KINDS]
    filing.file(Deed.of_the_bot(uow, MONDAY), report_id=report.id, papers=papers)


def answers_past_their_day(uow: UnitOfWork) -> None:
    """Ines proposed to let go of what was said in an audit reported four years ago."""
    report_begun(uow)
    [report] = uow.all(AuditReport)
    long_ago = MONDAY - timedelta(days=4 * 365)
    report_commands.sign(deed(uow, "ULIAM", long_ago), report_id=report.id, version=report.version)
    letting_go.propose(deed(uow, "UINES"))


def report_card(reading: Deed) -> Message:
    report = report_questions.to_read(reading, audit_id=reading.uow.all(DeskAudit)[0].id)
    return report_facts.card(reading.uow, report, reading.by)


def report_answers(reading: Deed) -> Message:
    return alone(report_letting_go.overview(reading))


def invitation(reading: Deed) -> Message:
    return interview_words.invitation(interview_facts.card(reading.uow, the_interview(reading.uow)))


def answers(reading: Deed) -> Message:
    return desk_audit_words.answers(desk_audit_facts.confirmed(reading.uow, the_interview(reading.uow)))


def interview_in_the_day(reading: Deed) -> Message:
    shown = desk_audit_facts.confirmed(reading.uow, the_interview(reading.uow))
    return alone(desk_audit_words.day_item(shown).blocks)


def own_access(reading: Deed) -> Message:
    blocks = request_words.access_blocks(pack_facts.accesses(reading.uow, reading.by, reading.at)[0])
    return alone(blocks)


def task_card(reading: Deed) -> Message:
    shown = task_facts.card(reading.uow, the_access_review(reading.uow), MONDAY)
    return task_words.card(shown, task_composers.reader(reading.uow, shown, reading.by))


def task_list(reading: Deed) -> Message:
    return task_words.work_list(task_facts.list_page(reading, chosen=Chosen(whose="all")))


def finding_card(reading: Deed) -> Message:
    (finding,) = reading.uow.all(Nonconformity)
    return nonconformity_handlers._one(reading, number=finding.number or 0)


def giver(uow: UnitOfWork) -> str:
    return uow.all(Evidence)[0].provided_by


def receipt(reading: Deed) -> Message:
    return evidence_composers._receipt(reading.uow, reading.uow.all(Evidence)[0], MONDAY)


def accepted_for_its_owner(uow: UnitOfWork) -> None:
    """Jonas gave the file for his own task, and Mira has accepted it."""
    give(uow, the_access_review(uow))
    task = the_access_review(uow)
    task_commands.accept(deed(uow, "UMIRA"), task_id=task.id, version=task.version)


def nothing(_uow: UnitOfWork) -> None:
    """As the programme begins."""


BY_DEED: dict[str, tuple[Scene, Card]] = {
    "statement, undecided": (nothing, applicability._overview),
    "statement, to be approved": (decided, applicability._overview),
    "theme": (
        nothing,
        lambda reading: applicability._of_theme(
            reading,
            page=FrameworkPage(
                EDITION, applicability_rules.statement(reading, edition=EDITION).lines[0].requirement.theme
            ),
        ),
    ),
    "frameworks": (nothing, framework_facts.overview),
    "gaps": (nothing, gap_analysis._overview),
    "obligations": (nothing, lambda reading: obligations._page(reading, page=1)),
    "certificates": (nothing, certification._listing),
    "somebody": (nothing, lambda reading: people_handlers._person_card(reading, person_id="UJONAS")),
    "request": (
        lambda uow: in_state(uow, RequestState.ANSWERED),
        lambda reading: request_words.card(requests._seen(reading, request_id=1)),
    ),
    "requests": (
        lambda uow: in_state(uow, RequestState.ASSIGNED),
        requests._listing,
    ),
    "past its day": (over, retention._overview),
    "proposal": (proposed, retention._overview),
    "settings of the programme": (nothing, programme_settings._card),
    "keys of machines": (key_made, key_list),
    "feed of the programme": (nothing, feed_card(FeedScope.PROGRAMME)),
    "auditors": (let_in("UTOM"), auditor_room._auditors),
    **{f"pack, {state}": (packed(state, "UPRIYA"), only_for(whose_pack, pack_card)) for state in PACKS},
    "answers to rate": (audited_by("UPRIYA", confirmed), only_for(auditing, answers)),
}
BY_ROLE: dict[str, tuple[Scene, Card]] = {
    **BY_DEED,
    **{f"pack, {state}": (packed(state, "UMIRA"), only_for(whose_pack, pack_card)) for state in PACKS},
    **{
        f"finding, {state}": (lambda uow, state=state: put(uow, state), finding_card)  # type: ignore[misc]
        for state in NonconformityState
        if state is not NonconformityState.VOID
    },
    "task, open": (nothing, task_card),
    "task, submitted": (handed_in_by_a_lead, task_card),
    **{f"task, {state}": (settled(state), task_card) for state in (TaskState.RETURNED, TaskState.ACCEPTED)},
    "receipt": (lambda uow: give(uow, the_access_review(uow)), only_for(giver, receipt)),
    "receipt, accepted": (accepted_for_its_owner, only_for(giver, receipt)),
    "evidence": (handed_in_by_a_lead, evidence_facts.listing),
    "evidence, accepted": (accepted_for_its_owner, evidence_facts.listing),
    "list of tasks": (handed_in_by_a_lead, task_list),
    "own feed": (nothing, feed_card(FeedScope.OWN)),
    "ladders of several tasks": (nothing, lambda reading: ladders._found(reading, searched="review")),
    "own access as an auditor": (let_in("UTOM"), only_for(let_in_now, own_access)),
    "what an auditor may see": (let_in("UTOM"), seen_by_the_auditor),
    "interview, invited": (opened, only_for(interviewed, invitation)),
    "interview, to be confirmed": (
        answered,
        only_for(interviewed, lambda reading: interview_facts.summary_of(reading.uow, the_interview(reading.uow))),
    ),
    "desk of an audit": (desk_to_work_at, lambda reading: desk_cards.desk_message(reading, 1)),
    "findings for their owner": (
        findings_shown,
        only_for(
            found_in, lambda reading: desk_cards.found_message(reading.uow, reading.uow.all(DeskAudit)[0], reading.by)
        ),
    ),
    "interview in the day of the auditor": (confirmed, only_for(auditing, interview_in_the_day)),
    "report, a draft": (report_begun, only_for(auditing, report_card)),
    "report, signed": (report_signed, report_card),
    "answers past their day": (answers_past_their_day, report_answers),
    "home": (handed_in_by_a_lead, lambda reading: home_handlers.home(reading.uow, reading.by, at=MONDAY)),
}
"""What is offered of a task goes by who may decide on it, and of a finding by its moves, not by single deeds."""

DECIDE_ON_TASKS = (
    Permission.ACCEPT_TASK,
    Permission.RETURN_TASK,
    Permission.WAIVE_TASK,
    Permission.REOPEN_TASK,
    Permission.ASSIGN_TASK,
)
