"""Desk audits: what an audit can be planned from, and whom its questions are for."""

from collections.abc import Mapping, Sequence

from storage.desk_audits.tables import DeskAudit
from workflows.question_bank import bank
from workflows.question_bank.shapes import Audience, PlanTemplate


def plan_templates(editions: Sequence[str]) -> dict[str, PlanTemplate]:
    """Those with at least one criterion among the editions, by their ids."""
    return {key: each for key, each in bank.plan_templates().items() if references(each, editions)}


def template_of(audit: DeskAudit) -> PlanTemplate:
    """The template from which an audit was planned."""
    return bank.plan_templates()[audit.question_set.rpartition(":")[2]]


def audiences() -> Mapping[str, Audience]:
    """Every audience, by its id."""
    return bank.audiences()


def references(template: PlanTemplate, editions: Sequence[str]) -> list[str]:
    """A template's criteria as rows refer to them; of standards that the programme doesn't run, none."""
    followed = [(edition, numbers) for edition, numbers in template.criteria.items() if edition in editions]
    return [f"{edition}:{number}" for edition, numbers in followed for number in numbers]
