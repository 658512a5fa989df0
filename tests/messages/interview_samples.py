"""Samples of a conversation of an interview: every kind of question, every word before one, and every end."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from messages.interviews import asking, auditing, cards, later
from messages.interviews.payloads import DrawRef, EditRef, HeldRef, KeptRef, RedactRef, WordsRef
from messages.nudges.day import day
from messages.words.kit import Message, Modal
from storage.interviews.tables import HeldBackAs
from tests.messages.values import AT, DUE, INTERVIEW, JONAS, LATE, LIAM, QUESTION, SHA256, TODAY, Say, interview_card
from workflows.interviews.rules import ABOUT_A_LIST, ASKED_BACK, Ack, Pause
from workflows.pasted_secrets import Kind
from workflows.question_bank.shapes import AnswerKind

INTERVIEW_STATES = ("invited", "answering", "confirming", "confirmed", "declined", "withdrawn", "left")

TOLD = ("late", "talk_wanted", "confirmed", "withdrawn", "left", "manages", "redacted")


def asked(say: Say, kind: str = "open", ack: str = "kept") -> asking.AskedQuestion:
    options = [("mail", say("By mail")), ("ticket", say("By a ticket"))] if kind == "choice" else []
    return asking.AskedQuestion(
        ref=QUESTION,
        audit_title=say("Access rights, spring 2026"),
        auditor_id=LIAM,
        number=4,
        total=12,
        prompt=say("When someone leaves, how does IT learn of it?"),
        kind=kind,
        ack=ack,
        options=options,
        about=say("leavers.pdf") if ack in ABOUT_A_LIST else JONAS,
        none_possible=kind == "sample",
        has_before=True,
        may_leave=ack in ASKED_BACK,
        given=given(say) if ack in ASKED_BACK else None,
    )


def given(say: Say, kind: str = "given") -> cards.GivenAnswer:
    text = say("I write a mail to IT.\nThey close the accounts.") if kind in ("given", "skipped") else ""
    handed_to = JONAS if kind == "handed_on" else ""
    return cards.GivenAnswer(QUESTION, say("How does IT learn of it?"), text, kind, handed_to=handed_to)


def answers(say: Say) -> list[cards.GivenAnswer]:
    kinds = ("given", "unknown", "none", "skipped", "handed_on", "open")
    plain = replace(given(say), text="")
    return [
        *(given(say, kind) for kind in kinds),
        replace(plain, chosen=say("By mail"), files=[say("leavers.csv"), say("log.txt")]),
        replace(plain, day=LATE),
        *(replace(given(say), marks=each) for each in marks(say)),
        replace(
            plain, files=[say("leavers.csv")], draws=[drawn(say), replace(drawn(say), rows=1, labels=[say("1041")])]
        ),
    ]


def marks(say: Say) -> list[cards.Marks]:
    return [
        cards.Marks(noted_by=LIAM),
        cards.Marks(redaction=say("It held a password."), redacted_by=LIAM, redacted_at=AT),
        cards.Marks(is_edited=True),
        cards.Marks(deleted_at=AT),
        cards.Marks(let_go_at=AT),
    ]


def held_back(say: Say, looks_like: str = "password", settled_as: str = "") -> Message:
    return later.held_back(later.HeldBack(HeldRef(3), looks_like, 2, settled_as))


def held_back_in_form(say: Say) -> Modal:
    held = later.HeldBack(HeldRef(0), "key", 2)
    return asking.question_modal(asked(say), held=held, text=say("By mail.\nEvery time."))


def edited(say: Say, what: str, *, waits: bool = False, is_taken: bool = False, is_open: bool = False) -> Message:
    text = say("By a ticket.") if waits else ""
    return later.later(later.LaterEdit(EditRef(31), what, text, waits, is_taken, is_open))


EDITS: Mapping[str, Callable[[Say], Message]] = {
    "waits": partial(edited, what="edited", waits=True, is_open=True),
    "taken": partial(edited, what="edited", is_taken=True, is_open=True),
    "first kept": partial(edited, what="edited", is_open=True),
    "confirmed": partial(edited, what="edited"),
}


def redact_modal(say: Say) -> Modal:
    prompt, text = say("How does IT learn of it?"), say("I write a mail to IT.\nThey close the accounts.")
    return auditing.redact_modal(RedactRef(31, 2), prompt=prompt, text=text)


def draw_again_modal(say: Say) -> Modal:
    return auditing.draw_again_modal(DrawRef(31), drawn=drawn(say))


def talk_modal(say: Say) -> Modal:
    questions = [("leavers", say("How does IT learn of it?")), ("count", say("How many left since January?"))]
    return auditing.talk_modal(INTERVIEW, person_id=JONAS, questions=questions)


def instead_modal(say: Say) -> Modal:
    return auditing.instead_modal(INTERVIEW, person_id=JONAS, audit_title=say("Access rights, spring 2026"))


def question(say: Say, kind: str, ack: str) -> Message:
    return asking.question(asked(say, kind, ack))


def answered(say: Say) -> Message:
    return asking.question(replace(asked(say), is_asked=False, given=given(say)))


def kept_already(say: Say) -> Message:
    kept = asking.KeptFile(KeptRef(QUESTION.interview, QUESTION.question, 9), say("Access review.pdf"), TODAY)
    return asking.question(replace(asked(say, "show_me"), kept=kept))


def follow_up(say: Say) -> Message:
    return asking.question(replace(asked(say), is_follow_up=True))


def drawn(say: Say, asks: str = "") -> cards.Drawn:
    return cards.Drawn(14, SHA256, 20261130, [say("1041"), say("1077"), say("1102")], asks, bool(asks))


def about_a_list(say: Say) -> Message:
    prompt = say("Which system does this list come from?")
    return asking.question(
        replace(asked(say, ack="first"), is_follow_up=True, counted=drawn(say), prompt=prompt, total=3)
    )


def row(say: Say, ack: str) -> Message:
    first = drawn(say, say("What shows when each account was closed?")) if ack == "first" else None
    prompt = say("1041: account closed")
    shown = replace(asked(say, "show_me", ack), is_follow_up=True, is_row=True, drawn=first, prompt=prompt)
    return asking.question(shown)


def summary(say: Say) -> Message:
    return cards.summary(ref=INTERVIEW, audit_title=say("Access rights, spring 2026"), answers=answers(say))


def sealed(say: Say) -> Message:
    return cards.sealed(cards.Sealed(say("Access rights, spring 2026"), LIAM, AT, SHA256, answers(say)))


def paused(say: Say, why: str) -> Message:
    rest = asking.Paused(INTERVIEW, say("Access rights, spring 2026"), why, 4, 12, about=JONAS)
    return asking.paused(replace(rest, resumes_on=DUE) if why == "not_now" else rest)


def rows_handed_on(say: Say) -> Message:
    return asking.paused(asking.Paused(INTERVIEW, say("Access rights, spring 2026"), "handed_on", 4, 12, JONAS, rows=3))


def went_on(say: Say) -> Message:
    rest = asking.Paused(INTERVIEW, say("Access rights, spring 2026"), "handed_on", 4, 12, about=JONAS)
    return asking.paused(replace(rest, waits=False))


def which(say: Say, chosen: str = "") -> Message:
    refs = [(WordsRef(4, 7), say("Access rights, spring 2026")), (WordsRef(5, 7), say("Suppliers"))]
    return asking.which(
        interviews=[] if chosen else refs, text=say("By mail.\nEvery time."), chosen=say(chosen) if chosen else ""
    )


def question_modal(say: Say, kind: str) -> Modal:
    shown = replace(asked(say, kind), given=given(say))
    return asking.question_modal(shown, note=say("The last question was about joiners."))


def invitation_of_a_colleague(say: Say) -> Message:
    card = replace(interview_card(say, "invited"), asked_by=JONAS, total=1, talk_wanted=True)
    return cards.invitation(card)


def invitation_later(say: Say, state: str) -> Message:
    """Something was confirmed, and the report is signed where that was all."""
    reported_at = AT if state == "confirmed" else None
    return cards.invitation(replace(interview_card(say, state), has_confirmed=True, reported_at=reported_at))


def handed_on_alone(say: Say) -> Message:
    return asking.question(replace(asked(say, ack="first"), follows=say("How does IT learn of it?")))


def colleague_modal_of_rows(say: Say) -> Modal:
    return asking.colleague_modal(replace(asked(say, "show_me"), is_row=True, together=[say("1041"), say("1077")]))


def left_later(say: Say) -> Message:
    card = replace(interview_card(say, "left"), has_confirmed=True)
    return day([cards.told(card, "left", about=LIAM)], person_id=LIAM)


def reminder(say: Say, state: str) -> Message:
    return day([cards.reminder(interview_card(say, state), TODAY)], person_id=JONAS)


def told(say: Say, what: str) -> Message:
    return day([cards.told(interview_card(say, "withdrawn"), what, about=LIAM)], person_id=LIAM)


def interview_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Each by its name."""
    return {
        **{f"invitation, {each}": partial(_invitation, state=each) for each in INTERVIEW_STATES},
        "invitation of a colleague": invitation_of_a_colleague,
        **{f"invitation, {each} later": partial(invitation_later, state=each) for each in ("confirmed", "withdrawn")},
        "interview told, left later": left_later,
        "interview question, handed on alone": handed_on_alone,
        "colleague modal, rows": colleague_modal_of_rows,
        "decline modal": lambda _: cards.decline_modal(INTERVIEW),
        **{f"interview question, {kind}": partial(question, kind=kind, ack="kept") for kind in AnswerKind},
        **{f"interview question after {ack}": partial(question, kind="open", ack=ack) for ack in Ack},
        "interview question, answered": answered,
        "interview question, follow-up": follow_up,
        "interview question about a list": about_a_list,
        **{f"interview question for a row, {ack}": partial(row, ack=ack) for ack in ("first", "kept", "ask_whom")},
        "interview question, kept already": kept_already,
        **{f"interview question modal, {kind}": partial(question_modal, kind=kind) for kind in AnswerKind},
        "colleague modal": lambda say: asking.colleague_modal(asked(say)),
        "skip modal": lambda say: asking.skip_modal(asked(say)),
        "day modal": lambda _: asking.day_modal(INTERVIEW),
        **{f"paused, {why}": partial(paused, why=why) for why in Pause},
        "paused, rows handed on": rows_handed_on,
        "paused, gone on": went_on,
        "which question": which,
        "which question, chosen": partial(which, chosen="Suppliers"),
        "invited into a channel": lambda _: asking.in_channel(),
        "asked in thread": lambda _: asking.asked_in_thread(),
        "summary": summary,
        "summary, replaced": lambda say: cards.replaced_summary(say("Access rights, spring 2026")),
        "sealed": sealed,
        **{f"interview reminder, {each}": partial(reminder, state=each) for each in INTERVIEW_STATES},
        **{f"interview told, {what}": partial(told, what=what) for what in TOLD},
        **{f"held back, {kind}": partial(held_back, looks_like=kind) for kind in Kind},
        **{f"held back, {how}": partial(held_back, settled_as=how) for how in HeldBackAs},
        "held back in form": held_back_in_form,
        **{f"edited, {name}": said for name, said in EDITS.items()},
        "deleted": partial(edited, what="deleted", is_open=True),
        "deleted, confirmed": partial(edited, what="deleted"),
        "redact modal": redact_modal,
        "draw again modal": draw_again_modal,
        "talk modal": talk_modal,
        "instead modal": instead_modal,
    }


def _invitation(say: Say, state: str) -> Message:
    return cards.invitation(interview_card(say, state))
