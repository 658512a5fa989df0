"""A few messages as people read them. After a change that is meant: `python -m tests.messages.test_golden`."""

from pathlib import Path

from tests.messages.readable import readable
from tests.messages.samples import every_sample

GOLDEN = Path(__file__).with_name("golden.txt")
TOLD = (
    "nudge, due_soon",
    "task card, returned",
    "receipt",
    "invitation, invited",
    "summary",
    "finding, plan_review",
    "digest",
    "home of a lead",
    "refusal, already_decided",
)


def told() -> str:
    samples = every_sample()
    return "\n".join(f"##### {name}\n{readable(samples[name](str))}" for name in TOLD)


def test_messages_read_as_they_did() -> None:
    assert told() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(told(), encoding="utf-8")
