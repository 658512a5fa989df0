"""Choices that are told apart by their words: none of what ships is cut where Slack's room for it ends."""

from datetime import date

import pytest

from messages.evidence.cards import Choice
from messages.evidence.forms import TaskChoice
from messages.evidence.payloads import ChoiceRef
from messages.words import limits
from messages.words.wording import words
from workflows.frameworks.rules import EDITIONS, catalogue
from workflows.programme.certification import Milestone, milestones
from workflows.question_bank.bank import plan_templates
from workflows.question_bank.freezing import ENGLISH, in_language

LONGEST_DAY = date(2026, 9, 30)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("milestone", milestones(), ids=lambda each: each.key)
def test_a_date_of_certification_is_whole_on_the_button_and_in_the_menu(milestone: Milestone, edition: str) -> None:
    title = f"{catalogue(edition).standard}: {milestone.title}"
    button = words("evidence/choice", choice=Choice(ChoiceRef(1, 0), title, LONGEST_DAY)).button.plain
    option = words("evidence/which_task", task=TaskChoice(1, title, LONGEST_DAY)).option.plain
    assert button == option == f"{title} · 30 September 2026"
    assert limits.length(button) <= limits.BUTTON_TEXT


@pytest.mark.parametrize("key", plan_templates())
def test_a_template_of_an_audit_is_whole_in_the_menu(key: str) -> None:
    assert limits.length(in_language(plan_templates()[key].name, ENGLISH)) <= limits.OPTION_TEXT
