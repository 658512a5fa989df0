"""The commands as whoever runs the bot types them, and the process they start."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from typer.testing import CliRunner

from bot.commands import cli, demo, live_check
from bot.commands.live_check import Sample
from bot.rooms import ROUTES
from bot.slack.manifest import manifest
from sandbox.hands import Hands
from sandbox.server import Sandbox
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.files.blobs import BlobStore
from storage.programme.tables import Obligation
from tests.bot.conftest import TOKENS
from tests.storage.samples import AT, record

BYTES = b"user,role\n"
NOBODY = 65534
"""The id of an account that owns nothing."""


def deskaudit(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.commands, words, env={"COLUMNS": "300"})
    return result.exit_code, result.output


def test_the_version() -> None:
    code, said = deskaudit("--version")
    assert code == 0
    assert said.count(".") == 2


def test_the_manifest_is_yaml() -> None:
    code, said = deskaudit("manifest")
    assert code == 0
    assert yaml.safe_load(said) == manifest(ROUTES)
    _, over_http = deskaudit("manifest", "--url", "https://bot.example.org/")
    urls = yaml.safe_load(over_http)["settings"]["interactivity"]
    assert urls["request_url"] == "https://bot.example.org/slack/events"


def test_the_key_that_is_set_is_shown_without_any_token_for_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    _, said = deskaudit("key")
    [made] = [line for line in said.splitlines() if line.startswith("DESKAUDIT_SIGNING_KEY=")]
    monkeypatch.setenv("DESKAUDIT_SIGNING_KEY", made.partition("=")[2])
    code, again = deskaudit("key")
    assert (code, "DESKAUDIT_SIGNING_KEY=" in again) == (0, False)
    assert again.splitlines()[0] in said
    monkeypatch.setenv("DESKAUDIT_SIGNING_KEY", "too short")
    assert deskaudit("key")[0] == 2


def test_without_settings_nothing_starts() -> None:
    code, said = deskaudit("run")
    assert code == 2
    assert "SLACK_BOT_TOKEN is missing." in said


@pytest.mark.parametrize(
    ("command", "says"), [("verify", "intact: 3 entries, 2 rows, 1 files"), ("doctor", "found unchanged")]
)
def test_who_looks_at_the_record_needs_no_token(
    kept: Path, monkeypatch: pytest.MonkeyPatch, command: str, says: str
) -> None:
    for name in TOKENS:
        monkeypatch.delenv(name)
    code, said = deskaudit(command)
    assert (code, says in said) == (0, True)


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("doctor",),
        ("backup", "copy"),
        ("evidence", "check"),
        ("evidence", "rotate"),
        ("evidence", "add", __file__, "--as", "@mira", "--task", "1"),
        ("import", __file__, "--as", "@mira"),
        ("pack", "pack.zip", "--as", "@mira", "--from", "2026-01-01", "--to", "2026-12-31"),
    ],
    ids=" ".join,
)
def test_no_command_makes_a_folder_of_evidence(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKAUDIT_EVIDENCE_URL", "mistyped")
    monkeypatch.setenv("DESKAUDIT_EVIDENCE_KEY", f"2026:{'0a' * 32}")
    code, said = deskaudit(*command)
    assert code == 1
    assert f"There is no folder of evidence at {tmp_path / 'mistyped'}" in said
    assert not {"mistyped", "copy", "pack.zip"} & {each.name for each in tmp_path.iterdir()}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an account that may write nothing")
@pytest.mark.parametrize("command", ["verify", "evidence check"])
def test_a_record_that_nobody_can_write_to_is_looked_at_all_the_same(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with TemporaryDirectory() as mounted:
        for each in ("deskaudit.db", "evidence"):
            (tmp_path / each).rename(Path(mounted) / each)
        Path(mounted).chmod(0o555)
        monkeypatch.setenv("DESKAUDIT_SETTINGS", f"{mounted}/deskaudit.env")
        monkeypatch.setenv("DESKAUDIT_DATABASE_URL", f"sqlite:///{mounted}/deskaudit.db")
        monkeypatch.setenv("DESKAUDIT_EVIDENCE_URL", f"{mounted}/evidence")
        os.seteuid(NOBODY)
        try:
            code, said = deskaudit(*command.split())
        finally:
            os.seteuid(0)
        assert code == 0, said
        assert {each.name for each in Path(mounted).iterdir()} == {"deskaudit.db", "evidence"}


# --- sandbox and stories ---


def test_the_sandbox_takes_what_it_is_given(tmp_path: Path) -> None:
    code, said = deskaudit("sandbox", "--manifest", str(tmp_path / "none.yaml"))
    assert code == 2
    assert "none.yaml cannot be read" in said


def test_a_story_that_is_none_is_answered_with_those_there_are() -> None:
    code, said = deskaudit("demo", "--story", "nothing")
    assert code == 2
    assert "There is no story called 'nothing'." in said
    assert "\n  one_working_day: One working day\n" in said


def test_a_malformed_story_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "tea.yaml"
    path.write_text("title: Tea\nchapter: none\n", encoding="utf-8")
    code, said = deskaudit("demo", "--story", str(path))
    assert code == 2
    assert f"{path}, line 2: `chapter` is no part of a story" in said


def test_a_story_of_ones_own_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    path = tmp_path / "tea.yaml"
    step = "{tells: Tom asks for help., who: Tom, types: /iso help, answers: /iso tasks}"
    path.write_text(f"title: Help\nchapters: [{{title: One, steps: [{step}]}}]\n", encoding="utf-8")
    code, said = deskaudit("demo", "--story", str(path))
    assert code == 0, said
    assert "✓ Tom asks for help." in said


async def test_a_port_that_is_taken_ends_the_demo_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(demo.DemoFailed, match=rf"port {port}: something else.*--port 8800, or make demo PORT=8800"):
            async with demo.Demo(tmp_path, port, demo.the_day()).running():
                pass


# --- verify ---


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with three entries on its trail and one kept file; returns the file."""
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    url, folder = f"sqlite:///{tmp_path}/deskaudit.db", tmp_path / "evidence"
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", url)
    monkeypatch.setenv("DESKAUDIT_EVIDENCE_URL", str(folder))
    sha256 = asyncio.run(_put(folder))
    database = Database.open(url)
    database.upgrade()
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.put_workspace(name="Sample")
        _evidence(uow, sha256)
        for note in "abc":
            record(uow, note)
    database.shut_down()
    [path] = [each for each in folder.rglob("*") if each.is_file()]
    return path


async def _put(folder: Path) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield BYTES

    return (await BlobStore.open(str(folder)).put(chunks())).sha256


def _evidence(uow: UnitOfWork, sha256: str) -> None:
    uow.add(
        Evidence(
            slack_file_id="F1",
            name="log.csv",
            state=EvidenceState.KEPT,
            sha256=sha256,
            size=len(BYTES),
            provided_by="U1",
            received_at=AT,
            collected_on=AT.date(),
        )
    )


@pytest.mark.parametrize(
    ("url", "ends_with", "says"),
    [
        ("sqlite://", 2, "DESKAUDIT_DATABASE_URL is not as it should be."),
        ("sqlite:///:memory:", 2, "DESKAUDIT_DATABASE_URL is not as it should be."),
        ("sqlite:///{folder}", 1, "Check DESKAUDIT_DATABASE_URL"),
    ],
)
def test_what_is_no_database_ends_in_a_sentence(
    kept: Path, monkeypatch: pytest.MonkeyPatch, url: str, ends_with: int, says: str
) -> None:
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", url.format(folder=kept.parent))
    code, said = deskaudit("verify")
    assert (code, says in said) == (ends_with, True), said


def test_intact_records(kept: Path) -> None:
    code, said = deskaudit("verify")
    assert code == 0
    assert "intact: 3 entries, 2 rows, 1 files" in said


@pytest.mark.parametrize(("back", "says"), [(timedelta(minutes=10), False), (timedelta(hours=3), True)])
def test_a_clock_that_was_put_back_is_mentioned_and_breaks_nothing(kept: Path, back: timedelta, says: bool) -> None:
    database = Database.open(os.environ["DESKAUDIT_DATABASE_URL"])
    with database.unit_of_work("T0SAMPLE") as uow:
        record(uow, "d", at=AT - back)
    database.shut_down()
    code, said = deskaudit("verify")
    assert (code, "intact: 4 entries" in said) == (0, True)
    assert ("the clock went back: entry 4 says 2026-" in said) is says


def test_the_store_is_checked_by_itself(kept: Path) -> None:
    code, said = deskaudit("evidence", "check")
    assert (code, said.splitlines()[-1]) == (0, "1 files, 0 at fault, 0 left over")


def test_what_is_left_over_is_named_and_stays(kept: Path) -> None:
    folder = kept.parents[2]
    stray = folder / "sha256" / "ab" / ("ab" * 32)
    half = folder / "incoming" / "cut-off#1"
    for path in (stray, half):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    code, said = deskaudit("evidence", "check")
    assert code == 0
    assert f"left over: {'ab' * 32}: no record names it" in said
    assert "left over: incoming/cut-off#1: 4 bytes of a download" in said
    assert stray.exists()
    assert half.exists()


def test_what_the_doctor_wrote_is_not_left_over(kept: Path) -> None:
    deskaudit("doctor")
    assert "0 left over" in deskaudit("evidence", "check")[1]


def test_the_store_is_encrypted_and_found_whole_with_its_key_only(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert deskaudit("evidence", "rotate")[0] == 1
    monkeypatch.setenv("DESKAUDIT_EVIDENCE_KEY", f"2026:{'0a' * 32}")
    code, said = deskaudit("evidence", "rotate")
    assert (code, said.splitlines()[-1]) == (0, "1 files re-encrypted, 0 at fault")
    assert not kept.exists()
    assert "intact: 3 entries, 2 rows, 1 files" in deskaudit("verify")[1]
    assert "0 left over" in deskaudit("evidence", "check")[1]
    monkeypatch.delenv("DESKAUDIT_EVIDENCE_KEY")
    code, said = deskaudit("evidence", "check")
    assert code == 1
    assert "sealed with the key 2026, which was not given" in said


@pytest.mark.parametrize("command", [("verify",), ("evidence", "check")])
def test_a_changed_file_is_named(kept: Path, command: tuple[str, ...]) -> None:
    kept.chmod(0o644)
    kept.write_bytes(b"user,rule\n")
    code, said = deskaudit(*command)
    assert code == 1
    assert "was changed after it was kept" in said
    kept.unlink()
    _, said = deskaudit(*command)
    assert "is missing" in said


def test_a_changed_entry_is_named(kept: Path, tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/deskaudit.db")
    with database.unit_of_work("T0SAMPLE") as uow:
        triggers = uow.connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'"
        )
        for (name,) in triggers.fetchall():
            uow.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        uow.connection.exec_driver_sql("UPDATE trail_entry SET actor_id = 'U2' WHERE sequence = 2")
    database.shut_down()
    code, said = deskaudit("verify")
    assert code == 1
    assert "T0SAMPLE, audit trail: entry 2 was changed after it was written" in said


@pytest.mark.parametrize(
    ("statement", "said_of_it"),
    [
        ("UPDATE evidence SET name = 'other.csv'", "evidence 1: the name is not what entry 1 sealed"),
        ("DELETE FROM evidence", "evidence 1: is gone, and entry 1 had sealed it"),
        ("DELETE FROM workspace", "workspace T0SAMPLE: is gone, and entry 1 had sealed it"),
    ],
)
def test_words_that_were_rewritten_in_the_database_are_named(
    kept: Path, tmp_path: Path, statement: str, said_of_it: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "deskaudit.db", isolation_level=None)) as behind_its_back:
        behind_its_back.execute(statement)
    code, said = deskaudit("verify")
    assert code == 1
    assert f"T0SAMPLE, record: {said_of_it}" in said


# --- doctor, and the process ---


async def test_a_healthy_bot(sandbox: Sandbox, tmp_path: Path) -> None:
    Database.open(f"sqlite:///{tmp_path}/deskaudit.db").upgrade()
    (tmp_path / "evidence").mkdir()
    code, said = await asyncio.to_thread(deskaudit, "doctor")
    assert code == 0, said
    for sentence in ("All required scopes have been granted.", "A test file was written", "Slack opens a socket"):
        assert sentence in said


async def test_slack_judges_messages_and_views(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(f"sqlite:///{tmp_path}/deskaudit.db").upgrade()
    (tmp_path / "evidence").mkdir()
    one_of_each = {each.kind: each for each in live_check.samples()}  # all of them would wait for Slack's pace
    monkeypatch.setattr(live_check, "samples", lambda: iter(one_of_each.values()))
    code, said = await asyncio.to_thread(deskaudit, "doctor", "--live")
    assert (code, "Slack would take a sample of every message and view." in said) == (0, True), said
    assert "This machine's clock agrees with Slack's." in said


async def test_what_slack_would_refuse_is_named(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(f"sqlite:///{tmp_path}/deskaudit.db").upgrade()
    broken = Sample("nudge, due", "message", {"text": "Due", "blocks": [{"type": "section"}]})
    monkeypatch.setattr(live_check, "samples", lambda: iter([broken]))
    code, said = await asyncio.to_thread(deskaudit, "doctor", "--live")
    assert (code, "Slack would refuse nudge, due: /blocks/0" in said) == (1, True), said


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Check SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "Check SLACK_APP_TOKEN"),
        ("DESKAUDIT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "Check DESKAUDIT_DATABASE_URL"),
        ("DESKAUDIT_EVIDENCE_URL", "/dev/null/evidence", "Check DESKAUDIT_EVIDENCE_URL"),
        ("DESKAUDIT_LADDERS", "/dev/null/ladders.yaml", "Correct the file named in DESKAUDIT_LADDERS"),
    ],
)
async def test_an_ill_bot_and_the_remedy(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    code, said = await asyncio.to_thread(deskaudit, "doctor")
    assert code == 1
    assert remedy in said
    assert value not in said or name.startswith("DESKAUDIT")


async def test_own_probes_are_checked_before_anything_starts(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "probes.yaml"
    monkeypatch.setenv("DESKAUDIT_PROBES", str(own))
    own.write_text("probes:\n- name: Backups")
    for command, ends_with in (("doctor", 1), ("run", 2)):
        code, said = await asyncio.to_thread(deskaudit, command)
        assert code == ends_with
        assert "Line 2: a probe has name, url, obligation, expects" in " ".join(said.split())


async def test_the_doctor_names_a_probe_for_an_obligation_that_is_not_there(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own, database = tmp_path / "probes.yaml", Database.open(f"sqlite:///{tmp_path}/deskaudit.db")
    monkeypatch.setenv("DESKAUDIT_PROBES", str(own))
    asked = "{name: %s, url: 'https://a.example.org/', obligation: %s, expects: [ok]}"
    own.write_text(f"probes: [{asked % ('right', 'access-review')}, {asked % ('wrong', 'acess-review')}]")
    database.upgrade()
    (tmp_path / "evidence").mkdir()
    assert (await asyncio.to_thread(deskaudit, "doctor"))[0] == 0  # nothing is there before a programme runs
    with database.unit_of_work("T0ALDER") as uow:
        uow.put_workspace(name="Aldermoor")
        uow.add(Obligation(key="access-review", title="A", owner_id="U1", recurrence="", starts_on=date(2026, 1, 1)))
    code, said = await asyncio.to_thread(deskaudit, "doctor")
    [named] = [line for line in said.splitlines() if "is for the" in line]
    assert (code, "Probe wrong" in named) == (1, True)


LADDERS = "ladders: [{kinds: [control], urgency: %s, rungs: [{days: 0, tells: [owner]}]}]"


async def test_own_ladders_are_checked_before_anything_starts(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "ladders.yaml"
    monkeypatch.setenv("DESKAUDIT_LADDERS", str(own))
    own.write_text(LADDERS % "mild")
    fault = "Ladder 1: the urgency is one of low, normal, high."
    for command, ends_with in (("doctor", 1), ("run", 2)):
        code, said = await asyncio.to_thread(deskaudit, command)
        assert code == ends_with
        assert fault in said
    own.write_text(LADDERS % "high")
    _, said = await asyncio.to_thread(deskaudit, "doctor")
    assert "The reminder ladders are valid: your own file and the built-in ones." in said


async def start() -> Process:
    """The bot as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--until-stdin-closes", stdin=PIPE, stdout=PIPE, stderr=PIPE, env=os.environ
    )


async def connected(hands: Hands, expected: bool) -> None:
    async with asyncio.timeout(30):
        while (await hands.workspace())["app"]["connected"] is not expected:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_the_process_is_killed_starts_again_and_ends_when_told(sandbox: Sandbox) -> None:
    async with Hands(sandbox.url) as hands:
        first = await start()
        await connected(hands, True)
        first.kill()
        await first.wait()
        second = await start()
        await connected(hands, False)
        await connected(hands, True)
        await hands.person("U0MIRA").command("/iso", "help")
        second.send_signal(signal.SIGTERM)
        assert await second.wait() == 0
        third = await start()
        await connected(hands, True)
        assert third.stdin is not None
        third.stdin.close()
        assert await third.wait() == 0


async def test_a_process_that_waits_for_slack_ends_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = {
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "DESKAUDIT_PORT": "0",
        "DESKAUDIT_EVIDENCE_URL": str(tmp_path),
    }
    for name, value in {**TOKENS, **nobody, "DESKAUDIT_DATABASE_URL": f"sqlite:///{tmp_path}/deskaudit.db"}.items():
        monkeypatch.setenv(name, value)
    process = await start()
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while b"is asked again" not in (line := await process.stderr.readline()):
            assert line, "it ended instead of waiting"
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


def test_verify_without_a_database_ends_in_a_sentence(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    code, said = deskaudit("verify")
    assert code == 1
    assert "refused" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("evidence", "check"),
        ("evidence", "add", __file__, "--as", "@mira", "--task", "1"),
        ("import", __file__, "--as", "@mira"),
        ("pack", "pack.zip", "--as", "@mira", "--from", "2026-01-01", "--to", "2026-12-31"),
    ],
    ids=" ".join,
)
def test_no_command_makes_a_database(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    missing = tmp_path / "mistyped.db"
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", f"sqlite:///{missing}")
    code, said = deskaudit(*command)
    assert code == 1
    assert f"There is no database at {missing}" in said
    assert not missing.exists()


async def test_what_slack_does_not_know_ends_in_a_sentence(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-wrong")
    process = await start()
    _, said = await process.communicate()
    assert process.returncode == 1
    assert "Slack does not accept the token; take the present one from the app's page" in said.decode()
    assert "Traceback" not in said.decode()
