"""Nonconformities room: the form in which an auditor or lead writes a nonconformity down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from messages.words import kit, limits
from messages.words.fields import Choice
from messages.words.inputs import Choices, inputs, named
from messages.words.kit import Modal
from messages.words.payloads import Payload
from messages.words.requirements import Requirement
from messages.words.wording import Words, words
from workflows.nonconformities.shapes import Raised

RAISE_FORM = "nc.raise_draft_form"

AGAINST = ("standard", "own_document", "law", "contract")
SOURCES = (
    *("interview", "document", "observation", "supplier", "customer_audit", "certification_body", "complaint"),
    *("incident", "concern"),
)
"""Where one may come from that was made of no row of ours; the others say so themselves."""


@dataclass(frozen=True)
class Choosable:
    """A requirement to choose, by what comes back."""

    reference: str
    requirement: Requirement


@dataclass(frozen=True)
class RaiseForm:
    """What the form knows already. `places` and `processes` were named before; `source` is not asked where it is known.

    `given` stands in its fields, by their names.
    """

    requirements: Sequence[Choosable]
    places: Sequence[Choice]
    processes: Sequence[Choice]
    given: Mapping[str, Any]
    source: str = ""


def raise_modal(callback_id: str, ref: Payload, known: RaiseForm) -> Modal:
    """What it is against, what was seen, what that comes to, where, and whose it is."""
    wording = words("nonconformities/raise_modal", source=known.source)
    used = {"place": _used(known.places), "process": _used(known.processes)}
    choices: dict[str, Choices] = {
        "against": named(wording, "against", AGAINST),
        "requirement": _by_standard(known.requirements),
        "source": named(wording, "source", SOURCES),
        **{name: {wording.used_before.plain: each} for name, each in used.items()},
    }
    without = [*(name for name, each in used.items() if not each), *(["source"] if known.source else [])]
    given = {"against": "standard", **_where(known)}
    asked = inputs(Raised, wording, given=given, choices=choices, without=without)
    return kit.modal(
        callback_id, wording.heading, [*_intro(wording, known), *asked], submit=wording.submit, payload=ref
    )


def _intro(wording: Words, known: RaiseForm) -> list[Any]:
    came_from = [kit.context(wording.came_from)] if known.source else []
    return [kit.section(wording.intro), *came_from]


def _used(named_before: Sequence[Choice]) -> list[Choice]:
    """What was named before and fits into a menu; a longer one is typed again."""
    return [(key, each) for key, each in named_before if limits.length(each) <= limits.OPTION_TEXT]


def _where(known: RaiseForm) -> Mapping[str, Any]:
    """A place that was named before is chosen in the menu already, any other typed beside it."""
    given = dict(known.given)
    for name, before in (("place", known.places), ("process", known.processes)):
        said = given.pop(name, "")
        chosen = next((key for key, each in _used(before) if each.casefold() == said.casefold()), None)
        given[name if chosen else f"new_{name}"] = chosen or said
    return given


def _by_standard(requirements: Sequence[Choosable]) -> Mapping[str, Sequence[Choice]]:
    groups: dict[str, list[Choice]] = {}
    for each in requirements:
        shown = each.requirement
        groups.setdefault(shown.standard, []).append((each.reference, f"{shown.number} {shown.title}".strip()))
    return groups
