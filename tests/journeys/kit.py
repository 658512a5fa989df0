"""What the journeys of tasks and people do that a story has no word for: the menu behind the three dots."""

from typing import Any

from sandbox.story.words import readable
from tests.journeys.conftest import Journey


async def choose(journey: Journey, person_id: str, deed: str, *, of: str) -> None:
    """Choose from the menu on the newest message of the app that says `of`."""
    person = journey.hands.person(person_id)
    await journey.sees(person_id.removeprefix("U0").capitalize(), of)
    for message in reversed(await person.messages()):
        found = _menu(message, deed) if of in readable(message) else None
        if found:
            block, element, option = found
            await person.press(
                element["action_id"], ts=message["ts"], selected=option["value"], block_id=block["block_id"]
            )
            return
    raise AssertionError(f"no menu with {deed} on {of}")


def _menu(message: dict[str, Any], deed: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None:
    for block in message.get("blocks") or []:
        for element in block.get("elements", []):
            for option in element.get("options", []) if element.get("type") == "overflow" else []:
                if option["text"]["text"].startswith(deed):
                    return block, element, option
    return None
