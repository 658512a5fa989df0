"""The tables of the rooms, brought together."""

from typing import Any

import pytest

from bot.slack.calls import Reply
from bot.slack.routes import AnyRoute, RegisteredTwice, event, form, index, press, retired, verb
from messages.tasks.payloads import TaskRef
from messages.words.payloads import Nothing


async def handler(_call: Any) -> Reply:
    return None


@pytest.mark.parametrize(
    "routes",
    [
        [press("a", Nothing, handler), press("a", TaskRef, handler)],
        [press("a", Nothing, handler), retired("a", "gone")],
        [form("a", Nothing, handler), form("a", Nothing, handler)],
        [verb("a", handler=handler), verb("a", handler=handler)],
        [event("a", handler), event("a", handler)],
    ],
)
def test_one_name_has_one_room(routes: list[AnyRoute]) -> None:
    with pytest.raises(RegisteredTwice, match="a"):
        index(routes)


def test_a_button_and_a_form_may_share_a_name() -> None:
    found = index([press("a", Nothing, handler), form("a", TaskRef, handler)])
    assert (found.presses["a"].payload, found.forms["a"].payload) == (Nothing, TaskRef)
