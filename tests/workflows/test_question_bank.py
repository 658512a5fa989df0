"""The bank of questions: what ships is whole, and whatever somebody writes is taken, or told what is wrong with it."""

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workflows.frameworks.own_frameworks import OWN
from workflows.frameworks.rules import EDITIONS, catalogue
from workflows.question_bank.bank import audiences, general, plan_templates, shipped_questions
from workflows.question_bank.checking import Ground, faults_of
from workflows.question_bank.faults import Why
from workflows.question_bank.own_files import COLUMNS, questions_in, rows_of
from workflows.question_bank.refusals import QuestionsAtFault
from workflows.question_bank.rules import people_to_ask, rows_to_draw
from workflows.question_bank.shapes import Mode, PlanTemplate
from workflows.refusals import UnreadableFile

GROUND = Ground({each: catalogue(each).requirements for each in EDITIONS}, shipped_questions(), OWN)

# --- what ships ---


@pytest.mark.parametrize("question", shipped_questions())
def test_a_shipped_question_keeps_the_rules_of_own_ones(question: str) -> None:
    assert list(faults_of(shipped_questions()[question], GROUND)) == []


def test_every_shipped_question_can_be_read_in_english_and_german() -> None:
    for each in shipped_questions().values():
        assert set(each.text) == {"en", "de"}, each.id


@pytest.mark.parametrize("plan", plan_templates().values(), ids=lambda plan: plan.id)
def test_a_plan_asks_of_nobody_more_than_may_be_asked(plan: PlanTemplate) -> None:
    limits, questions = general().limits, shipped_questions()
    longest = 0.0
    for each in plan.ask:
        assert each.audience in audiences()
        assert len(each.questions) <= limits.questions_per_person
        assert all(questions[name].mode is Mode.INTERVIEW for name in each.questions)
        longest = max(longest, sum(questions[name].minutes for name in each.questions))
    assert longest <= plan.minutes.per_person <= limits.minutes_per_person
    assert all(questions[name].mode is not Mode.INTERVIEW for name in plan.notes)


@pytest.mark.parametrize("plan", plan_templates().values(), ids=lambda plan: plan.id)
def test_a_plan_asks_about_each_of_its_criteria(plan: PlanTemplate) -> None:
    asked = {name for each in plan.ask for name in each.questions} | set(plan.notes)
    covered = {reference for name in asked for reference in shipped_questions()[name].references}
    criteria = {f"{edition}:{number}" for edition, numbers in plan.criteria.items() for number in numbers}
    assert criteria <= covered


@pytest.mark.parametrize(("population", "drawn"), [(0, 0), (1, 1), (3, 3), (4, 3), (50, 3), (51, 5), (100_000, 5)])
def test_so_many_rows_are_drawn_of_a_list(population: int, drawn: int) -> None:
    assert rows_to_draw(population) == drawn


@pytest.mark.parametrize(
    ("people", "population", "asked"),
    [("all", 7, 7), ("3", 7, 3), ("3", 2, 2), ("sqrt", 1, 1), ("sqrt", 2, 2), ("sqrt", 9, 3), ("sqrt", 40, 6)],
)
def test_so_many_people_are_asked_of_an_audience(people: str, population: int, asked: int) -> None:
    assert people_to_ask(people, population) == asked


# --- what somebody writes ---


class WrittenOut(yaml.SafeDumper):
    """Writes what is there twice twice, as a person would."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(*rows: Any) -> str:
    """Questions as a file."""
    return yaml.dump({"questions": list(rows)}, Dumper=WrittenOut, sort_keys=False)


KEYS = {
    "id": "keys",
    "text": "How do you learn which keys somebody no longer needs?",
    "mode": "interview",
    "kind": "open",
    "audience": ["facilities"],
    "requirements": {"iso27001-2022": ["A.7.2"]},
    "minutes": 2,
    "intent": "Keys follow the job.",
}


def check(*rows: Mapping[str, Any]) -> list[tuple[Why, str]]:
    """What is wrong with questions, each with the id of its question."""
    text = written(*({**KEYS, **row} for row in rows))
    try:
        questions_in("own.yaml", rows_of("own.yaml", text.encode()), GROUND)
    except QuestionsAtFault as no:
        return [(each.why, each.question) for each in no.faults]
    return []


SHORT, SHORTER = {"when": {"fewer_words_than": 8}}, {"when": {"fewer_words_than": 6}}
MORE = {"text": "And then?"}
LIST = {"id": "list", "what": "The list", "ask": True, "max_age_days": 31}
SAMPLE = {
    "source": "given_list",
    "columns": ["number"],
    "complete": "Where from?",
    "for_each": "Drawn: {rows}",
    "show": ["receipt"],
}


@pytest.mark.parametrize(
    "fine",
    [
        {},
        {"text": {"en": "How?", "de": "Wie?"}},
        {"kind": "choice", "options": ["At home", {"id": "here", "en": "Here"}]},
        {
            "kind": "choice",
            "options": ["At home", "Here"],
            "follow_ups": [{"when": {"answer_is": ["at-home"]}, **MORE}],
        },
        {"kind": "sample", "sample": SAMPLE},
        {"requirements": {"own-house": ["H-1"]}},
        {"follow_ups": [{**SHORTER, **MORE}, {**SHORT, **MORE}]},
        {"follow_ups": [{**SHORT, "ask": "odd-screen"}]},
        {"wanted_evidence": [LIST], "follow_ups": [{"when": {"file_older_than": "list"}, **MORE}]},
        {"kind": "number", "follow_ups": [{"when": {"any": [{"number_below": 1}, {"number_above": 9}]}, **MORE}]},
    ],
)
def test_a_question_that_can_be_asked_is_taken(fine: Mapping[str, Any]) -> None:
    assert check(fine) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"id": "Our Keys"}, Why.ID_WANTED),
        ({"txt": "How?"}, Why.UNKNOWN_KEY),
        ({"text": ""}, Why.EMPTY),
        ({"text": ["How?"]}, Why.NOT_A_TEXT),
        ({"text": {"fr": "Comment ?"}}, Why.UNKNOWN_KEY),
        ({"text": "How? " * 50}, Why.TOO_LONG),
        ({"text": "Name the people who left."}, Why.ASKS_FOR_PEOPLE),
        ({"text": "How does {somebody} know?"}, Why.UNKNOWN_WORD),
        ({"mode": "talk"}, Why.ONE_OF),
        ({"minutes": 13}, Why.TOO_MANY_MINUTES),
        ({"minutes": "soon"}, Why.NOT_A_NUMBER),
        ({"minutes": "nan"}, Why.NOT_A_NUMBER),
        ({"none_possible": "perhaps"}, Why.NOT_TRUE_OR_FALSE),
        ({"audience": ["martians"]}, Why.UNKNOWN_AUDIENCE),
        ({"audience": []}, Why.EMPTY),
        ({"requirements": {}}, Why.EMPTY),
        ({"requirements": ["A.7.2"]}, Why.NOT_A_MAPPING),
        ({"requirements": {"iso27001-2022": ["A.7.99"]}}, Why.UNKNOWN_REQUIREMENT),
        ({"requirements": {"iso27001": ["A.7.2"]}}, Why.UNKNOWN_EDITION),
        ({"kind": "choice"}, Why.MISSING),
        ({"options": ["A", "B"]}, Why.NOT_THIS_KIND),
        ({"kind": "choice", "options": ["A", "A"]}, Why.DOUBLED_ID),
        ({"kind": "choice", "options": ["None", "Some"]}, Why.DOUBLED_ID),
        ({"kind": "choice", "options": [f"Option {number}" for number in range(11)]}, Why.TOO_MANY),
        ({"kind": "sample"}, Why.MISSING),
        ({"sample": SAMPLE}, Why.NOT_THIS_KIND),
        ({"kind": "sample", "sample": {**SAMPLE, "for_each": "Drawn."}}, Why.NO_ROWS_IN_TEXT),
        ({"kind": "sample", "sample": {**SAMPLE, "columns": []}}, Why.MISSING),
        ({"wanted_evidence": [{**LIST, "max_age_days": 0}]}, Why.OUT_OF_RANGE),
        ({"follow_ups": [MORE]}, Why.MISSING),
        ({"follow_ups": [{"when": {}, **MORE}]}, Why.NOT_ONE_CONDITION),
        ({"follow_ups": [{"when": {"says": "no"}, **MORE}]}, Why.ONE_OF),
        ({"follow_ups": [{"when": {"answer_is": ["none"]}, **MORE}]}, Why.UNKNOWN_ANSWER),
        ({"follow_ups": [{"when": {"no_file": "list"}, **MORE}]}, Why.UNKNOWN_EVIDENCE),
        ({"follow_ups": [{"when": {"number_below": 3}, **MORE}]}, Why.NOT_OF_KIND),
        ({"follow_ups": [{"when": {"fewer_words_than": 1e300}, **MORE}]}, Why.OUT_OF_RANGE),
        ({"follow_ups": [{"when": {"any": [{"all": [{"fewer_words_than": 3}]}]}, **MORE}]}, Why.NESTED),
        ({"follow_ups": [{**SHORT, **MORE}, {**SHORTER, **MORE}]}, Why.UNREACHABLE),
        (
            {"follow_ups": [{"when": {"all": [{"answer_is": ["unknown"]}, {"fewer_words_than": 3}]}, **MORE}]},
            Why.UNREACHABLE,
        ),
        ({"follow_ups": [{**SHORT, "ask": "nothing-known"}]}, Why.UNKNOWN_QUESTION),
        ({"follow_ups": [{**SHORT, **MORE, "ask": "odd-screen"}]}, Why.TEXT_OR_ASK),
        ({"follow_ups": [{**SHORT, "ask": "keys"}]}, Why.CYCLE),
        ({"follow_ups": [{**SHORTER, **MORE}, {**SHORT, **MORE}, {**SHORT, **MORE}]}, Why.TOO_MANY),
    ],
)
def test_whatever_is_wrong_with_a_question_is_found(wrong: Mapping[str, Any], why: Why) -> None:
    assert check(wrong) == [(why, wrong.get("id", "keys"))]


def test_a_file_that_dates_nothing_is_never_too_old() -> None:
    undated = {key: value for key, value in LIST.items() if key != "max_age_days"}
    follow_up = {"when": {"file_older_than": "list"}, **MORE}
    assert check({"wanted_evidence": [undated], "follow_ups": [follow_up]}) == [(Why.NO_AGE, "keys")]


def test_an_id_is_there_once() -> None:
    assert check({}, {"id": "locks"}, {}) == [(Why.DOUBLED_ID, "keys")]


def test_questions_that_ask_for_each_other_are_found_once() -> None:
    there, back = [{**SHORT, "ask": "locks"}], [{**SHORT, "ask": "keys"}]
    assert check({"follow_ups": there}, {"id": "locks", "follow_ups": back}) == [(Why.CYCLE, "keys")]


def faults_in(text: str, file: str = "own.yaml") -> list[tuple[int, Why]]:
    """The line and kind of what is wrong with a file."""
    with pytest.raises(QuestionsAtFault) as no:
        questions_in(file, rows_of(file, text.encode()), GROUND)
    return [(each.line, each.why) for each in no.value.faults]


def test_each_fault_is_told_with_its_line() -> None:
    text = written({**KEYS, "minutes": 13, "audience": ["facilities", "martians"]})
    lines = text.splitlines()
    assert faults_in(text) == [
        (lines.index("  - martians") + 1, Why.UNKNOWN_AUDIENCE),
        (lines.index("  minutes: 13") + 1, Why.TOO_MANY_MINUTES),
    ]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, Why.NO_QUESTIONS),
        ("questions: []", 1, Why.NO_QUESTIONS),
        ("questions:\n- id: [\n", 3, Why.NOT_YAML),
        ("questions: &all\n- *all\n", 2, Why.ALIAS),
        ("plans:\n- id: x\n", 1, Why.UNKNOWN_KEY),
        ("[" * 10_000, 1, Why.NOT_YAML),
    ],
)
def test_a_file_that_holds_no_questions_says_why(text: str, line: int, why: Why) -> None:
    assert faults_in(text)[0][1] is why
    assert why is Why.NOT_YAML or faults_in(text) == [(line, why)]


@given(st.text() | st.binary())
def test_no_file_breaks_the_check(data: str | bytes) -> None:
    given_bytes = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    with pytest.raises((QuestionsAtFault, UnreadableFile)):
        questions_in("own.yaml", rows_of("own.yaml", given_bytes), GROUND)


PLAIN = st.recursive(
    st.text(max_size=5) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "follow_ups", "when", "sample", "options", "any"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_whatever_stands_in_a_file_is_taken_or_told(rows: Any) -> None:
    text = written(rows, {**KEYS, "follow_ups": rows, "options": rows})
    assert faults_in(text)


def sheet(*rows: Mapping[str, str], headings: tuple[str, ...] = COLUMNS) -> bytes:
    """A workbook with a row for each question."""
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(headings)
    for row in rows:
        page.append([row.get(each, "") for each in headings])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


IN_A_ROW = {
    "id": "keys",
    "text": "Where do you keep keys?",
    "text_de": "Wo sind die Schlüssel?",
    "kind": "choice",
    "audience": "facilities, hr",
    "requirements": "iso27001-2022: A.7.2, A.5.18\niso9001-2015: 7.2",
    "minutes": "1.5",
    "intent": "Keys are counted.",
    "listen_for": "counted; signed for",
    "options": "In a cabinet\nAt home",
    "evidence": "The list of keys",
    "evidence_days": "365",
    "follow_up_1_when": "answer_is: at-home, unknown",
    "follow_up_1": "Who else knows?",
    "follow_up_2_when": "no_file: evidence",
    "follow_up_2": "How are they counted?",
}


def test_a_row_of_a_spreadsheet_is_a_question() -> None:
    (found,) = questions_in("own.xlsx", rows_of("own.xlsx", sheet(IN_A_ROW)), GROUND)
    assert found.text == {"en": "Where do you keep keys?", "de": "Wo sind die Schlüssel?"}
    assert found.references == ("iso27001-2022:A.7.2", "iso27001-2022:A.5.18", "iso9001-2015:7.2")
    assert found.for_auditor.listen_for == ("counted", "signed for")
    assert [each.id for each in found.options] == ["in-a-cabinet", "at-home"]
    assert [each.text["en"] for each in found.follow_ups] == ["Who else knows?", "How are they counted?"]


def test_a_fault_in_a_spreadsheet_is_told_with_its_row() -> None:
    with pytest.raises(QuestionsAtFault) as no:
        questions_in("own.xlsx", rows_of("own.xlsx", sheet(IN_A_ROW, {**IN_A_ROW, "id": "b", "minutes": "99"})), GROUND)
    assert [(each.line, each.question, each.why) for each in no.value.faults] == [(3, "b", Why.TOO_MANY_MINUTES)]


def test_a_column_that_nothing_reads_is_told() -> None:
    with pytest.raises(QuestionsAtFault) as no:
        rows_of("own.xlsx", sheet({"id": "keys"}, headings=("id", "txt")))
    assert no.value.faults[0].why is Why.UNKNOWN_COLUMN
