"""Answers of interviews that are all open at once, against a bare Bolt app: `python -m benchmarks.interviews`.

Two hundred people answer eight questions each by a button, over Socket Mode from the stand-in for Slack that the other
measurements use: the sandbox has its own work with each message and would be measured too. The bot runs as it does in
life, with a SQLite file and `synchronous=FULL`: an answer that was acknowledged is on the disk, with its entry on the
audit trail and the next question to be sent. What an open interview costs in memory is what the bot holds more after
all of them are open and answered than before, divided by their number.
"""

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from sqlmodel import col

from benchmarks import company
from benchmarks.contenders import BARE, bot_on_a_socket, contender, database_url
from benchmarks.load import Figures, press_all
from benchmarks.memory import held_now
from messages.interviews import asking
from messages.interviews.payloads import TapRef
from messages.words.payloads import encode
from storage.desk_audits.tables import DeskAudit
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, Interview, InterviewState
from storage.people.tables import Person
from storage.record import trail
from workflows.deed import Deed
from workflows.interviews import commands

INTERVIEWS, QUESTIONS, OUTSTANDING = 200, 8, 32
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory, where a commit costs nothing."""


class Lost(Exception):
    """What was acknowledged does not stand in the database as it should."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast answers are acknowledged, against Bolt by itself.")
    parser.add_argument("--interviews", type=int, default=INTERVIEWS, help="how many are open at once")
    interviews = parser.parse_args().interviews
    load_before = os.getloadavg()[0]
    PLACE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=PLACE, prefix="bench-") as folder:
        bare, ours, held = asyncio.run(_measure(Path(folder), interviews))
        _must_stand(Path(folder), interviews)
    Console().print(
        f"{interviews} interviews of {QUESTIONS} questions, {OUTSTANDING} answers outstanding, over Socket Mode\n"
        f"bare Bolt {bare.per_second:.0f} a second; ours {ours.per_second:.0f} a second, "
        f"p50 {ours.percentile(50):.1f} ms, p99 {ours.percentile(99):.1f} ms; "
        f"ratio {ours.per_second / bare.per_second:.2f}\n"
        f"Memory for each open interview: {1024 * held / interviews:.0f} kB ({held:.1f} MB in all)\n"
        "Every answer that was acknowledged stood in the database afterwards, with an unbroken audit trail.\n"
        f"Load of the machine before this run: {load_before:.1f} on {os.cpu_count()} cores."
    )


async def _measure(folder: Path, interviews: int) -> tuple[Figures, Figures, float]:
    """Figures of bare Bolt and of ours, and the MB that the bot held more at the end than at the start."""
    bare, ours = Figures(), Figures()
    async with (
        contender(BARE, "Socket Mode", folder, OUTSTANDING) as bare_line,
        bot_on_a_socket(folder) as (our_line, bot),
    ):
        warming = await _answers(folder, 4)
        await press_all(bare_line, warming, OUTSTANDING, Figures())
        await press_all(our_line, warming, OUTSTANDING, Figures())
        answers = await _answers(folder, interviews)
        before = held_now(bot.pid)
        await press_all(bare_line, answers, OUTSTANDING, bare)
        await press_all(our_line, answers, OUTSTANDING, ours)
        return bare, ours, held_now(bot.pid) - before


async def _answers(folder: Path, interviews: int) -> list[str]:
    """The presses of so many new people: everybody's first answer, then everybody's second."""

    def written() -> list[str]:
        database = Database.open(database_url(folder))
        try:
            with database.unit_of_work(company.TEAM) as uow:
                asked = [_begun(uow, f"U{interviews}X{number}") for number in range(interviews)]
                rounds = ([_press(each, number) for each in asked] for number in range(QUESTIONS))
                return [json.dumps(each) for each in chain.from_iterable(rounds)]
        finally:
            database.shut_down()

    return await asyncio.to_thread(written)  # an app whose pings stay unanswered meanwhile would hang up


def _begun(uow: UnitOfWork, person_id: str) -> Interview:
    """Somebody new who has begun an interview of yes and no questions."""
    at = datetime.now(UTC)
    uow.add(Person(slack_id=person_id, name=person_id, synced_at=at))
    audit = uow.add(
        DeskAudit(
            title="People who leave",
            edition="iso27001-2022",
            question_set="plan",
            auditor_id=company.LEAD,
            opened_at=at,
        )
    )
    questions = [_question(number) for number in range(QUESTIONS)]
    interview = commands.invite(Deed.of(uow, company.LEAD, at), audit, person_id=person_id, questions=questions)
    commands.go_on(Deed.of(uow, person_id, at), interview_id=interview.id)
    return interview


def _question(number: int) -> dict[str, Any]:
    return {
        "id": f"q{number}",
        "text": f"Is every account on list {number}?",
        "mode": "interview",
        "kind": "yes_no_unsure",
        "audience": ["everyone"],
        "requirements": {"iso27001-2022": ["A.6.5"]},
        "minutes": 1,
        "for_auditor": {"intent": "Access ends with the job."},
    }


def _press(interview: Interview, number: int) -> dict[str, Any]:
    """Slack reference: "block_actions payloads"."""
    ts = f"1700000000.{interview.id * QUESTIONS + number:06d}"
    return {
        "type": "block_actions",
        "user": {"id": interview.person_id, "team_id": company.TEAM},
        "container": {"type": "message", "message_ts": ts, "channel_id": company.DM, "is_ephemeral": False},
        "trigger_id": f"13345224609.738474921.{interview.id * QUESTIONS + number:032x}",
        "team": {"id": company.TEAM, "domain": "bench"},
        "channel": {"id": company.DM, "name": "directmessage"},
        "message": {"type": "message", "user": company.BOT_USER, "ts": ts, "text": "Question"},
        "state": {"values": {}},
        "actions": [
            {
                "type": "button",
                "action_id": f"{asking.TAP}.yes",
                "block_id": "actions",
                "value": encode(TapRef(interview.id, f"q{number}", "yes")),
                "action_ts": ts,
            }
        ],
    }


def _must_stand(folder: Path, interviews: int) -> None:
    database = Database.open(database_url(folder))
    try:
        with database.unit_of_work(company.TEAM) as uow:
            answered = uow.count(Answer)
            read_back = uow.count(Interview, col(Interview.state) == InterviewState.CONFIRMING)
            if (answered, read_back) != ((interviews + 4) * QUESTIONS, interviews + 4):
                raise Lost(f"{answered} answers stand in the database, and {read_back} interviews are read back")
            if faults := trail.verify(uow):
                raise Lost(f"the trail is broken: {faults[0]}")
    finally:
        database.shut_down()


if __name__ == "__main__":
    main()
