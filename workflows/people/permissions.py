"""People room: what each role allows."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from storage.people.tables import Role

# --- rules ---


class Permission(StrEnum):
    """What a role may allow. How each is said stands in `messages/words/templates/refusals/deed.j2`."""

    START_PROGRAMME = "start_programme"
    CHANGE_SETTINGS_OF_PROGRAMME = "change_settings_of_programme"
    SEE_OBLIGATIONS = "see_obligations"
    IMPORT_SPREADSHEET = "import_spreadsheet"
    CHANGE_OBLIGATIONS = "change_obligations"
    ANNOUNCE_CHANGE = "announce_change"
    SEE_CERTIFICATES = "see_certificates"
    SET_DATES_OF_CERTIFICATION = "set_dates_of_certification"
    SEE_EVERYONES_CALENDAR = "see_everyones_calendar"
    ACCEPT_TASK = "accept_task"
    RETURN_TASK = "return_task"
    WAIVE_TASK = "waive_task"
    REOPEN_TASK = "reopen_task"
    ASSIGN_TASK = "assign_task"
    CHANGE_ROLES = "change_roles"
    MANAGE_PEOPLE = "manage_people"
    SEE_EVERYONES_TASKS = "see_everyones_tasks"
    SEE_WHAT_OTHERS_OWN = "see_what_others_own"
    SEE_PROGRAMME_STATUS = "see_programme_status"
    MAKE_KEYS_FOR_MACHINES = "make_keys_for_machines"
    SEE_WHAT_OTHERS_WERE_TOLD = "see_what_others_were_told"
    SEE_UNDELIVERED_MESSAGES = "see_undelivered_messages"
    SEND_MESSAGE_AGAIN = "send_message_again"
    SEE_EVERYONES_EVIDENCE = "see_everyones_evidence"
    MAKE_PACK = "make_pack"
    SEE_REQUESTS = "see_requests"
    MANAGE_REQUESTS = "manage_requests"
    ACCEPT_ANSWER = "accept_answer"
    GIVE_AUDITOR_ACCESS = "give_auditor_access"
    PUT_EVIDENCE_ON_HOLD = "put_evidence_on_hold"
    PROPOSE_DISPOSAL = "propose_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    SEE_DISPOSALS = "see_disposals"
    SEE_NONCONFORMITIES = "see_nonconformities"
    SEE_DIGEST = "see_digest"
    SEE_FRAMEWORKS = "see_frameworks"
    SEE_STATEMENT_OF_APPLICABILITY = "see_statement_of_applicability"
    SEE_GAP_ANALYSIS = "see_gap_analysis"
    SHOW_OR_HIDE_TITLES = "show_or_hide_titles"
    ADD_YOUR_OWN_CONTROLS = "add_your_own_controls"
    DECIDE_WHAT_APPLIES = "decide_what_applies"
    APPROVE_STATEMENT_OF_APPLICABILITY = "approve_statement_of_applicability"
    RATE_GAP = "rate_gap"
    OPEN_DESK_AUDIT = "open_desk_audit"
    SEE_QUESTIONS = "see_questions"
    SEE_DESK_AUDITS = "see_desk_audits"
    MANAGE_AUDIT_PROGRAMME = "manage_audit_programme"
    RECORD_COMPETENCE = "record_competence"
    ISSUE_NONCONFORMITY = "issue_nonconformity"
    DECIDE_ON_CONCERN = "decide_on_concern"
    EXPORT_REGISTER = "export_register"


MAY: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.START_PROGRAMME: frozenset({Role.LEAD}),
        Permission.CHANGE_SETTINGS_OF_PROGRAMME: frozenset({Role.LEAD}),
        Permission.SEE_OBLIGATIONS: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.IMPORT_SPREADSHEET: frozenset({Role.LEAD}),
        Permission.CHANGE_OBLIGATIONS: frozenset({Role.LEAD}),
        Permission.ANNOUNCE_CHANGE: frozenset({Role.LEAD}),
        Permission.SEE_CERTIFICATES: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SET_DATES_OF_CERTIFICATION: frozenset({Role.LEAD}),
        Permission.SEE_EVERYONES_CALENDAR: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.ACCEPT_TASK: frozenset({Role.LEAD}),
        Permission.RETURN_TASK: frozenset({Role.LEAD}),
        Permission.WAIVE_TASK: frozenset({Role.LEAD}),
        Permission.REOPEN_TASK: frozenset({Role.LEAD}),
        Permission.ASSIGN_TASK: frozenset({Role.LEAD}),
        Permission.CHANGE_ROLES: frozenset({Role.LEAD}),
        Permission.MANAGE_PEOPLE: frozenset({Role.LEAD}),
        Permission.SEE_EVERYONES_TASKS: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SEE_WHAT_OTHERS_OWN: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SEE_PROGRAMME_STATUS: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.MAKE_KEYS_FOR_MACHINES: frozenset({Role.LEAD}),
        Permission.SEE_WHAT_OTHERS_WERE_TOLD: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.SEE_UNDELIVERED_MESSAGES: frozenset({Role.LEAD}),
        Permission.SEND_MESSAGE_AGAIN: frozenset({Role.LEAD}),
        Permission.SEE_EVERYONES_EVIDENCE: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.MAKE_PACK: frozenset({Role.LEAD}),
        Permission.SEE_REQUESTS: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.MANAGE_REQUESTS: frozenset({Role.LEAD}),
        Permission.ACCEPT_ANSWER: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.GIVE_AUDITOR_ACCESS: frozenset({Role.LEAD}),
        Permission.PUT_EVIDENCE_ON_HOLD: frozenset({Role.LEAD}),
        Permission.PROPOSE_DISPOSAL: frozenset({Role.LEAD}),
        Permission.APPROVE_DISPOSAL: frozenset({Role.LEAD, Role.MANAGEMENT}),
        Permission.SEE_DISPOSALS: frozenset({Role.LEAD, Role.MANAGEMENT}),
        Permission.SEE_NONCONFORMITIES: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SEE_DIGEST: frozenset({Role.LEAD, Role.MANAGEMENT}),
        Permission.SEE_FRAMEWORKS: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SEE_STATEMENT_OF_APPLICABILITY: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SEE_GAP_ANALYSIS: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        Permission.SHOW_OR_HIDE_TITLES: frozenset({Role.LEAD}),
        Permission.ADD_YOUR_OWN_CONTROLS: frozenset({Role.LEAD}),
        Permission.DECIDE_WHAT_APPLIES: frozenset({Role.LEAD}),
        Permission.APPROVE_STATEMENT_OF_APPLICABILITY: frozenset({Role.LEAD}),
        Permission.RATE_GAP: frozenset({Role.LEAD}),
        Permission.OPEN_DESK_AUDIT: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.SEE_QUESTIONS: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.SEE_DESK_AUDITS: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.MANAGE_AUDIT_PROGRAMME: frozenset({Role.LEAD}),
        Permission.RECORD_COMPETENCE: frozenset({Role.LEAD, Role.MANAGEMENT}),
        Permission.ISSUE_NONCONFORMITY: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.DECIDE_ON_CONCERN: frozenset({Role.LEAD, Role.AUDITOR}),
        Permission.EXPORT_REGISTER: frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT}),
    }
)
"""Which roles a deed takes. What is not listed here is allowed to nobody by role."""


def who_may(permission: Permission) -> tuple[Role, ...]:
    """The roles that allow it, in the order in which they are always named."""
    return tuple(role for role in Role if role in MAY.get(permission, frozenset()))
