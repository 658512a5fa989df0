"""What is said of work that takes longer than somebody waits."""

from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words


def still_working(about: str) -> Message:
    """Told once where something takes long for no fault of whoever waits; `about` is what they gave or asked for."""
    wording = words("words/errands", about=about)
    return kit.message(wording.still_working, [kit.section(wording.still_working)])


def given_up(about: str) -> Message:
    """Told when it was tried for a day in vain."""
    wording = words("words/errands", about=about)
    return kit.message(wording.given_up, [kit.section(wording.given_up)])
