"""The parts of Slack's that messages are made of most, each checked by its own rules as the SDK would check it.

The SDK looks for a part's checks among all its attributes whenever the part is turned into JSON, which took two fifths
of the time of composing a message. A class has the same checks all its life, so here they are looked for once.
"""

from collections.abc import Callable, Sequence
from functools import cache

from slack_sdk.models import blocks
from slack_sdk.models.basic_objects import JsonObject


class _Checked(JsonObject):
    def validate_json(self) -> None:
        for check in _checks(type(self)):
            check(self)


@cache
def _checks(kind: type[JsonObject]) -> Sequence[Callable[[JsonObject], None]]:
    # `validator` is the mark that the SDK leaves on them (slack_sdk.models.basic_objects: JsonValidator).
    methods = (getattr(kind, name) for name in dir(kind) if not name.startswith("__"))
    return [each for each in methods if callable(each) and hasattr(each, "validator")]


class PlainText(_Checked, blocks.PlainTextObject):
    """Text in which nothing is formatted."""


class MarkdownText(_Checked, blocks.MarkdownTextObject):
    """Text in Slack's own mark-up."""


class Section(_Checked, blocks.SectionBlock):
    """A paragraph."""


class Context(_Checked, blocks.ContextBlock):
    """Small print."""


class Button(_Checked, blocks.ButtonElement):
    """A button."""


class Actions(_Checked, blocks.ActionsBlock):
    """A row of buttons."""


class Option(_Checked, blocks.Option):
    """One of several choices."""
