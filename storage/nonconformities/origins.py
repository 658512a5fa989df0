"""Nonconformities: where they come from, and what they are against."""

from enum import StrEnum


class Source(StrEnum):
    """Where a nonconformity comes from."""

    INTERVIEW = "interview"
    DOCUMENT = "document"
    OBSERVATION = "observation"
    REJECTED_EVIDENCE = "rejected_evidence"
    FAILED_PROBE = "failed_probe"
    MISSED_OBLIGATION = "missed_obligation"
    SUPPLIER = "supplier"
    CUSTOMER_AUDIT = "customer_audit"
    CERTIFICATION_BODY = "certification_body"
    COMPLAINT = "complaint"
    CONCERN = "concern"
    INCIDENT = "incident"


class Against(StrEnum):
    """What was not met."""

    STANDARD = "standard"
    OWN_DOCUMENT = "own_document"
    LAW = "law"
    CONTRACT = "contract"
