"""Evidence room: what is past the day until which it is kept, and the two people who dispose of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.evidence.payloads import DisposalRef
from messages.nudges.day import DayItem, Group
from messages.words import kit
from messages.words.kit import Message
from messages.words.payloads import Nothing
from messages.words.wording import Phrase, words

PROPOSE = "disposal.propose"
APPROVE = "disposal.approve"
DECLINE = "disposal.decline"

FILES_SHOWN = 20


@dataclass(frozen=True)
class DueFile:
    """A file past its day: `sha256` is its fingerprint, `size` in bytes."""

    name: str
    size: int
    sha256: str
    retain_until: date | None


@dataclass(frozen=True)
class DisposalCard:
    """A proposal to dispose of files. `state`: proposed, approved or declined; `disposed` is how many went.

    `deeds` are those that its reader may do about it: approve, decline.
    """

    ref: DisposalRef
    state: str
    proposed_by: str
    files: Sequence[DueFile]
    disposed: int = 0
    decided_by: str | None = None
    deeds: frozenset[str] = frozenset()


def overview(
    files: Sequence[DueFile], proposals: Sequence[DisposalCard], *, may_propose: bool, also: Sequence[Block] = ()
) -> Message:
    """The answer to `/iso retention`; `also` is what else is kept for a time."""
    wording = words("evidence/retention/overview", total=len(files))
    buttons = [kit.button(wording.button_propose, PROPOSE, Nothing(), style="primary")] if files and may_propose else []
    return kit.message(
        wording.summary,
        [
            kit.section(wording.headline if files else wording.nothing),
            *_listed(files),
            *kit.actions(buttons),
            *(block for each in proposals for block in _card(each)),
            *also,
        ],
    )


def day_item(shown: DisposalCard) -> DayItem:
    """A proposal, for those who decide about it; redrawn with the decision."""
    summary = words("evidence/retention/card", card=shown).summary
    group: Group = "decide" if shown.state == "proposed" else "settled"
    return DayItem(group, summary.plain, _card(shown), lambda: kit.message(summary, _card(shown)))


def decided(shown: DisposalCard) -> Message:
    """What came of a proposal, for whoever has just decided."""
    return kit.message(words("evidence/retention/card", card=shown)[shown.state], _card(shown))


def _card(shown: DisposalCard) -> list[Block]:
    wording = words("evidence/retention/card", card=shown)
    sure = kit.ask_first(wording.sure_title, wording.sure_text, yes=wording.sure_yes, no=wording.sure_no)
    buttons = {
        "approve": kit.button(wording.button_approve, APPROVE, shown.ref, style="danger", confirm=sure),
        "decline": kit.button(wording.button_decline, DECLINE, shown.ref),
    }
    offered = [button for deed, button in buttons.items() if deed in shown.deeds]
    return [kit.section(wording[shown.state]), *_listed(shown.files), *kit.actions(offered)]


def _listed(files: Sequence[DueFile]) -> list[Block]:
    return [kit.lines(_lines(files), most=FILES_SHOWN)] if files else []


def _lines(files: Sequence[DueFile]) -> list[Phrase]:
    return [words("evidence/retention/file", file=each).line for each in files]
