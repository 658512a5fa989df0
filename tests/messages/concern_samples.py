"""Samples of what the room of concerns says: to whoever decides, and to whoever brought something up."""

from collections.abc import Callable
from functools import partial

from messages.concerns import cards, forms
from messages.concerns.cards import Became, ConcernCard
from messages.concerns.payloads import ConcernRef, NoticedIn
from messages.nonconformities import history, raising
from messages.nonconformities.payloads import CameFrom
from messages.words.kit import Message, Modal
from storage.nonconformities.tables import Signs
from tests.messages.values import AT, DUE, JONAS, MIRA, TODAY, Say, files, requirement
from workflows.nonconformities.lifecycle import EVENTS

Sample = Callable[[Say], Message | Modal]

CONCERN = ConcernRef(7, 2)
ENDS = ("", "closed", "void")
IMPROVEMENT_ENDS = ("", "done", "not_needed")


def card(say: Say, state: str = "open", became: Became | None = None, *, reporter: str | None = JONAS) -> ConcernCard:
    return ConcernCard(
        ref=CONCERN,
        number=7,
        kind="not_right",
        words=say("The fire door in the north stairwell is blocked by boxes."),
        place=say("North stairwell"),
        process=say("Storage"),
        reporter_id=reporter,
        raised_at=AT,
        due_on=DUE,
        today=TODAY,
        state=state,
        decided_by=None if state == "open" else MIRA,
        reason=say("It's known, and done with the move.") if state == "set_aside" else "",
        files=files(say),
        became=became,
    )


def decided(say: Say, end: str, *, is_case: bool) -> ConcernCard:
    case = Became(number=12, end=end, reason=say("Seen twice."))
    return card(say, "taken_up", case if is_case else Became(owner_id=JONAS, due_on=DUE, end=end))


def raise_form(say: Say, *, source: str, is_known: bool) -> Modal:
    places = (
        [("3", f"N {say('Stairwell')[:30]}"), ("5", f"S {say('Warehouse')[:30]}"), ("8", "x" * 90)] if is_known else []
    )
    known = raising.RaiseForm(
        requirements=[raising.Choosable("iso9001-2015:7.1.4", requirement(say))],
        places=places,
        processes=[("3", f"N {say('Storage')[:30]}")] if is_known else [],
        given={
            "place": say("North stairwell"),
            "process": say("Buying"),
            "evidence": say("Boxes"),
            "owner_id": JONAS,
        },
        source=source,
    )
    return raising.raise_modal(raising.RAISE_FORM, CameFrom(source, 3), known)


def case_history(say: Say) -> Modal:
    events = [history.Event(AT, JONAS, each) for each in (*EVENTS, "raise")]
    events.append(history.Event(AT, MIRA, "issue", "minor", say("Two teams each think the other does it"), "outsider"))
    again = [history.Event(AT, "deskaudit", "check_effect")] * (history.MOST_EVENTS - 10)
    signed = [
        history.Signed("grade", MIRA, AT, "outsider", AT, "regrade"),
        *(history.Signed(each.value, MIRA, AT) for each in Signs),
    ]
    return history.history_modal(history.CaseHistory(12, "closed", "major", 43, [*events, *again], signed))


def _taken_up(shown: Callable[[ConcernCard], Message], say: Say, *, end: str, is_case: bool) -> Message:
    return shown(decided(say, end, is_case=is_case))


def concern_samples() -> dict[str, Sample]:
    outcomes = [*((end, True) for end in ENDS), *((end, False) for end in IMPROVEMENT_ENDS)]
    said: dict[str, Sample] = {}
    for end, is_case in outcomes:
        name = f"{'case' if is_case else 'improvement'} {end or 'goes on'}"
        said[f"concern, {name}"] = partial(_taken_up, cards.card, end=end, is_case=is_case)
        said[f"concern answered, {name}"] = partial(_taken_up, cards.answer, end=end, is_case=is_case)
    return {
        **said,
        "concern, open": lambda say: cards.card(card(say)),
        "concern, without a name": lambda say: cards.card(card(say, reporter=None)),
        "concern, set aside": lambda say: cards.card(card(say, "set_aside")),
        "concern answered, set aside": lambda say: cards.answer(card(say, "set_aside")),
        "concern of the day": lambda say: cards.day_item(card(say)).alone(),
        "concern receipt": lambda say: cards.receipt(card(say)),
        "concern receipt, taken up": lambda say: cards.receipt(decided(say, "", is_case=True)),
        "concern receipt, set aside": lambda say: cards.receipt(card(say, "set_aside")),
        "concern without a name": lambda _: cards.kept_without_name(number=7),
        "bring up modal": lambda say: forms.noticed_modal(
            ref=NoticedIn(0), text=say("Boxes"), may_be_without_name=True
        ),
        "bring up modal, of a message": lambda say: forms.noticed_modal(ref=NoticedIn(3), text=say("Boxes"), files=2),
        "improvement modal": lambda say: forms.improvement_modal(ref=CONCERN, text=say("Move the boxes")),
        "set aside modal": lambda _: forms.set_aside_modal(ref=CONCERN, has_name=True),
        "set aside modal, without a name": lambda _: forms.set_aside_modal(ref=CONCERN, has_name=False),
        "without a name modal": lambda _: forms.without_name_modal(allowed=True),
        "raise modal": partial(raise_form, source="", is_known=False),
        "raise modal, from evidence": partial(raise_form, source="rejected_evidence", is_known=True),
    }
