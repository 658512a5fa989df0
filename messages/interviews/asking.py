"""Interviews room: one question at a time, in the thread of the invitation, and the ways to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.interviews.cards import GO_ON, Drawn, GivenAnswer
from messages.interviews.later import HeldBack
from messages.interviews.payloads import ColleagueRef, InterviewRef, KeptRef, QuestionRef, TapRef, WordsRef
from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.wording import Words, words

TAP = "interview.tap"
COLLEAGUE = "interview.colleague"
ASK_COLLEAGUE = "interview.ask_colleague"
LEAVE = "interview.leave"
USE_KEPT = "interview.use_kept"
GIVE_ANOTHER = "interview.give_another"
SKIP = "interview.skip"
FORM = "interview.form"
BACK = "interview.back"
NOT_NOW = "interview.not_now"
TOMORROW = "interview.tomorrow"
ANOTHER_DAY = "interview.another_day"
TAKE_WORDS = "interview.take_words"

QUESTION_FORM = "interview.question_form"
COLLEAGUE_FORM = "interview.colleague_form"
SKIP_FORM = "interview.skip_form"
DAY_FORM = "interview.day_form"

ANSWER_FIELD = "answer"
NO_SECRET = "no_secret"  # noqa: S105 - the name of a field
CHOSEN = "chosen"
DAY = "day"
FILES = "files"
PERSON = "person"
REASON = "reason"

YES_NO_UNSURE = ("yes", "no", "unsure")
MOST_OPTIONS = 10
TAPS = (*YES_NO_UNSURE, "unknown", "none", *(f"option_{place}" for place in range(MOST_OPTIONS)))
"""What the id of a button that answers may end with."""

MOST_INTERVIEWS = 5
_LETS_SHOW = ("show_me", "sample")


@dataclass(frozen=True)
class KeptFile:
    """A file that is kept already; it shows how things were on the day `collected_on`."""

    ref: KeptRef
    name: str
    collected_on: date


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a conversation. `kind` as the bank has it; `options` are ids with their labels.

    `ack` is what is said before it, about the colleague or file `about` where that is one. `given` is the answer so
    far. It `is_asked` while it waits for its answer; with `may_leave` the answer so far can be left as it is. What
    `stands_in_thread` below it already is not said again. `counted` is the list that it is about, `drawn` what was
    drawn from it, told with the first row; it `is_row` where it asks for one of them, and those which go to a colleague
    `together` are told there. A colleague who gets it alone is told what it `follows`. What is `kept` already is
    offered before it is asked for.
    """

    ref: QuestionRef
    audit_title: str
    auditor_id: str
    number: int
    total: int
    prompt: str
    kind: str
    ack: str
    options: Sequence[Choice] = ()
    about: str = ""
    is_follow_up: bool = False
    none_possible: bool = False
    has_before: bool = False
    is_asked: bool = True
    may_leave: bool = False
    given: GivenAnswer | None = None
    stands_in_thread: bool = False
    counted: Drawn | None = None
    drawn: Drawn | None = None
    is_row: bool = False
    together: Sequence[str] = ()
    follows: str = ""
    kept: KeptFile | None = None


def question(asked: AskedQuestion) -> Message:
    """A question with every way to answer it, or with what was answered."""
    wording = words("interviews/question", asked=asked, room=1_500)
    body = kit.section(wording.asked_back if asked.may_leave else wording.body)
    if not asked.is_asked:
        return kit.message(wording.summary, [kit.section(wording.body_alone), *_answered(asked)])
    hint = [kit.context(wording.hint_row if asked.is_row else wording[f"hint_{asked.kind}"])]
    taps = [*_to_confirm(wording, asked), *_taps(wording, asked)]
    ways = [*kit.actions(taps), *kit.actions(_others(wording, asked))]
    return kit.message(wording.summary, [body, *_kept(asked), *hint, *ways])


def _kept(asked: AskedQuestion) -> list[Block]:
    if asked.kept is None:
        return []
    wording = words("interviews/kept_already", kept=asked.kept)
    buttons = [
        kit.button(wording.button_use, USE_KEPT, asked.kept.ref, style="primary"),
        kit.button(wording.button_another, GIVE_ANOTHER, asked.ref),
    ]
    return [kit.section(wording.offer), *kit.actions(buttons)]


def _answered(asked: AskedQuestion) -> list[Block]:
    if asked.given is None or asked.stands_in_thread:
        return []
    return [kit.section(words("interviews/answered", answer=asked.given, room=600).alone)]


def _to_confirm(wording: Words, asked: AskedQuestion) -> list[ButtonElement]:
    """What was asked back about an answer can be settled by one button."""
    if not asked.may_leave:
        return []
    leave = kit.button(wording.button_leave, LEAVE, asked.ref)
    if asked.ack != "ask_whom":
        return [leave]
    ref = ColleagueRef(asked.ref.interview, asked.ref.question, asked.about)
    return [kit.button(wording.button_ask_them, ASK_COLLEAGUE, ref, style="primary"), leave]


def _taps(wording: Words, asked: AskedQuestion) -> list[ButtonElement]:
    if asked.kind == "yes_no_unsure":
        return [_tap(asked, each, wording[f"button_{each}"].plain) for each in YES_NO_UNSURE]
    return [
        _tap(asked, value, label, f"option_{place}")
        for place, (value, label) in enumerate(asked.options[:MOST_OPTIONS])
    ]


def _tap(asked: AskedQuestion, value: str, label: str, name: str = "") -> ButtonElement:
    wording = words("interviews/question", asked=asked, room=0, label=label)
    return kit.button(wording.option, f"{TAP}.{name or value}", TapRef(asked.ref.interview, asked.ref.question, value))


def _others(wording: Words, asked: AskedQuestion) -> list[ButtonElement]:
    interview = InterviewRef(asked.ref.interview)
    none = [_tap(asked, "none", wording.button_none.plain)] if asked.none_possible else []
    back = [kit.button(wording.button_back, BACK, asked.ref)] if asked.has_before else []
    return [
        _unknown(wording, asked),
        kit.button(wording.button_colleague, COLLEAGUE, asked.ref),
        kit.button(wording.button_skip, SKIP, asked.ref),
        *none,
        *back,
        kit.button(wording.button_form, FORM, asked.ref),
        kit.button(wording.button_not_now, NOT_NOW, interview),
    ]


def _unknown(wording: Words, asked: AskedQuestion) -> ButtonElement:
    """Of a row that was drawn nobody is asked what they know, but what they have."""
    if asked.is_row:
        return _tap(asked, "none", wording.button_not_there.plain)
    return _tap(asked, "unknown", wording.button_unknown.plain)


def label_of(tap: str) -> str:
    """The words on the button of a tap; nothing for what is none."""
    return words("interviews/question")[f"button_{tap}"].plain if tap in YES_NO_UNSURE else ""


def meant_tap(text: str) -> str:
    """The button that somebody typed instead of pressing it, word for word: yes, no or unsure; else nothing."""
    wording = words("interviews/question")
    typed = text.strip().rstrip(".!").casefold()
    return next((each for each in YES_NO_UNSURE if wording[f"button_{each}"].plain.casefold() == typed), "")


# --- nothing is asked for now ---


@dataclass(frozen=True)
class Paused:
    """Nothing is asked for now: `why` is handed_on or not_now. Question `number` comes next.

    `about` is the colleague who is asked instead, for so many `rows` drawn from a list.
    """

    ref: InterviewRef
    audit_title: str
    why: str
    number: int
    total: int
    about: str = ""
    rows: int = 0
    resumes_on: date | None = None
    waits: bool = True


def paused(pause: Paused) -> Message:
    """The conversation rests, and how it goes on."""
    wording = words("interviews/paused", pause=pause)
    go_on = kit.button(wording.button_go_on, GO_ON, pause.ref, style="primary")
    later = [
        kit.button(wording.button_tomorrow, TOMORROW, pause.ref),
        kit.button(wording.button_another_day, ANOTHER_DAY, pause.ref),
    ]
    buttons = [go_on, *([] if pause.resumes_on else later)] if pause.waits else []
    return kit.message(wording.summary, [kit.section(wording.body), *kit.actions(buttons)])


def asked_in_thread() -> Message:
    """Told on Home: what is next stands in the conversation."""
    wording = words("interviews/in_thread")
    return kit.message(wording.summary, [kit.section(wording.body)])


def in_channel() -> Message:
    """Told where the app was invited into a channel: answers don't belong there."""
    wording = words("interviews/in_channel")
    return kit.message(wording.summary, [kit.section(wording.body)])


def which(*, interviews: Sequence[tuple[WordsRef, str]], text: str, chosen: str = "") -> Message:
    """Words stand beside any thread, and could be for several things: for which?"""
    wording = words("interviews/which", text=text, title=chosen)
    buttons = [
        kit.button(words("interviews/which", text="", title=title).button, f"{TAKE_WORDS}.{number}", ref)
        for number, (ref, title) in enumerate(interviews[:MOST_INTERVIEWS])
    ]
    body = wording.chosen if chosen else wording.body
    return kit.message(wording.summary, [kit.section(body), *kit.actions(buttons)])


# --- forms ---


def question_modal(asked: AskedQuestion, *, note: str = "", held: HeldBack | None = None, text: str = "") -> Modal:
    """One question as a form. `note` is a remark to the interviewee; the answer so far stands in it already.

    `held`: what they have just entered, `text`, looks like holding a secret; they may say that it doesn't.

    Intent, red flags and what to listen for have no place here: they would lead the answer.
    """
    wording = words("interviews/question_modal", asked=asked, note=note)
    head: list[Block] = [kit.context(wording.where), kit.section(wording.question)]
    return kit.modal(
        QUESTION_FORM,
        wording.heading,
        [*head, *(_asked_whether_secret(held, asked.ref.question) if held else []), *_inputs(wording, asked, text)],
        submit=wording.submit,
        payload=asked.ref,
    )


def _asked_whether_secret(held: HeldBack, about: str) -> list[Block]:
    wording = words("interviews/held_back", held=held)
    tick = [("yes", wording.no_secret_ticked.plain)]
    return [
        kit.section(wording.told_in_form),
        fields.ticks(fields.about(NO_SECRET, about), wording.no_secret, tick, optional=True),
    ]


def _inputs(wording: Words, asked: AskedQuestion, entered: str = "") -> list[Block]:
    about = asked.ref.question
    text = fields.text(
        fields.about(ANSWER_FIELD, about),
        wording.answer,
        wording.answer_hint,
        given=entered or (asked.given.text if asked.given else ""),
        optional=True,
    )
    choices = asked.options
    if asked.kind == "yes_no_unsure":
        choices = [(each, words("interviews/question")[f"button_{each}"].plain) for each in YES_NO_UNSURE]
    chosen = [fields.radio(fields.about(CHOSEN, about), wording.chosen, choices, optional=True)] if choices else []
    day = [fields.day(fields.about(DAY, about), wording.day, optional=True)] if asked.kind == "date" else []
    shown = [fields.files(fields.about(FILES, about), wording.files, optional=True)] if asked.kind in _LETS_SHOW else []
    return [*chosen, *day, text, *shown]


def colleague_modal(asked: AskedQuestion) -> Modal:
    """Whom to ask instead."""
    wording = words("interviews/colleague_modal", asked=asked)
    person = fields.person(PERSON, wording.person, wording.person_hint)
    body = [kit.section(wording.question), person]
    return kit.modal(COLLEAGUE_FORM, wording.heading, body, submit=wording.submit, payload=asked.ref)


def skip_modal(asked: AskedQuestion) -> Modal:
    """Why a question is skipped."""
    wording = words("interviews/skip_modal", asked=asked)
    body = [kit.section(wording.question), fields.text(REASON, wording.reason, wording.reason_hint)]
    return kit.modal(SKIP_FORM, wording.heading, body, submit=wording.submit, payload=asked.ref)


def day_modal(ref: InterviewRef) -> Modal:
    """On which day they want to go on."""
    wording = words("interviews/day_modal")
    return kit.modal(DAY_FORM, wording.heading, [fields.day(DAY, wording.day)], submit=wording.submit, payload=ref)
