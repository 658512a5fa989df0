"""The bot as it runs, tortured for some seconds: what people were told was done is there, once, and they heard of it.

`make torture` does it for longer; `python -m tests.torture --help` says how else.
"""

from pathlib import Path

import pytest

from tests.torture.options import Options
from tests.torture.running import run


@pytest.mark.timeout(420)  # processes that start several times, and on a busy machine take their time
@pytest.mark.parametrize(
    "options",
    [
        Options(seed=101, kills=4, seconds=15),
        Options(seed=102, kills=4, seconds=15, database="postgres", replicas=2, transport="http"),
    ],
    ids=lambda options: f"{options.database}-{options.transport}",
)
async def test_nothing_is_lost_however_the_bot_is_treated(options: Options, tmp_path: Path) -> None:
    seen: list[str] = []
    report = await run(options, tmp_path, seen.append)
    assert report.is_clean, "\n".join([*seen, *report.lines()])
    assert report.deeds
