"""A Slack with one file, which it sends as it is told to."""

from collections.abc import AsyncIterator, Awaitable, Callable

from bot.slack.objects import SlackFile
from tests.bot.kit import FakeGateway

Chunks = AsyncIterator[bytes]
FILE = b"%PDF-1.7\n" + bytes(11_000_000)
"""More than what a store holds of a file on its way in, so that a part of it is written before the end."""


class Sending(FakeGateway):
    """Says that its file has `size` bytes, and sends what `download` gives."""

    def __init__(self, download: Callable[[], Chunks], size: int, name: str = "review.pdf") -> None:
        super().__init__()
        self._file = SlackFile("F1", name, size, "application/pdf", "", "", "U0JONAS")
        self._download = download

    async def file_info(self, file_id: str) -> SlackFile:
        return self._file

    async def download(self, file: SlackFile) -> Chunks:
        self._called("download", file.id)
        async for chunk in self._download():
            yield chunk


def sends(*chunks: bytes, then: Exception | None = None) -> Callable[[], Chunks]:
    """A download of these chunks, which may end in an error."""

    async def download() -> Chunks:
        for chunk in chunks:
            yield chunk
        if then:
            raise then

    return download


def chunks_of(content: bytes, half_way: Callable[[], Awaitable[None]] | None = None) -> Callable[[], Chunks]:
    """A download in pieces as they come over a network; `half_way` happens in its middle."""

    async def download() -> Chunks:
        for start in range(0, len(content), 1_000_000):
            if half_way and start > len(content) // 2:
                await half_way()
            yield content[start : start + 1_000_000]

    return download
