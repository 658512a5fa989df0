"""Which follow-up an answer gets, and what an interview keeps of a question."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.question_bank.bank import shipped_questions
from workflows.question_bank.follow_ups import follow_up_for
from workflows.question_bank.freezing import asked, frozen, subject, thawed
from workflows.question_bank.shapes import (
    AnswerKind,
    Condition,
    FollowUp,
    ForAuditor,
    Mode,
    Question,
    Said,
    Tap,
    Trait,
    WantedEvidence,
)

TODAY = date(2026, 11, 30)
STANDARDS = ("iso27001-2022", "iso9001-2015", "iso14001-2015", "iso45001-2018", "iso22301-2019")


def question(*conditions: Condition) -> Question[str]:
    """A question with a follow-up for each condition, named by its place."""
    return Question(
        id="leavers",
        text="How does IT learn that somebody leaves?",
        mode=Mode.INTERVIEW,
        kind=AnswerKind.OPEN,
        audience=("hr",),
        requirements={"iso27001-2022": ("A.5.18",)},
        minutes=1,
        for_auditor=ForAuditor("Accounts close in time."),
        wanted_evidence=(WantedEvidence("log", "The log", ask=True, max_age_days=30),),
        follow_ups=tuple(FollowUp(each, str(place)) for place, each in enumerate(conditions)),
    )


SHORT = Condition(Trait.FEWER_WORDS_THAN, than=4)
NO_LOG = Condition(Trait.NO_FILE, evidence="log")
OLD_LOG = Condition(Trait.FILE_OLDER_THAN, evidence="log")
UNKNOWN = Condition(Trait.ANSWER_IS, answers=("unknown",))
BELOW = Condition(Trait.NUMBER_BELOW, than=9)
ABOVE = Condition(Trait.NUMBER_ABOVE, than=9)
LONG_AGO = Condition(Trait.DATE_OLDER_THAN_DAYS, than=183)


@pytest.mark.parametrize(
    ("when", "said", "asks"),
    [
        (SHORT, Said(TODAY, "By mail"), True),
        (SHORT, Said(TODAY, "By a mail from"), False),
        (SHORT, Said(TODAY, "👍"), True),
        (SHORT, Said(TODAY, "", files={"log": None}), False),
        (SHORT, Said(TODAY, "By mail", chosen=Tap.UNKNOWN), False),
        (NO_LOG, Said(TODAY, "By mail"), True),
        (NO_LOG, Said(TODAY, "By mail", files={"log": None}), False),
        (NO_LOG, Said(TODAY, chosen=Tap.NONE), False),
        (OLD_LOG, Said(TODAY, files={"log": TODAY - timedelta(days=31)}), True),
        (OLD_LOG, Said(TODAY, files={"log": TODAY - timedelta(days=30)}), False),
        (OLD_LOG, Said(TODAY, files={"log": None}), False),
        (UNKNOWN, Said(TODAY, chosen=Tap.UNKNOWN), True),
        (UNKNOWN, Said(TODAY, "unknown"), False),
        (BELOW, Said(TODAY, "8", number=8), True),
        (BELOW, Said(TODAY, "9", number=9), False),
        (ABOVE, Said(TODAY, "9", number=9), False),
        (ABOVE, Said(TODAY, "many"), False),
        (LONG_AGO, Said(TODAY, day=TODAY - timedelta(days=184)), True),
        (LONG_AGO, Said(TODAY, day=TODAY - timedelta(days=183)), False),
        (Condition(Trait.ANY, of=(UNKNOWN, SHORT)), Said(TODAY, "By mail"), True),
        (Condition(Trait.ALL, of=(NO_LOG, SHORT)), Said(TODAY, "By mail", files={"log": None}), False),
    ],
)
def test_a_follow_up_fits_the_form_of_an_answer(when: Condition, said: Said, asks: bool) -> None:
    assert (follow_up_for(question(when), said) is not None) is asks


CONDITIONS = st.sampled_from([SHORT, NO_LOG, OLD_LOG, UNKNOWN, BELOW, ABOVE, LONG_AGO])
DAYS = st.dates(date(2020, 1, 1), TODAY)
ANSWERS = st.builds(
    Said,
    on=st.just(TODAY),
    text=st.text(),
    chosen=st.sampled_from(["", *Tap]),
    number=st.none() | st.floats(allow_nan=True),
    day=st.none() | DAYS,
    files=st.dictionaries(st.sampled_from(["log", "list"]), st.none() | DAYS),
)


@given(st.lists(CONDITIONS, max_size=5), ANSWERS)
def test_of_several_follow_ups_the_first_that_fits_is_asked_alone(conditions: list[Condition], said: Said) -> None:
    alone = [follow_up_for(question(each), said) is not None for each in conditions]
    found = follow_up_for(question(*conditions), said)
    assert (found.text if found else None) == (str(alone.index(True)) if any(alone) else None)


@given(st.lists(CONDITIONS, max_size=5), ANSWERS.filter(lambda said: said.chosen in {Tap.SOMEBODY_ELSE, Tap.SKIP}))
def test_who_asks_somebody_else_or_skips_is_asked_nothing_more(conditions: list[Condition], said: Said) -> None:
    assert follow_up_for(question(*conditions), said) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_an_interview_keeps_is_the_whole_question_through_json_and_back(language: str) -> None:
    for each in shipped_questions().values():
        kept = json.loads(json.dumps(frozen(each, language, STANDARDS)))
        assert thawed(kept) == asked(each, language, STANDARDS)


@pytest.mark.parametrize(
    ("standards", "about"),
    [
        (["iso27001-2022"], "information security"),
        (["iso27001-2022", "iso9001-2015"], "quality and information security"),
        (["iso27001-2022", "iso9001-2015", "iso14001-2015"], "quality, safety and security"),
        (["own-house-rules"], "quality, safety and security"),
    ],
)
def test_a_question_names_what_the_plan_is_about(standards: list[str], about: str) -> None:
    assert subject(standards, "en") == about


def test_a_question_is_about_the_standards_of_its_plan_alone() -> None:
    kept = thawed(frozen(shipped_questions()["joiners"], "en", ["iso9001-2015"]))
    assert kept.references == ("iso9001-2015:7.2",)
