"""People room: what each role allows."""

from collections.abc import Mapping
from types import MappingProxyType

from storage.people.tables import Role

# --- rules ---

IN_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.LEAD: "a compliance lead",
        Role.AUDITOR: "an auditor",
        Role.MANAGEMENT: "management",
        Role.READER: "a reader",
    }
)

MAY: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "start the programme": frozenset({Role.LEAD}),
        "change the settings of the programme": frozenset({Role.LEAD}),
        "see the obligations": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "import a spreadsheet": frozenset({Role.LEAD}),
        "change the obligations": frozenset({Role.LEAD}),
        "announce a change": frozenset({Role.LEAD}),
        "see the certificates": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "set the dates of certification": frozenset({Role.LEAD}),
        "see everyone's calendar": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "accept a task": frozenset({Role.LEAD}),
        "return a task": frozenset({Role.LEAD}),
        "waive a task": frozenset({Role.LEAD}),
        "reopen a task": frozenset({Role.LEAD}),
        "assign a task": frozenset({Role.LEAD}),
        "change roles": frozenset({Role.LEAD}),
        "manage people": frozenset({Role.LEAD}),
        "see everyone's tasks": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "see what others own": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "see the programme status": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "make keys for machines": frozenset({Role.LEAD}),
        "see what others were told": frozenset({Role.LEAD, Role.AUDITOR}),
        "see everyone's evidence": frozenset({Role.LEAD, Role.AUDITOR}),
        "make a pack": frozenset({Role.LEAD}),
        "see the requests": frozenset({Role.LEAD, Role.AUDITOR}),
        "manage requests": frozenset({Role.LEAD}),
        "accept an answer": frozenset({Role.LEAD, Role.AUDITOR}),
        "give an auditor access": frozenset({Role.LEAD}),
        "put evidence on hold": frozenset({Role.LEAD}),
        "propose a disposal": frozenset({Role.LEAD}),
        "approve a disposal": frozenset({Role.LEAD, Role.MANAGEMENT}),
        "see the nonconformities": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "see the digest": frozenset({Role.LEAD, Role.MANAGEMENT}),
        "see the frameworks": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "show or hide titles": frozenset({Role.LEAD}),
        "add your own controls": frozenset({Role.LEAD}),
        "decide what applies": frozenset({Role.LEAD}),
        "approve the Statement of Applicability": frozenset({Role.LEAD}),
        "rate a gap": frozenset({Role.LEAD}),
        "open a desk audit": frozenset({Role.LEAD, Role.AUDITOR}),
        "issue a nonconformity": frozenset({Role.LEAD, Role.AUDITOR}),
        "review a response": frozenset({Role.LEAD, Role.AUDITOR}),
        "consent to a major": frozenset({Role.MANAGEMENT}),
        "verify a correction": frozenset({Role.LEAD, Role.AUDITOR}),
        "co-sign a major": frozenset({Role.LEAD, Role.MANAGEMENT}),
    }
)
"""Which roles a deed takes. What is not listed here is allowed to nobody by role."""


def who_may(deed: str) -> str:
    """The roles that allow a deed, in words: "a compliance lead, an auditor or management"."""
    *others, last = [IN_WORDS[role] for role in Role if role in MAY.get(deed, frozenset())] or [""]
    return f"{', '.join(others)} or {last}" if others else last
