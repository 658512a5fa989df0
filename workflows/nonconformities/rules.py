"""The tests of a grade, and what belongs into fields where "a sentence" would not say it."""

from collections.abc import Mapping
from types import MappingProxyType

from storage.nonconformities.tables import Grade
from workflows.wishes import Wish

GRADE_TESTS: Mapping[str, str] = MappingProxyType(
    {
        "M1": "A requirement of the standard is missing or not put into practice at all",
        "M2": "A breakdown across a process or site, not an isolated slip",
        "M3": "Real doubt that results meet requirements, or that control of the process works",
        "M4": "Probable delivery of nonconforming output, a data breach, an injury or a serious legal breach",
        "M5": "Several minors on the same requirement that together show a systemic failure",
        "M6": "An earlier nonconformity was not effectively corrected, or its record was false",
        "M7": "Misuse of the certificate, or a required internal audit or management review did not take place",
    }
)
"""Any of these makes a major likely. The bot shows the implied grade; a person signs it."""


WISHES: Mapping[str, Wish] = MappingProxyType(
    {
        "requirement": Wish.CHOOSE_REQUIREMENT,
        "owner_id": Wish.CHOOSE_OWNER,
        "causes": Wish.ASK_WHY_TWICE,
        "risk_decision": Wish.SAY_WHAT_CHANGES_IN_RISKS,
        "system_decision": Wish.SAY_WHAT_CHANGES_IN_SYSTEM,
    }
)
"""What belongs into fields of a finding or a response, where "a sentence" would not say it."""


def implied_grade(tests: list[str]) -> Grade:
    """What the ticked tests imply; a suggestion only."""
    return Grade.MAJOR if tests else Grade.MINOR
