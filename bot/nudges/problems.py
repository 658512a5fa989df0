"""Nudges room at the edge: `/iso problems`, which messages could not be delivered, and sending one again."""

from bot.nudges import facts
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import press, verb
from messages.nudges import problems as words
from messages.nudges.payloads import MessageRef
from messages.words.kit import Message
from workflows.deed import Deed
from workflows.nudges import undelivered


def _problems(deed: Deed, *, sent_again: bool = False) -> Message:
    found = undelivered.undelivered(deed)
    listed = [facts.problem(deed.uow, each) for each in found.messages]
    return words.problems(listed, found.total, sent_again=sent_again)


async def problems(call: Command) -> Reply:
    """`/iso problems`."""
    return Tell(await call.ask(_problems))


async def send_again(call: Press[MessageRef]) -> Reply:
    """A lead has mended the reason; pressed twice, it is sent once."""
    await call.act(undelivered.send_again, message_id=call.payload.message)
    return Tell(await call.ask(_problems, sent_again=True), replace=True)


ROUTES = (
    verb("problems", handler=problems),
    press(words.SEND_AGAIN, MessageRef, send_again),
)
