"""Where a nonconformity comes from and what it is against; and the places and processes that others were found in.

The lists of places and processes grow by use, so that the same words name the same thing and repeats are found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.origins import Against, Source


@dataclass(frozen=True)
class Origin:
    """Where a nonconformity comes from, with the row of which it was made; and what it is against.

    Nothing is known of one out of a register, or of one raised before this was kept.
    """

    source: Source | None = None
    against: Against | None = None
    task_id: int | None = None
    evidence_id: int | None = None
    probe_run_id: int | None = None

    @property
    def is_against_a_standard(self) -> bool:
        """Whether a requirement of a standard was not met, and not a document, a law or a contract."""
        return self.against in (None, Against.STANDARD)

    @property
    def told(self) -> Mapping[str, JSON]:
        """What is known, as the trail tells it."""
        return {name: value for name, value in vars(self).items() if value is not None}


UNKNOWN = Origin()
"""Where nothing is said."""


Named = tuple[tuple[int, str], ...]
"""What was named before, each with the id of a nonconformity that names it."""


@dataclass(frozen=True)
class Used:
    """The places and processes that were named before, in the order of the alphabet."""

    places: Named
    processes: Named


def used_before(uow: UnitOfWork) -> Used:
    """What to choose from. The same words in capitals and small letters are one."""
    everything = queries.every(uow)
    return Used(
        _each_once((each.id, each.place) for each in everything),
        _each_once((each.id, each.process) for each in everything),
    )


def _each_once(named: Iterable[tuple[int, str | None]]) -> Named:
    found: dict[str, tuple[int, str]] = {}
    for id_, each in named:
        if each:
            found.setdefault(each.casefold(), (id_, each))
    return tuple(sorted(found.values(), key=lambda one: one[1].casefold()))
