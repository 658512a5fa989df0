"""People's text made harmless: what somebody typed is shown, and can never become formatting, a mention or a block."""

import re

from messages.words.limits import VALUE_IN_A_SENTENCE, shorten

_JOINER = "\u2060"  # word joiner: invisible, no width, not a space

# Codes that Slack refuses or that turn the order of the words around them: control characters but tab and line
# break, halves of characters, bidirectional embeddings, overrides and isolates.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

# A pair such as *…* matches whatever stands between, so an invisible character after the mark would not break it.
# A look-alike does, without our having to know how Slack's parser thinks.
_LOOK_ALIKES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "\u2217", "~": "\u223c", "`": "\u02cb"})
# Between two letters or digits an underscore formats nothing; there it stays, so that file names can be copied.
_LOOSE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LOW_LINE = "\u02cd"
# A name, of an emoji or of everybody, must match exactly: here one invisible character is enough.
_START_OF_A_NAME = re.compile(r":(?=[\w+'-]+(?::|\Z))|@(?=channel|here|everyone)", re.IGNORECASE)
_START_OF_A_QUOTE = re.compile(r"^(?=[^\S\n]*&gt;)", re.MULTILINE)
_START_OF_A_MENTION = re.compile(r"<(?=[@#!])|@(?=channel|here|everyone)", re.IGNORECASE)


class Mrkdwn(str):
    """Text in Slack's own markup that is safe to send as it is. Only this package's own functions make it."""

    __slots__ = ()


def clean(text: str) -> str:
    """`text` without the codes that Slack refuses or that reorder the words around them; lines stay lines."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`text` cleaned, with every run of blanks and line breaks as one space."""
    return " ".join(clean(text).split())


def plain(text: str) -> str:
    """For `plain_text` objects, which interpret nothing: cleaned, and without anything that looks like a mention."""
    return _START_OF_A_MENTION.sub(lambda found: found.group() + _JOINER, clean(text)).strip()


def harmless(text: str) -> Mrkdwn:
    """`text` as mrkdwn that reads the same and does nothing (Slack reference: "Formatting text for app surfaces")."""
    escaped = _LOOSE_UNDERSCORE.sub(_LOW_LINE, text.translate(_LOOK_ALIKES))
    named = _START_OF_A_NAME.sub(lambda found: found.group() + _JOINER, escaped)
    return Mrkdwn(_START_OF_A_QUOTE.sub(_JOINER, named))


def in_a_sentence(text: str, limit: int = VALUE_IN_A_SENTENCE) -> Mrkdwn:
    """A person's text as part of our sentence: one line, harmless, at most `limit` long."""
    return Mrkdwn(shorten(harmless(_start(one_line(text), limit)), limit))


def quoted(text: str, limit: int) -> Mrkdwn:
    """A person's own words as a quotation, line by line; at most `limit` characters of mrkdwn."""
    lines = [f"> {line}" for line in harmless(_start(clean(text), limit)).splitlines() if line.strip()]
    return Mrkdwn(shorten("\n".join(lines), limit))


def _start(text: str, limit: int) -> str:
    """Enough of a long text to fill `limit` and to see that there is more: making it harmless never shortens it."""
    return text[: limit + 1]
