"""Lists of nonconformities, narrowed down by whose they are, how they stand, and what they are about."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from storage.nonconformities import queries
from storage.nonconformities.origins import Source
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.nonconformities.questions import may_see
from workflows.nonconformities.refusals import CaseFilterUnknown

# --- rules ---

OPEN, CLOSED, ALL = "open", "closed", "all"
STATES = (OPEN, CLOSED, ALL)
MINE, OVERDUE = "mine", "overdue"
NAMED = ("place:", "process:", "source:")
WORDS = (*STATES, MINE, OVERDUE, *Grade, *NAMED)
SHORTEST_NUMBER = len("9001")

_WORDS = re.compile(
    r"""(?P<name>place|process|source):(?:["“”](?P<quoted>[^"“”]*)["“”]|(?P<plain>\S*))|\S+""", re.IGNORECASE
)


@dataclass(frozen=True)
class Chosen:
    """What a list is narrowed down to. `state` is open, closed or all; of `place` and `process` a part will do."""

    state: str = OPEN
    is_mine: bool = False
    is_overdue: bool = False
    grade: str = ""
    edition: str = ""
    place: str = ""
    process: str = ""
    source: str = ""


def chosen(text: str) -> Chosen:
    """The words after `/iso nc` in any order, such as `mine overdue` or `closed place:"North stairwell"`.

    Raises `CaseFilterUnknown`.
    """
    found = Chosen()
    for word in _WORDS.finditer(text):
        found = _narrowed(found, word)
    return found


def _narrowed(found: Chosen, word: re.Match[str]) -> Chosen:
    plain = word[0].casefold()
    if word["name"]:
        return _by_name(found, word["name"].casefold(), (word["quoted"] or word["plain"] or "").casefold())
    if plain in STATES:
        return replace(found, state=plain)
    if plain in (MINE, OVERDUE):
        return replace(found, is_mine=found.is_mine or plain == MINE, is_overdue=found.is_overdue or plain == OVERDUE)
    if plain in tuple(Grade):
        return replace(found, grade=plain)
    return replace(found, edition=_edition(word[0]))


def _by_name(found: Chosen, name: str, said: str) -> Chosen:
    if not said or (name == "source" and _source(said) not in tuple(Source)):
        raise CaseFilterUnknown(word=f"{name}:{said}", known=WORDS, sources=tuple(Source))
    if name == "source":
        return replace(found, source=_source(said))
    return replace(found, place=said) if name == "place" else replace(found, process=said)


def _source(said: str) -> str:
    return said.replace(" ", "_").replace("-", "_")


def _edition(word: str) -> str:
    number = word.casefold().removeprefix("iso")
    editions = (each for each in framework_rules.EDITIONS if each.removeprefix("iso").startswith(number))
    if len(number) < SHORTEST_NUMBER or (edition := next(editions, None)) is None:
        raise CaseFilterUnknown(word=word, known=WORDS, sources=tuple(Source))
    return edition


_IN_STATE: Mapping[str, Callable[[Nonconformity], bool]] = MappingProxyType(
    {
        OPEN: lambda each: each.state not in queries.ENDED,
        CLOSED: lambda each: each.state is NonconformityState.CLOSED,
        ALL: lambda _: True,
    }
)


# --- questions ---


def narrowed_down(deed: Deed, *, chosen: Chosen) -> list[Nonconformity]:
    """What somebody asks for, as far as they may see it, by number."""
    found = queries.living(deed.uow) if chosen.state == OPEN else queries.every(deed.uow)
    return [each for each in found if _is_chosen(deed, each, chosen) and may_see(deed, each)]


def _is_chosen(deed: Deed, each: Nonconformity, chosen: Chosen) -> bool:
    return (
        _IN_STATE[chosen.state](each)
        and (not chosen.is_mine or each.owner_id == deed.by)
        and (not chosen.is_overdue or _is_overdue(deed, each))
        and (not chosen.grade or each.grade == chosen.grade)
        and (not chosen.edition or each.requirement.startswith(f"{chosen.edition}:"))
        and chosen.place in each.place.casefold()
        and chosen.process in (each.process or "").casefold()
        and (not chosen.source or each.source == chosen.source)
    )


def _is_overdue(deed: Deed, each: Nonconformity) -> bool:
    return each.state not in queries.ENDED and each.due_on is not None and each.due_on < deed.today
