"""What the SDK would refuse is refused by the parts that look for their checks once, and in the same words."""

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import blocks as sdk
from slack_sdk.models.basic_objects import JsonObject

from messages.words import blocks as ours

LONG = "x" * 12_000
BROKEN: list[tuple[type[JsonObject], type[JsonObject], dict[str, Any]]] = [
    (ours.Section, sdk.SectionBlock, {}),
    (ours.Context, sdk.ContextBlock, {"elements": [sdk.PlainTextObject(text="x")] * 11}),
    (ours.Button, sdk.ButtonElement, {"text": "Done", "action_id": "done", "value": LONG}),
    (ours.Actions, sdk.ActionsBlock, {"elements": [sdk.ButtonElement(text="Done", action_id="done")] * 26}),
    (ours.Option, sdk.Option, {"value": LONG, "text": "One"}),
]


def refusal(part: JsonObject) -> str:
    with pytest.raises(SlackObjectFormationError) as refused:
        part.to_dict()
    return str(refused.value)


@pytest.mark.parametrize(("our_kind", "sdk_kind", "broken"), BROKEN, ids=[each[1].__name__ for each in BROKEN])
def test_what_the_sdk_refuses_is_refused(
    our_kind: type[JsonObject], sdk_kind: type[JsonObject], broken: dict[str, Any]
) -> None:
    assert refusal(our_kind(**broken)) == refusal(sdk_kind(**broken))
