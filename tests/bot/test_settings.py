"""What the bot must be told: each fault is a sentence that names its variable and never its value."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import SettingsWrong
from tests.bot.conftest import TOKENS

SECRET = "do-not-tell"


def complaint(given: dict[str, str]) -> str:
    with pytest.raises(SettingsWrong) as wrong:
        settings.load(given)
    return str(wrong.value)


def test_what_is_left_out_has_a_sensible_value() -> None:
    found = settings.load(TOKENS)
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url == "sqlite:///var/deskaudit.db"
    assert (found.port, found.leads, found.clock_url) == (8080, (), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", f"xapp-{SECRET}"),
        ("SLACK_APP_TOKEN", f"xoxb-{SECRET}"),
        ("SLACK_API_URL", f"ftp://{SECRET}"),
        ("DESKAUDIT_LEADS", f"U0MIRA, @{SECRET}"),
        ("DESKAUDIT_PORT", SECRET),
        ("DESKAUDIT_PORT", "65536"),
        ("DESKAUDIT_DATABASE_URL", f"mysql://{SECRET}"),
        ("DESKAUDIT_EVIDENCE_URL", f"ftp://{SECRET}"),
        ("DESKAUDIT_EVIDENCE_KEY", SECRET),
        ("DESKAUDIT_EVIDENCE_KEY", f"2026:{SECRET}"),
        ("DESKAUDIT_EVIDENCE_KEY", f"a:{'0' * 64},a:{'1' * 64}"),
        ("DESKAUDIT_CLOCK_URL", SECRET),
        ("DESKAUDIT_LOG_LEVEL", SECRET),
    ],
)
def test_a_malformed_value_is_named_and_not_shown(name: str, value: str) -> None:
    said = complaint({**TOKENS, name: value})
    assert said.startswith(f"{name} is not as it should be. It ")
    assert SECRET not in said


def test_everything_that_is_missing_is_said_at_once() -> None:
    said = complaint({"SLACK_SIGNING_SECRET": "shh", "DESKAUDIT_PORT": "many"})
    assert "SLACK_BOT_TOKEN is missing. It begins with xoxb-" in said
    assert "DESKAUDIT_PORT is not as it should be." in said


def test_without_a_socket_the_signing_secret_is_needed() -> None:
    said = complaint({"SLACK_BOT_TOKEN": f"xoxb-{SECRET}"})
    assert said.startswith("SLACK_SIGNING_SECRET is missing.")
    assert SECRET not in said
    assert settings.load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "shh"}).app_token is None


def test_leads_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKAUDIT_LEADS", "U0MIRA, W0SOFIA,")
    assert settings.load(TOKENS).leads == ("U0MIRA", "W0SOFIA")


def test_the_file_gives_way_to_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deskaudit.env").write_text("SLACK_BOT_TOKEN=xoxb-file\nDESKAUDIT_PORT=1\nSLACK_SIGNING_SECRET=shh\n")
    monkeypatch.setenv("DESKAUDIT_PORT", "2")
    found = settings.load()
    assert found.bot_token.get_secret_value() == "xoxb-file"
    assert found.port == 2


def test_a_named_file_that_is_not_there_is_said() -> None:
    assert "DESKAUDIT_SETTINGS names a settings file that does not exist." in complaint({})


def test_secrets_do_not_show_when_printed() -> None:
    printed = repr(settings.load(TOKENS))
    assert not any(secret in printed for secret in TOKENS.values())
