"""What `deskaudit doctor --live` shows Slack is what is made today.

After a change that is meant: `python -m tests.messages.test_live_samples`.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import messages
from bot.commands.live_check import SAMPLES, Sample, samples
from messages.words.kit import Message
from tests.messages import slack_rules
from tests.messages.samples import Surface, every_sample

WRITTEN = Path(messages.__file__).with_name(SAMPLES)


def largest() -> Iterator[Sample]:
    """Of everything that differs only by its state, what has most in it."""
    for _, alike in groupby(sorted(every_sample().items()), key=lambda each: each[0].partition(",")[0]):
        made = [_sample(name, make(str)) for name, make in alike]
        yield max(made, key=lambda each: len(json.dumps(each.surface)))


def _sample(name: str, surface: Surface) -> Sample:
    return Sample(name, "message" if isinstance(surface, Message) else "view", surface.to_dict())


def written() -> str:
    return "".join(f"{json.dumps(asdict(each), ensure_ascii=False)}\n" for each in largest())


def test_the_samples_are_those_of_today() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == written()


def test_every_sample_keeps_to_what_is_known_of_slack() -> None:
    faults: dict[str, Any] = {each.name: slack_rules.faults(each.surface) for each in samples()}
    assert {name: found for name, found in faults.items() if found} == {}


if __name__ == "__main__":
    WRITTEN.write_text(written(), encoding="utf-8")
