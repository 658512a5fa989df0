"""Slack's error codes and broken connections, as the small classes the bot reacts to."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import errors
from bot.slack.errors import (
    ChannelGone,
    MessageGone,
    MessageRefused,
    MissingScope,
    NotInChannel,
    RateLimited,
    SlackAway,
    SlackError,
    TokenRefused,
    TriggerExpired,
    Unanswered,
    ViewRefused,
)

NOWHERE: Any = SimpleNamespace(host="nowhere", port=443, ssl=True)


def answered(data: Any, status: int = 200, **headers: str) -> SlackError:
    response = SimpleNamespace(data=data, status_code=status, headers=headers)
    refused: Any = SlackApiError  # the SDK leaves it untyped
    return errors.of_answer(refused("refused", response))


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("channel_not_found", ChannelGone),
        ("is_archived", ChannelGone),
        ("user_disabled", ChannelGone),
        ("not_in_channel", NotInChannel),
        ("invalid_blocks", MessageRefused),
        ("msg_too_long", MessageRefused),
        ("message_not_found", MessageGone),
        ("expired_trigger_id", TriggerExpired),
        ("exchanged_trigger_id", TriggerExpired),
        ("hash_conflict", ViewRefused),
        ("push_limit_reached", ViewRefused),
        ("invalid_auth", TokenRefused),
        ("ratelimited", RateLimited),
        ("service_unavailable", SlackAway),
        ("fatal_error", Unanswered),
        ("something_new", SlackError),
    ],
)
def test_a_code_belongs_to_a_family(code: str, family: type[SlackError]) -> None:
    error = answered({"ok": False, "error": code})
    assert type(error) is family
    assert code in str(error) or family is RateLimited


def test_a_code_belongs_to_one_family_only() -> None:
    codes = [code for family in SlackError.__subclasses__() for code in family.codes]
    assert len(codes) == len(set(codes)) == len(errors.BY_CODE)


def test_every_family_says_what_it_means() -> None:
    families: list[type[SlackError]] = [SlackError, *SlackError.__subclasses__()]
    for family in families:
        assert family.__doc__
        assert str(family("detail")).startswith(family.__doc__) or family is MissingScope


def test_a_missing_scope_names_it() -> None:
    error = answered({"ok": False, "error": "missing_scope", "needed": "files:read", "provided": "chat:write"})
    assert isinstance(error, MissingScope)
    assert (error.needed, error.provided) == ("files:read", "chat:write")
    assert "files:read" in str(error)


def test_the_reasons_of_slack_are_kept() -> None:
    error = answered(
        {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] must be fewer"]}}
    )
    assert "must be fewer" in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7"}, 7.0), ({"Retry-After": "soon"}, 60.0), ({}, 60.0)]
)
def test_too_many_requests(headers: dict[str, str], seconds: float) -> None:
    for body in ({}, "", {"ok": False, "error": "ratelimited"}):
        error = answered(body, 429, **headers)
        assert isinstance(error, RateLimited)
        assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "body", "family"),
    [(503, "", SlackAway), (500, "", Unanswered), (502, "<html>", Unanswered), (200, "<html>", Unanswered)],
)
def test_an_answer_that_is_none(status: int, body: str, family: type[SlackError]) -> None:
    assert type(answered(body, status)) is family


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (aiohttp.ClientConnectorError(NOWHERE, OSError(111, "refused")), SlackAway),
        (aiohttp.ConnectionTimeoutError(), SlackAway),
        (aiohttp.ServerDisconnectedError(), Unanswered),
        (aiohttp.ClientOSError(104, "reset by peer"), Unanswered),
        (TimeoutError(), Unanswered),
    ],
)
def test_a_broken_connection(error: Any, family: type[SlackError]) -> None:
    assert type(errors.of_transport(error)) is family
