"""Small files that people bring to be read, such as spreadsheets: fetched whole, read beside everything else."""

from bot.errands import passes
from bot.services import Services
from bot.slack.errors import SlackError
from bot.slack.objects import SlackFile
from storage.record.errands import Errand
from workflows.files.spreadsheets import MOST_BYTES
from workflows.refusals import UnreadableFile


def given(errand: Errand) -> SlackFile:
    """The file that an errand is about."""
    return SlackFile(errand.values["file"], errand.about, 0, "", "", "", "")


async def contents(services: Services, file: SlackFile) -> bytes:
    """The bytes of a small file. Raises `UnreadableFile` when it is too large or Slack does not give it, and whatever
    may go well later.
    """
    held = bytearray()
    try:
        announced = file if file.url_download else await services.gateway.file_info(file.id)
        async for chunk in services.gateway.download(announced):
            held += chunk
            if len(held) > MOST_BYTES:
                raise UnreadableFile(file.name, "too_large")
    except SlackError as error:
        if passes(error):
            raise
        raise UnreadableFile(file.name, "download_failed") from error
    return bytes(held)
