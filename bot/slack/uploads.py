"""Small files that people bring to be read, such as spreadsheets: fetched whole, read beside everything else."""

from collections.abc import Awaitable

from bot.services import Services
from bot.slack.calls import Call
from bot.slack.errors import SlackError
from bot.slack.objects import SlackFile
from messages.words.kit import Message
from messages.words.refusals import refusal
from workflows.files.spreadsheets import MOST_BYTES
from workflows.refusals import InputWanted, Refusal, UnreadableFile


async def contents(services: Services, file: SlackFile) -> bytes:
    """The bytes of a small file. Raises `UnreadableFile` when it is too large or Slack does not give it."""
    held = bytearray()
    try:
        announced = file if file.url_download else await services.gateway.file_info(file.id)
        async for chunk in services.gateway.download(announced):
            held += chunk
            if len(held) > MOST_BYTES:
                raise UnreadableFile(file.name, "too_large")
    except SlackError as error:
        raise UnreadableFile(file.name, "download_failed") from error
    return bytes(held)


def answer_later(call: Call, answer: Awaitable[Message], *, about: str) -> None:
    """Tell the person in their direct messages what became of their file, be it a refusal."""
    call.services.later(_answer(call, answer), about=about)


async def _answer(call: Call, answer: Awaitable[Message]) -> None:
    try:
        message = await answer
    except InputWanted as no:  # the form it was picked in is closed by now, so nothing of it is "still there"
        message = refusal("wanted_in_file", wish=no.wish, about=no.about)
    except Refusal as no:
        message = refusal(no.name, **no.values)
    await call.services.gateway.answer(await call.services.gateway.open_dm(call.person_id), message)
