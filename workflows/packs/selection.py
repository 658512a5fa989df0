"""What was chosen for a pack: the values its index is made of, put aside on the disk, and the files to be copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from storage.files.spool import Part, Spool, Spooled
from workflows.packs.indexing import HeldFile, Index

FORMAT = "deskaudit-pack/1"

LISTS = ("files", "not_included", "tasks", "nonconformities", "desk_audits", "requests", "statements")
"""What the index has too many of to be held."""


@dataclass(frozen=True)
class Selection:
    """Everything that a pack is made of, up to the `head` of the trail; `about` is what the index says just once.

    To be closed, which is what a `with` does.
    """

    workspace_id: str
    about: Index
    spool: Spool
    head_sequence: int
    head_hash: str

    @property
    def asked_at(self) -> datetime:
        """When it was asked for: everything in it is as it was then."""
        return datetime.fromisoformat(str(self.about["asked_at"]))

    @property
    def index(self) -> Spooled:
        """What `index.json` says."""
        lists: Spooled = {name: self.spool.part(name) for name in LISTS}
        return {**self.about, **lists}

    def rows(self, name: str) -> Part:
        """One of the lists of the index."""
        return self.spool.part(name)

    @property
    def files(self) -> Iterator[HeldFile]:
        """The kept files that go into the pack."""
        for each in self.rows("files"):
            yield HeldFile(each["id"], each["path"], each["sha256"], each["size"] or 0, each["media_type"])

    def in_folder(self, name: str) -> Part:
        """What the index says of the files in one folder."""
        return self.spool.part(f"files in {name}")

    @property
    def titles(self) -> Part:
        """What files serve, in words: under `T12` the title of a task, under `NC-3` and `R-4` what it is about."""
        return self.spool.part("titles")

    @property
    def cases(self) -> Part:
        """What is on record of each nonconformity, of which its paper is made."""
        return self.spool.part("cases")

    @property
    def disposed(self) -> Part:
        """The pieces whose bytes are gone, each with the entry of the trail that is its certificate."""
        return self.spool.part("disposed")

    @property
    def told(self) -> Part:
        """Under keys like `task 12`: of what the trail is told in full."""
        return self.spool.part("told")

    def close(self) -> None:
        """Let go of everything."""
        self.spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
