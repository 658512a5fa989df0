"""The wording: what is missing is noticed, and each surface gets its own form."""

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from messages.words.filters import NotInPlainText
from messages.words.requirements import Requirement, clauses
from messages.words.wording import NoSuchWords, NothingToSay, words


def test_a_missing_block_is_an_error() -> None:
    with pytest.raises(NoSuchWords, match="no block named farewell"):
        _ = words("people/welcome", person_id="U0JONAS").farewell


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _ = words("tasks/reason_modal").intro_return.mrkdwn


def test_no_message_says_none() -> None:
    with pytest.raises(NothingToSay):
        _ = words("tasks/reason_modal", title=None).intro_return.mrkdwn


def test_one_phrase_has_a_form_for_each_surface() -> None:
    phrase = words("interviews/question_modal", asked={"audit_title": "R&D *now* <!here>"}, note="").where
    assert phrase.mrkdwn == "R&amp;D \u2217now\u2217 &lt;!here&gt;"
    assert phrase.plain == "R&D *now* <\u2060!here>"


def test_a_moment_is_a_token_only_where_tokens_are_read() -> None:
    card = {"state": "accepted", "decided_by": None, "decided_at": datetime(2026, 3, 2, tzinfo=UTC)}
    phrase = words("tasks/card", card=card).accepted
    assert phrase.mrkdwn.startswith("*Accepted* on <!date^1772409600^")
    assert phrase.plain.startswith("*Accepted* on Monday 2 March 2026 at 00:00 UTC.")


def test_a_mention_has_no_place_in_plain_text() -> None:
    with pytest.raises(NotInPlainText):
        _ = words("people/welcome", person_id="U0JONAS").body.plain


@pytest.mark.parametrize(
    ("requirements", "shown"),
    [
        ([], ""),
        ([Requirement("ISO 9001:2015", "7.2")], "ISO 9001:2015 7.2"),
        ([Requirement("ISO 9001:2015", "7.2", "Competence")], "ISO 9001:2015 7.2 (Competence)"),
        (
            [Requirement("ISO 9001:2015", "7.2"), Requirement("27001", "A.5.18"), Requirement("ISO 9001:2015", "9.1")],
            "ISO 9001:2015 7.2, 9.1 · 27001 A.5.18",
        ),
    ],
)
def test_requirements_name_each_edition_once(requirements: list[Requirement], shown: str) -> None:
    assert clauses(requirements) == shown
