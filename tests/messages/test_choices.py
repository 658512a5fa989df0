"""Choices that are told apart by their words: none of what ships is cut where Slack's room for it ends."""

from datetime import date

import pytest

from messages.desk_audits.cards import QuestionSet
from messages.evidence.cards import Choice
from messages.evidence.forms import TaskChoice
from messages.evidence.payloads import ChoiceRef
from messages.words import limits
from messages.words.wording import words
from workflows.desk_audits.question_sets import question_sets
from workflows.frameworks.rules import EDITIONS, catalogue
from workflows.programme.certification import Milestone, milestones

LONGEST_DAY = date(2026, 9, 30)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("milestone", milestones(), ids=lambda each: each.key)
def test_a_date_of_certification_is_whole_on_the_button_and_in_the_menu(milestone: Milestone, edition: str) -> None:
    title = f"{catalogue(edition).standard}: {milestone.title}"
    button = words("evidence/choice", choice=Choice(ChoiceRef(1, 0), title, LONGEST_DAY)).button.plain
    option = words("evidence/which_task", task=TaskChoice(1, title, LONGEST_DAY)).option.plain
    assert button == option == f"{title} · 30 September 2026"
    assert limits.length(button) <= limits.BUTTON_TEXT


@pytest.mark.parametrize("key", question_sets())
def test_a_set_of_questions_is_whole_with_its_length(key: str) -> None:
    shipped = question_sets()[key]
    asked = QuestionSet(key, shipped.title, shipped.minutes, len(shipped.questions))
    choice = words("desk_audits/launch_modal", set=asked).choice.plain
    questions = "1 question" if asked.questions == 1 else f"{asked.questions} questions"
    assert choice == f"{shipped.title} · {questions}, {asked.minutes} min"
    assert limits.length(choice) <= limits.OPTION_TEXT
