"""`doctor --live`: Slack itself judges a sample of every message and view; nothing is posted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from rich.progress import Progress

from bot.slack.gateway import Gateway

SAMPLES = "samples.jsonl"


@dataclass(frozen=True)
class Sample:
    """A message or view as it would be sent, under the name of what it is."""

    name: str
    kind: Literal["message", "view"]
    surface: dict[str, Any]


def samples() -> Iterator[Sample]:
    """One of every kind, the largest; made from what the tests look at."""
    for line in resources.files("messages").joinpath(SAMPLES).read_text(encoding="utf-8").splitlines():
        yield Sample(**json.loads(line))


async def refused(gateway: Gateway, progress: Progress) -> list[str]:
    """A sentence for each sample that Slack would not take. Raises `SlackError` when Slack can't be asked."""
    found = []
    for each in progress.track(list(samples()), description="Slack looks at every message and view"):
        objections = await gateway.validate(each.kind, each.surface)
        found += [f"{each.name}: {objection}" for objection in objections]
    return found
