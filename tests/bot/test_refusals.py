"""What the domain refuses, the bot can say."""

import pytest

from messages.words.wording import words
from workflows.refusals import Refusal


@pytest.mark.parametrize("refusal", Refusal.__subclasses__())
def test_every_refusal_of_the_domain_has_its_words(refusal: type[Refusal]) -> None:
    assert refusal.__module__.split(".")[-1] == "refusals"
    wording = words(f"words/refusals/{refusal.name.fget(refusal.__new__(refusal))}")  # type: ignore[attr-defined]
    assert wording.what.block == "what"
    assert wording.advice.block == "advice"
