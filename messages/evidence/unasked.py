"""Evidence room: answers to words that answer nothing which was asked."""

from collections.abc import Sequence

from messages.evidence.payloads import ChoiceRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

COMMENT = "evidence.comment"


def offer(*, text: str, tasks: Sequence[tuple[ChoiceRef, str]], chosen: str | None = None) -> Message:
    """Words in the thread of a task, or of several: are they a comment? Redrawn once they are one."""
    wording = words("evidence/unasked", text=text, tasks=[title for _, title in tasks], chosen=chosen)
    buttons = [
        kit.button(words("evidence/unasked", tasks=tasks, title=title).button, f"{COMMENT}.{number}", ref)
        for number, (ref, title) in enumerate(tasks)
    ]
    body = wording.offer if chosen is None else wording.kept
    return kit.message(wording.summary, [kit.section(body), *kit.actions(buttons if chosen is None else [])])


def way_on(*, about: Sequence[str], waiting: Sequence[str]) -> Message:
    """What can be done there: `about` is what the thread shows, if anything; `waiting` the audits that ask."""
    wording = words("evidence/way_on", waiting=waiting)
    said = wording[next(iter(about), "nothing")]
    return kit.message(said, [kit.section(said), *([kit.context(wording.interviews)] if waiting else [])])


def mentioned() -> Message:
    """Told in a channel, where others read along."""
    wording = words("evidence/mentioned")
    return kit.message(wording.summary, [kit.section(wording.summary)])
