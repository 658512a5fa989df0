"""An audit with the questions that tests ask: one of each kind, as a bank would freeze them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from storage.desk_audits.tables import DeskAudit
from storage.interviews.tables import Interview
from workflows.deed import Deed
from workflows.desk_audits.question_sets import question_sets
from workflows.interviews import commands as interview_commands
from workflows.question_bank.plain import plain

Frozen = Mapping[str, Any]

LEAVERS_SET = "iso27001-leavers"


def asked(name: str, text: str, kind: str = "open", **more: Any) -> dict[str, Any]:
    """A frozen question."""
    return {
        "id": name,
        "text": text,
        "mode": "interview",
        "kind": kind,
        "audience": ["everyone"],
        "requirements": {"iso27001-2022": ["A.6.5"]},
        "minutes": 1,
        "for_auditor": {"intent": "Access ends with the job."},
        **more,
    }


LEAVERS = asked(
    "leavers",
    "When somebody leaves, how does IT learn of it, and how do you know that it worked?",
    follow_ups=[
        {
            "when": {"trait": "fewer_words_than", "than": 20},
            "text": "And how do you notice when a mail was forgotten?",
        }
    ],
)
LIST = asked(
    "list",
    "Liam would like to look at three leavers of his choice. Could you drop the list of leavers since January here? "
    "Staff numbers are enough.",
    "sample",
    none_possible=True,
    sample={
        "source": "given_list",
        "columns": ["staff number", "last day"],
        "show": ["account closed"],
        "for_each": "These were drawn by chance: {rows}. What shows when each account was closed? A file, or who has "
        "it.",
    },
)
SYSTEM = "Which system does this list come from?"
LIST_FROM_A_SYSTEM = {**LIST, "id": "listed", "sample": {**LIST["sample"], "complete": SYSTEM}}
CONTROLS = asked(
    "controls",
    "Here are some of our measures, drawn by chance: {rows}. What shows that each one did its work last month?",
    "sample",
    sample={"source": "applicable_controls", "show": ["proof from last month"]},
)
ACCOUNTS = asked(
    "accounts",
    "What shows when each account was closed? A file, or who has it.",
    "show_me",
    wanted_evidence=[{"id": "log", "what": "Log", "ask": True}],
)
WELCOME = asked("welcome", "What is the first thing a new colleague learns from you about security?")
COUNT = asked("count", "How many people left since January?", "number")
DAY = asked("day", "When was the list last checked?", "date")
YES_NO = asked("sure", "Is every account on the list?", "yes_no_unsure")
CHOICE = asked(
    "how",
    "How does IT learn of it?",
    "choice",
    options=[{"id": "mail", "label": "By mail"}, {"id": "ticket", "label": "By a ticket"}],
)

EVERY_KIND: Sequence[Frozen] = (LEAVERS, LIST, ACCOUNTS, WELCOME, COUNT, DAY, YES_NO, CHOICE)


def audited(deed: Deed, title: str = "People who leave") -> DeskAudit:
    """An audit that the actor leads."""
    return deed.uow.add(
        DeskAudit(title=title, edition="iso27001-2022", question_set="plan", auditor_id=deed.by, opened_at=deed.at)
    )


def opened(deed: Deed, *people: str) -> DeskAudit:
    """An audit about leavers that the actor leads, to which these people are invited."""
    asks = [plain(each) for each in question_sets()[LEAVERS_SET].asked]
    audit = deed.uow.add(
        DeskAudit(
            title="Leavers",
            edition="iso27001-2022",
            question_set=LEAVERS_SET,
            auditor_id=deed.by,
            opened_at=deed.at,
        )
    )
    for person_id in people:
        interview_commands.invite(
            deed, audit, person_id=person_id, questions=asks, due_on=deed.today + timedelta(days=14)
        )
    return audit


def invited(
    deed: Deed, person_id: str, questions: Sequence[Frozen] = EVERY_KIND, title: str = "People who leave"
) -> Interview:
    """Somebody asked by the actor, with ten days to answer."""
    audit = audited(deed, title)
    due_on = deed.today + timedelta(days=10)
    return interview_commands.invite(deed, audit, person_id=person_id, questions=questions, due_on=due_on)
