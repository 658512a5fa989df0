"""Samples of what the nudges room says: what lies ahead on a ladder, why somebody is asked, and the ledger."""

from collections.abc import Callable
from datetime import date
from functools import partial

from messages.nudges import ladders, ledger, problems
from messages.words.kit import Message, Modal
from tests.messages.values import AT, CHANNEL, DAVID, DUE, JONAS, LIAM, MIRA, TASK, Say, requirement

AHEAD = (
    ladders.Coming(date(2026, 3, 9), "opened", 0, {"owner": [JONAS]}),
    ladders.Coming(date(2026, 3, 13), "due_soon", -3, {"owner": [JONAS]}, moved_from=date(2026, 3, 15)),
    ladders.Coming(date(2026, 3, 17), "due", 0, {"owner": [JONAS]}, moved_from=date(2026, 3, 18), country="IE"),
    ladders.Coming(date(2026, 3, 19), "overdue", 1, {"owner": [JONAS], "manager": [LIAM]}),
    ladders.Coming(date(2026, 4, 20), "overdue", 20, {"lead": [MIRA, DAVID], "management": [DAVID]}),
)
VERBS = ("task.take", "task.take_back", "task.hand_on", "task.assign", "programme.start", "obligation.add")
KINDS = (
    "task.opened",
    "task.due_soon",
    "task.due",
    "task.overdue",
    "task.nudge",
    "task.review",
    "task.returned",
    "task.given",
    "task.delegation",
    "task.not_mine",
    "task.declined",
    "auditor_access.let_in",
    "task.waived",
    "task.reopened",
    "task.missed",
    "nonconformity.any",
    "work.any",
    "leaver.any",
    "silence.any",
    "silence_notice",
    "nudges.day",
    "gap_rating.any",
    "answer",
    "evidence.receipt",
    "evidence.shown",
    "evidence.choice",
    "pack.zip",
    "evidence.refused",
    "evidence.picture",
    "evidence.same_again",
    "evidence_use.runs_out",
    "evidence.scope_missing",
    "evidence.comment",
    "concern.any",
    "concern.card",
    "concern.receipt",
    "concern.answer",
    "audit_plan.any",
    "audit_plan.card",
    "audit_plan.sent",
    "audit_plan.withdrawn",
    "desk_audit.desk",
    "desk_audit.found",
    "audit_finding.any",
    "audit_report.any",
    "audit_report.card",
    "audit_report.paper",
    "audit_report.signed",
    "answer_disposal.any",
    "interview.invitation",
    "interview.question",
    "response.question",
    "nonconformity_action.any",
    "nonconformity_action.card",
    "interview.paused",
    "interview.which",
    "interview.summary",
    "interview.confirmed",
    "interview.declined",
    "interview.answers",
    "import.card",
    "pack.card",
    "audit_request.assigned",
    "disposal.review",
    "programme.started",
    "digest.weekly",
)
A_PAGE = 20
"""So many kinds in one sample; more might not fit, and some would be folded away where texts are long."""
STATES = ("pending", "sending", "sent", "skipped", "failed")


def _preview(say: Say, state: str = "open", ahead: tuple[ladders.Coming, ...] = AHEAD) -> ladders.Preview:
    return ladders.Preview(say("Review who has access"), JONAS, DUE, state, "control", "high", ahead)


def _why(say: Say, verb: str) -> Modal:
    reason = ladders.Why(say("So that nobody sees more than they need"), [requirement(say)], verb, MIRA, AT)
    return ladders.why(reason, _preview(say))


def _why_in_place_of(say: Say) -> Modal:
    reason = ladders.Why(
        say("So that it holds"), [], "task.stand_in", "deskaudit", AT, stands_in_for=LIAM, is_own=False
    )
    return ladders.why(reason, _preview(say))


def _choices(say: Say, count: int) -> Message:
    found = [ladders.Found(TASK, say("Review who has access"), JONAS, DUE)] * count
    return ladders.choices(found, say("access") if count else "")


def _ledger(say: Say, page: int) -> Message:
    entries = [
        ledger.Entry("task.due", say("Review who has access"), state, AT, say("the task has already been accepted"))
        for state in STATES
    ]
    entries.append(ledger.Entry("of.old", "", "sent", AT, put_off=[say("Slack asked for time")]))
    return ledger.ledger(ledger.Ledger(JONAS, is_own=page == 1, entries=entries, page=page, pages=3, total=26))


def _of_kinds(say: Say, kinds: tuple[str, ...]) -> Message:
    entries = [ledger.Entry(kind, say("NC-7"), "sent", AT) for kind in kinds]
    return ledger.ledger(ledger.Ledger(JONAS, is_own=True, entries=entries, page=1, pages=1, total=len(entries)))


def _problems(say: Say, count: int, *, sent_again: bool = False) -> Message:
    to_whom = (JONAS, CHANNEL, "")
    listed = [
        problems.Problem(number, "task.nudge", say("Review who has access"), whom, AT, say("Slack refused it"))
        for number, whom in enumerate(to_whom * count)
    ]
    for each in listed:
        problems.in_one_line(each)
    return problems.problems(listed, len(listed), sent_again=sent_again)


def nudge_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every sample of the room by name."""
    return {
        "preview": lambda say: ladders.preview(_preview(say)),
        "preview, handed in": lambda say: ladders.preview(_preview(say, "submitted", ())),
        "preview, climbed": lambda say: ladders.preview(_preview(say, ahead=())),
        **{f"preview, {count} found": partial(_choices, count=count) for count in (0, 2, 14)},
        **{f"why, {verb or 'not known'}": partial(_why, verb=verb) for verb in (*VERBS, "")},
        "why, in place of somebody": _why_in_place_of,
        **{f"ledger, page {page}": partial(_ledger, page=page) for page in (1, 2, 3)},
        **{
            f"ledger, kinds from {first}": partial(_of_kinds, kinds=KINDS[first : first + A_PAGE])
            for first in range(0, len(KINDS), A_PAGE)
        },
        **{f"problems, {3 * count}": partial(_problems, count=count) for count in (0, 1, 3)},
        "problems, one sent again": partial(_problems, count=0, sent_again=True),
        "ledger, empty": lambda _: ledger.ledger(
            ledger.Ledger(JONAS, is_own=True, entries=(), page=1, pages=1, total=0)
        ),
        "ledger of others, empty": lambda _: ledger.ledger(
            ledger.Ledger(JONAS, is_own=False, entries=(), page=1, pages=1, total=0)
        ),
    }
