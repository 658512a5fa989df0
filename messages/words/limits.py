"""What Slack refuses, as named numbers, and how to stay below them without cutting a word in half.

Each limit names the page of Slack's reference it comes from. Lengths are counted in UTF-16 code units: where Slack
counts characters instead, we are a little short and never too long.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile

# The page "Block Kit: blocks"
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCK_ID = 255

# The pages "Retrieving messages" and "chat.postMessage": longer text is cut by Slack; far less is read
MESSAGE_TEXT = 4_000
# The page "chat.postMessage", error `msg_blocks_too_long`: seen near 13,200, so we stop earlier
MESSAGE_BLOCKS_TOGETHER = 12_800
# The page "Views": 250 KB as JSON; counted in bytes
VIEW_BYTES = 240_000

# The pages "Section block", "Header block", "Context block", "Actions block", "Input block"
SECTION_TEXT = 3_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
INPUT_LABEL = 2_000
INPUT_HINT = 2_000

# The page "Block elements"
ACTION_ID = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
PLACEHOLDER = 150
TEXT_INPUT = 3_000
SELECT_OPTIONS = 100
OPTION_GROUPS = 100
TICK_OPTIONS = 10
OVERFLOW_OPTIONS = 5
FILES_PER_INPUT = 10

# The page "Table block": rows with their headings, and characters of all cells
TABLE_ROWS = 100
TABLE_CHARACTERS = 10_000

# The pages "Option object", "Option group object", "Confirmation dialog object"
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
GROUP_LABEL = 75
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

# The page "Views: modals"
VIEW_TITLE = 24
VIEW_BUTTON = 24
CALLBACK_ID = 255
PRIVATE_METADATA = 3_000

# Ours: how much of a person's text a sentence carries, how many lines a list shows before it says "more", and the
# room kept for what stands around a list of blocks
VALUE_IN_A_SENTENCE = 300
LINES_IN_A_LIST = 20
TABLE_CELL = 120
BLOCKS_AROUND_A_LIST = 10
CHARACTERS_AROUND_A_LIST = 3_000

_ELLIPSIS = "…"
_UNBREAKABLE = re.compile(r"&(?:amp|lt|gt);|<(?:[@#!]|https://)[^<>\n]*>")
_LONGEST_CHARACTER = 32  # code points we step back over to find where a written character begins
_LONGEST_TAIL_OF_A_WORD = 24  # code points we give up to end at a space


def length(text: str) -> int:
    """The length as the strictest counter sees it: characters beyond the basic plane, such as emoji, count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """`text` within `limit`, ending in "…" where something was left off.

    Never cuts an escaped character (`&amp;`), a mention, a date or link token, or a combined character in two.
    """
    if length(text) <= limit:
        return text
    room = limit - len(_ELLIPSIS)
    widths = accumulate(length(character) for character in text)
    cut = sum(1 for _ in takewhile(lambda used: used <= room, widths))
    return text[: _border(text, cut)].rstrip() + _ELLIPSIS


def _border(text: str, cut: int) -> int:
    cut = _before_a_token(text, cut)
    tail = text[max(0, cut - _LONGEST_TAIL_OF_A_WORD) : cut]
    blank = max(tail.rfind(" "), tail.rfind("\n"))
    if blank > 0:
        return cut - len(tail) + blank
    lowest = max(0, cut - _LONGEST_CHARACTER)
    while cut > lowest and _belongs_to_the_one_before(text, cut):
        cut -= 1
    return cut


def _before_a_token(text: str, cut: int) -> int:
    for token in _UNBREAKABLE.finditer(text):
        if token.start() >= cut:
            break
        if token.end() > cut:
            return token.start()
    return cut


def _belongs_to_the_one_before(text: str, place: int) -> bool:
    following, before = text[place], text[place - 1]
    joins = "\u200d"
    skin_tone = "\U0001f3fb" <= following <= "\U0001f3ff"
    return joins in (following, before) or skin_tone or unicodedata.category(following) in {"Mn", "Mc", "Me"}


def listed(
    lines: Sequence[str], and_more: Callable[[int], str], limit: int = SECTION_TEXT, most: int = LINES_IN_A_LIST
) -> str:
    """The lines as one text of at most `limit`; `and_more` words the last one, which says how many were left off."""
    shown = list(lines[:most])
    while True:
        left_off = len(lines) - len(shown)
        text = "\n".join([*shown, and_more(left_off)] if left_off else shown)
        if not shown or length(text) <= limit:
            return text
        shown.pop()
