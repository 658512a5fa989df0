"""Interviews: what can be read out of an answer without understanding its words, and what has to be asked back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from workflows.dates import understanding
from workflows.interviews import lists
from workflows.interviews.rules import Ack, Reply, wants_list
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, Tap
from workflows.refusals import DateNotUnderstood

NUMBER = re.compile(r"(?<![\w.,])-?\d+(?:[.,]\d+)?(?![\w.,]*\d)")
MAYBE_THOUSANDS = re.compile(r"[.,]\d{3}$")
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
NAMED_SIGN = re.compile(r":[\w+'-]+(?:::[\w-]+)?:")
LETTER = re.compile(r"[^\W_]")

WORDS_BESIDE_A_MENTION = 3
"""Whoever writes more than "please ask @jonas" has said something of their own."""

SAID_BY_TAP = frozenset({Tap.YES, Tap.NO, Tap.UNSURE})


@dataclass(frozen=True)
class Read:
    """What was read: a `value` for the row, or why it has to be asked back; `person` is who was mentioned."""

    value: Mapping[str, Any] | None = None
    asked_back: Ack | None = None
    person: str = ""


def read(question: AskedQuestion, reply: Reply, *, today: date, locale: str) -> Read:
    """Look at an answer as the kind of its question wants it; what can't be read is asked back, and its words kept."""
    if chosen := _chosen(question, reply):
        return Read({"chosen": chosen})
    if reply.day:
        return Read({"day": reply.day.isoformat()})
    if person := asked_for(reply.text):
        return Read(None, Ack.ASK_WHOM, person)
    if reply.text and not LETTER.search(NAMED_SIGN.sub("", reply.text)):
        return Read(None, Ack.ONLY_SIGNS)
    match question.kind:
        case AnswerKind.NUMBER:
            return _number(reply.text)
        case AnswerKind.DATE:
            return _day(reply.text, today, locale)
        case AnswerKind.SAMPLE if wants_list(question):
            return _list(question, reply.text)
    return Read()


def asked_for(text: str) -> str:
    """The one colleague who is mentioned with hardly a word beside it, as in "ask @jonas"; else nobody."""
    people = MENTION.findall(text)
    beside = MENTION.sub(" ", text).split()
    return people[0] if len(people) == 1 and len(beside) <= WORDS_BESIDE_A_MENTION else ""


def _chosen(question: AskedQuestion, reply: Reply) -> str:
    known = {each.id for each in question.options}
    known |= SAID_BY_TAP if question.kind is AnswerKind.YES_NO_UNSURE else set()
    if reply.chosen in known:
        return reply.chosen
    said = reply.text.strip().casefold()
    return next((each.id for each in question.options if said == each.label.strip().casefold()), "")


def _list(question: AskedQuestion, text: str) -> Read:
    found = lists.typed(text, wanted=question.sample.columns if question.sample else ())
    return Read({"rows": len(found.labels)}) if found else Read(None, Ack.LIST_IN_WORDS)


def _number(text: str) -> Read:
    found = NUMBER.findall(text)
    if len(found) != 1 or MAYBE_THOUSANDS.search(found[0]):
        return Read(None, Ack.NO_NUMBER)
    number = float(found[0].replace(",", "."))
    return Read({"number": int(number) if number.is_integer() else number})


def _day(text: str, today: date, locale: str) -> Read:
    try:
        found = understanding.understood(text, today=today, locale=locale)
    except DateNotUnderstood:
        return Read(None, Ack.NO_DAY)
    return Read({"day": _last(found, text, today).isoformat()})


def _last(found: date, text: str, today: date) -> date:
    """Auditors ask when something was: a day of a month without its year is the last such day, not the next."""
    names_it = re.search(rf"(?<!\d)0?{found.day}(?!\d)", text) and str(found.year) not in text
    return found - relativedelta(years=1) if names_it and found > today else found
