"""What a lead auditor writes down of an audit, in the short forms in which it is asked (ISO 19011, 6.5.1)."""

from dataclasses import dataclass

from workflows.shapes import Line, People


@dataclass(frozen=True)
class Conclusion:
    """What matters first, and what the audit comes to."""

    summary: str = ""
    conclusion: str = ""


@dataclass(frozen=True)
class Limits:
    """What stood in the way, and what wasn't looked at though it was agreed."""

    obstacles: str = ""
    not_covered: str = ""


@dataclass(frozen=True)
class Onward:
    """What happens next, and who gets the report."""

    follow_up: str = ""
    distribution: People = ()


@dataclass(frozen=True)
class Correction:
    """Why a signed report is written anew."""

    reason: str


@dataclass(frozen=True)
class KeepingTime:
    """For how many months after its report what people said in an audit is kept."""

    months: Line
