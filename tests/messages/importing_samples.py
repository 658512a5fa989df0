"""Samples of what is said about the spreadsheets that leads bring."""

from collections.abc import Callable
from functools import partial
from typing import Any

from messages.importing import cards as importing_cards
from messages.importing.cards import CellFault, Column, FieldColumn, ImportCard
from messages.importing.payloads import ImportRef
from messages.words.kit import Message, Modal
from tests.messages.values import MIRA, TODAY, Say
from workflows.importing.guessing import Field
from workflows.importing.values import Why

REF = ImportRef(run=4, version=3)
STATES = ("received", "read", "mapped", "checked", "done", "cancelled")
FAILURES = ("broken", "no_rows", *importing_cards.OUR_OWN)
COUNTS = {"obligations": 190, "tasks": 1, "findings": 14, "left_out": 7}


def card(say: Say, state: str, **more: Any) -> Message:
    headings = ("Control", "Owner", "", "Owner")
    values: dict[str, Any] = {
        "ref": REF,
        "state": state,
        "file": say("register.xlsx"),
        "rows": 212,
        "columns": [Column(letters, say(heading)) for letters, heading in zip("ABCD", headings, strict=True)],
        "guessed": guessed(),
        "settled_by": MIRA,
        **COUNTS,
        **more,
    }
    return importing_cards.card(ImportCard(**values))


def guessed() -> list[FieldColumn]:
    return [FieldColumn(each.value, None if place > 3 else place, place % 4) for place, each in enumerate(Field)]


def fault(say: Say, why: str) -> CellFault:
    return CellFault(14, "C14", say("Owner"), why, say("Otto"))


def faulty(say: Say, whys: list[str]) -> Message:
    return card(say, "checked", faulty=37, faults=[fault(say, why) for why in whys])


def failed(say: Say, why: str) -> Message:
    unread: dict[str, Any] = {} if why in importing_cards.OUR_OWN else {"columns": []}
    return card(say, "failed", why=why, **unread)


def columns_modal(say: Say) -> Modal:
    columns = [Column(f"A{place}", say("Responsible person of the control")) for place in range(60)]
    samples = [[say("A.5.18"), say("Review access"), ""], [say("A.5.19")]]
    return importing_cards.columns_modal(
        ref=REF, file=say("a.csv"), columns=columns, samples=samples, guessed=guessed()
    )


def importing_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every message about an import by a name that says which one it is."""
    whys = [each.value for each in Why]
    before: dict[str, Any] = {"before_by": MIRA, "before_on": TODAY}
    return {
        "import, ask modal": lambda _: importing_cards.ask_modal(),
        "import, columns modal": columns_modal,
        **{f"import card, {state}": partial(card, state=state) for state in STATES},
        **{f"import card, failed, {why}": partial(failed, why=why) for why in FAILURES},
        "import card, nothing guessed": partial(card, state="read", guessed=[]),
        "import card, imported before": partial(card, state="checked", **before),
        "import card, running": partial(card, state="checked", is_running=True, progress=80),
        "import card, nothing to take": partial(card, state="checked", obligations=0, tasks=0, findings=0),
        "import card, faulty": partial(faulty, whys=whys[:8]),
        "import card, other faults": partial(faulty, whys=whys[8:16]),
        "import card, more faults": partial(faulty, whys=whys[16:]),
    }
