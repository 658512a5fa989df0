"""Probes: a file whose faults have lines, what is found in an answer, and one task for failures in a row."""

from datetime import date, timedelta

import pytest

from storage.engine import database_time
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, WayIn
from storage.machines.tables import ProbeRun, RunState
from storage.programme.tables import Obligation
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskComment, TaskState
from tests.workflows.conftest import MONDAY, the_bot
from tests.workflows.test_tasks import the_access_review
from workflows.evidence.arrivals import Piece
from workflows.machines import probe_files, probes
from workflows.machines.probe_files import ProbesWrong
from workflows.machines.probes import Found, Probe, Said
from workflows.people import rules as people_rules
from workflows.tasks import commands as task_commands

GOOD = """probes:
- name: backups
  url: https://backup.example.org/status
  obligation: access-review
  rule: FREQ=WEEKLY
  starts_on: 2026-11-02
  headers: {Accept: application/json, Authorization: "Bearer env:TOKEN"}
  expects:
  - status == 'ok'
  - failed == `0`
"""
ENVIRONMENT = {"TOKEN": "hunter2"}
SAID = Said("See to the backups", "Expected ok, saw broken", "What shows it", "All is well again")
DAY = timedelta(days=1)


def probe(uow: UnitOfWork, rule: str = "FREQ=DAILY") -> Probe:
    key = uow.get(Obligation, the_access_review(uow).obligation_id).key
    return Probe("backups", "https://backup.example.org/", key, ("status == 'ok'",), rule)


def settle(uow: UnitOfWork, asked: Probe, found: Found, days: int = 0, pieces: tuple[Piece, ...] = ()) -> ProbeRun:
    at = MONDAY + days * DAY
    run = probes.claim(the_bot(uow, at), asked)
    assert run is not None
    return probes.settle(the_bot(uow, at), asked, run_id=run.id, found=found, said=SAID, pieces=pieces)


BROKEN = Found(True, "status == 'ok'", "false")
FINE = Found(True, sha256="ab" * 32)
BODY = Piece("backups.json", "ab" * 32, 12, "application/json", "probe:backups:1")

# --- the file ---


def test_a_probe_as_it_stands_in_the_file_and_its_secret_shows_nowhere() -> None:
    [found] = probe_files.read(GOOD, ENVIRONMENT)
    assert (found.name, found.obligation, found.rule, found.starts_on) == (
        "backups",
        "access-review",
        "FREQ=WEEKLY",
        date(2026, 11, 2),
    )
    assert found.headers == (("Accept", "application/json"), ("Authorization", "Bearer hunter2"))
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("- name: backups", "- name: Back ups", "Line 2: name is up to 40"),
        ("  url: https", "  url: ftp", "Line 3: url is an address with https://"),
        ("https://backup", "https://jonas:hunter2@backup", "Line 3: url is an address"),
        ("obligation: access-review", "obligation: 7", "Line 4: obligation is the key"),
        ("FREQ=WEEKLY", "FREQ=HOURLY", "Line 5: rule is not a recurrence rule"),
        ("2026-11-02", "soon", "Line 6: starts_on is a day"),
        ('"Bearer env:TOKEN"', "hunter2", "Line 7: Authorization comes from the environment"),
        ("env:TOKEN", "env:OTHER", "Line 7: Authorization names the variable OTHER, which is not set."),
        ("Accept:", "Host:", "Line 7: Host is a header that can't be set."),
        (
            "status == 'ok'",
            "status ==",
            "Line 9: expects contains something that isn't a JMESPath expression: status ==",
        ),
        ("  rule:", "  often:", "Line 2: a probe has name, url, obligation, expects"),
        ("probes:", "probe:", "Line 1: only a list named probes is allowed"),
        ("probes:", "probes: [", "This is not YAML"),
    ],
)
def test_every_fault_names_its_line_and_no_secret(wrong: str, right: str, fault: str) -> None:
    with pytest.raises(ProbesWrong) as refused:
        probe_files.read(GOOD.replace(wrong, right), ENVIRONMENT)
    assert fault in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_two_probes_have_two_names() -> None:
    with pytest.raises(ProbesWrong, match="Line 11: there is already a probe called backups"):
        probe_files.read(GOOD + GOOD.removeprefix("probes:\n"), ENVIRONMENT)


# --- what is found ---


@pytest.mark.parametrize(
    ("body", "expected", "seen"),
    [
        (b'{"status": "ok", "failed": 0}', "", ""),
        (b'{"status": "broken"}', "status == 'ok'", '"broken"'),
        (b'{"status": "ok"}', "failed == `0`", "null"),
        (b"[]", "status == 'ok'", "null"),
        (b"<html>", None, "no_json"),
        (b"\xff", None, "no_json"),
        (b"[" * 100_000, None, "no_json"),
    ],
)
def test_what_an_answer_shows(body: bytes, expected: str | None, seen: str) -> None:
    [asked] = probe_files.read(GOOD, ENVIRONMENT)
    found = probes.judged(asked, body)
    assert (found.is_answered, found.expected, found.seen) == (expected is not None, expected or "", seen)
    assert found.is_met is (expected == "")


@pytest.mark.parametrize(
    ("expression", "seen"),
    [
        ("\"'ok' == failed\"", "3"),
        ("failed == limit", "[3, 1]"),
        ("failed < `2`", "3"),
        ("contains(names, 'a')", "false"),
    ],
)
def test_what_a_comparison_looked_at_is_told(expression: str, seen: str) -> None:
    [asked] = probe_files.read(GOOD.replace("failed == `0`", expression), ENVIRONMENT)
    body = b'{"status": "ok", "failed": 3, "limit": 1, "names": []}'
    assert probes.judged(asked, body).seen == seen


def test_only_true_will_do_and_what_was_seen_tells_no_secret_and_not_everything() -> None:
    [asked] = probe_files.read(GOOD.replace("failed == `0`", "echo"), ENVIRONMENT)
    assert probes.judged(asked, b'{"status": "ok", "echo": "Bearer hunter2"}').seen == '"Bearer …"'
    assert len(probes.judged(asked, b'{"status": "ok", "echo": "' + b"x" * 9000 + b'"}').seen) == 200


# --- runs ---


def test_of_two_who_ask_one_does_and_what_was_cut_off_is_begun_anew(programme: UnitOfWork) -> None:
    asked = probe(programme)
    assert probes.claim(the_bot(programme), asked) is not None
    assert probes.claim(the_bot(programme), asked) is None
    assert probes.claim(the_bot(programme, MONDAY + 9 * probes.LEASE), asked) is None, "the database's clock counts"
    for age in (2 * probes.LEASE, -timedelta(hours=3)):
        [run] = programme.all(ProbeRun)
        programme.change(run, asked_at=database_time.now(programme.connection) - age)
        assert probes.claim(the_bot(programme), asked) is not None
    probes.settle(the_bot(programme), asked, run_id=run.id, found=FINE, said=SAID, pieces=())
    assert probes.claim(the_bot(programme), asked) is None
    assert probes.claim(the_bot(programme, MONDAY + DAY), asked) is not None


def test_after_an_outage_only_the_last_day_is_made_up_for(programme: UnitOfWork) -> None:
    asked = probe(programme, "FREQ=WEEKLY")
    for days in (0, 24):
        settle(programme, asked, FINE, days)
    assert [each.due_on.isoformat() for each in programme.all(ProbeRun)] == ["2026-11-23", "2026-12-14"]


def test_nobody_is_asked_for_an_obligation_that_is_none(
    programme: UnitOfWork,
) -> None:
    assert probes.claim(the_bot(programme), Probe("b", "https://b.example.org/", "unknown", ("a",))) is None


def test_what_is_as_expected_is_evidence_of_the_open_task(programme: UnitOfWork) -> None:
    asked = probe(programme)
    task_commands.tick(the_bot(programme))
    settle(programme, asked, FINE, pieces=(BODY,))
    [kept] = programme.all(Evidence)
    assert (kept.way_in, kept.provided_by, kept.sha256) == (WayIn.PROBE, people_rules.THE_BOT, "ab" * 32)
    assert the_access_review(programme).state is TaskState.SUBMITTED
    settle(programme, asked, FINE, days=1, pieces=(Piece("b.json", "cd" * 32, 12, "application/json", "probe:2"),))
    assert programme.count(Evidence) == 2


def test_failures_in_a_row_open_one_task_and_the_recovery_stands_on_it(programme: UnitOfWork) -> None:
    asked = probe(programme)
    before = programme.count(Task)
    for days in range(3):
        settle(programme, asked, BROKEN, days)
        task_commands.tick(the_bot(programme, MONDAY + days * DAY))
    assert programme.count(Task) == before + 1
    task = programme.get(Task, programme.all(ProbeRun)[0].task_id or 0)
    assert (task.title, task.purpose, task.owner_id, task.state) == (SAID.title, SAID.purpose, "UJONAS", TaskState.OPEN)
    assert (task.opens_on, task.due_on) == (date(2026, 11, 23), date(2026, 11, 30))
    settle(programme, asked, FINE, days=3, pieces=(BODY,))
    assert [each.text for each in programme.matching(TaskComment, task_id=task.id)] == [SAID.recovered]
    assert programme.get(Task, task.id).state is TaskState.OPEN  # somebody still has to say why it was so
    settle(programme, asked, BROKEN, days=4)
    assert programme.count(Task) == before + 2
    assert [each.state for each in programme.all(ProbeRun)] == [RunState.FAILED] * 3 + [RunState.MET, RunState.FAILED]
    [told, *_] = [each.details for each in programme.all(TrailEntry) if each.verb == "probe.fail"]
    assert '"expected":"status == \'ok\'"' in told
    assert '"seen":"false"' in told
