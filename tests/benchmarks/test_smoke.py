"""Every benchmark at its smallest: it runs to its end and prints its table. The figures are not looked at."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAIN = ("sha256sum", "cp", "sync")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
needs_plain = pytest.mark.skipif(not all(map(shutil.which, PLAIN)), reason=f"needs {', '.join(PLAIN)}")
needs_zip = pytest.mark.skipif(not all(map(shutil.which, ("zip", "sha256sum"))), reason="needs zip and sha256sum")
needs_browser = pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="needs a Chromium")


@pytest.mark.timeout(300)  # real processes, several of each
@pytest.mark.parametrize(
    ("benchmark", "prints"),
    [
        ("interactions --presses 1", "A press on “Done”"),
        pytest.param("page --people 3 --messages 300", "The page", marks=needs_browser),
        ("planning --most 1000 --rounds 1", "A beat on SQLite"),
        ("planning --most 1000 --rounds 1 --postgres", "A beat on PostgreSQL"),
        ("delivery --messages 10", "At Slack's pace"),
        pytest.param("ingest --most 1 --rounds 1", "A file taken in", marks=needs_plain),
        pytest.param("ingest --most 1 --rounds 1 --sealed", "A file taken in", marks=needs_plain),
        ("replicas --processes 1 --presses 1 --messages 1", "Replicas"),
        ("soak --presses 1", "What the bot holds"),
        ("outbox --jobs 1", "One durable job each"),
        pytest.param("pack --megabytes 1 --files 10 --rounds 1", "10 files: pack", marks=needs_zip),
    ],
)
def test_it_runs_and_prints_its_table(benchmark: str, prints: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", *f"benchmarks.{benchmark}".split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, prints in run.stdout) == (0, True), run.stderr
