"""The ledger names every kind of message there is."""

import pytest

from bot.rooms import COMPOSERS
from messages.ledger import kind_in_words


@pytest.mark.parametrize("kind", [each for each in COMPOSERS if not each.endswith(".refresh")])
def test_every_message_to_a_person_has_a_name_in_the_ledger(kind: str) -> None:
    assert kind_in_words(kind) != kind_in_words("a.kind_nobody_sends_any_more")
