"""Interviews: its tables. One person's part in an audit, what they said, and what the auditor makes of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from storage.desk_audits.tables import Mode
from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to

NULL_JSON = JSON(none_as_null=True)


class InterviewState(StrEnum):
    """`confirming`: every question is dealt with and the person is asked whether it was understood rightly.

    `left`: whoever was asked has left the company before they confirmed.
    """

    INVITED = "invited"
    ANSWERING = "answering"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


class Interview(Row, table=True):
    """One person's part in an audit; what a colleague handed on to them belongs to it too.

    `questions` are those that are asked, frozen with every word as they were when they were put in, in their order;
    `question_ids` their ids, and `asking` that of the question being asked now, if one is. Further questions after a
    confirmation begin a new `round` (none: the first), which is confirmed by itself. `digest` is the SHA-256 over the
    answers as confirmed last. The conversation stands in the thread `thread_ts` of `channel_id`. `due_on` is the day
    until which answers are wanted, in the organisation's zone; `resumes_on` the day on which the person wants to go
    on. `talk_wanted_at`: they would rather talk.
    """

    __tablename__ = "interview"
    remembered: ClassVar[bool] = True
    __table_args__ = (
        one_of("state", InterviewState),
        UniqueConstraint("workspace_id", "desk_audit_id", "person_id", name="one_interview_per_person"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    person_id: str = Field(max_length=32, index=True)
    state: InterviewState = choice(InterviewState, InterviewState.INVITED)
    question_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    questions: list[dict[str, Any]] | None = Field(default=None, sa_type=NULL_JSON)
    asking: str | None = Field(default=None, max_length=40)
    round: int | None = None
    invited_at: datetime = moment(optional=False)
    started_at: datetime | None = moment()
    confirmed_at: datetime | None = moment()
    digest: str | None = Field(default=None, max_length=64)
    due_on: date | None = None
    resumes_on: date | None = None
    talk_wanted_at: datetime | None = moment()
    channel_id: str | None = Field(default=None, max_length=32)
    thread_ts: str | None = Field(default=None, max_length=32)
    ended_by: str | None = Field(default=None, max_length=32)
    reason: str | None = Field(default=None, sa_type=Text)


class SealedRound(Row, table=True):
    """The copy that the person and the auditor both keep of one round: `digest` is the SHA-256 over its answers.

    `scheme` says how it is taken, so that anybody can take it again. `hashes` are those of each answer, by the id of
    its question: where the words of one were redacted, the others can still be held against what was confirmed.
    """

    __tablename__ = "sealed_round"
    remembered: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("workspace_id", "interview_id", "round", name="sealed_once_per_round"),)

    interview_id: int = refers_to("interview.id")
    round: int
    scheme: int
    digest: str = Field(max_length=64)
    hashes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    confirmed_by: str = Field(max_length=32)
    confirmed_at: datetime = moment(optional=False)


class AnswerKind(StrEnum):
    """What somebody did with a question. `handed_on`: a colleague is asked in their place; `none`: there is none."""

    GIVEN = "given"
    UNKNOWN = "unknown"
    NONE = "none"
    SKIPPED = "skipped"
    HANDED_ON = "handed_on"


class WayGiven(StrEnum):
    """How an answer came: a tap, a sentence in the thread, a file dropped there, a form, or notes of a talk."""

    TAP = "tap"
    THREAD = "thread"
    FILE = "file"
    FORM = "form"
    TALK = "talk"


class Answer(Row, table=True):
    """What somebody said to one question, or what an auditor noted of a document or an observation.

    An answer belongs to an interview, a note to the audit itself (`desk_audit_id`, with its `mode`); where an auditor
    wrote it, as in notes of a talk, `written_by` says who. `text` is kept word for word; `value` is what was chosen,
    counted or dated. `follows_id` is the answer to which its question was the follow-up, or whose sample it belongs to.
    `handed_to` is the colleague who is asked instead. What became of the messages it was taken from stands in
    `edited_text`, `edited_at` and `deleted_at`, while `text` stays. An `edited_text` without `edited_at` waits for the
    person to say whether it counts. A redacted answer has lost words, for the reason in `redaction`; one that was let
    go at the end of its time has lost all of them.

    `rating` 0 to 3 says how well the requirement was met (with `not_applicable` it was none), `corroboration` 0 to 3
    what stands behind it, and `backed_by` what that is. Both are the latest; earlier ones stand in `answer_rating`.
    Answers of earlier versions have neither `kind` nor `round`: they were given, or unknown where they have no text.
    """

    __tablename__ = "answer"
    remembered: ClassVar[bool] = True
    __table_args__ = (
        one_of("kind", AnswerKind),
        one_of("way", WayGiven),
        one_of("mode", Mode),
        UniqueConstraint("workspace_id", "interview_id", "question_id", name="one_answer_per_question"),
        CheckConstraint("rating BETWEEN 0 AND 3", name="rating_is_on_the_scale"),
        CheckConstraint("corroboration BETWEEN 0 AND 3", name="corroboration_is_on_the_scale"),
        CheckConstraint("(interview_id IS NULL) <> (desk_audit_id IS NULL)", name="of_an_interview_or_an_audit"),
    )

    interview_id: int | None = refers_to("interview.id", optional=True)
    desk_audit_id: int | None = refers_to("desk_audit.id", optional=True)
    mode: Mode | None = choice(Mode)
    written_by: str | None = Field(default=None, max_length=32)
    question_id: str = Field(max_length=40)
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    prompt: str = prose()
    kind: AnswerKind | None = choice(AnswerKind)
    text: str = prose()
    value: dict[str, Any] | None = Field(default=None, sa_type=NULL_JSON)
    way: WayGiven | None = choice(WayGiven)
    round: int | None = None
    follows_id: int | None = refers_to("answer.id", optional=True)
    handed_to: str | None = Field(default=None, max_length=32)
    edited_text: str | None = Field(default=None, sa_type=Text)
    edited_at: datetime | None = moment()
    deleted_at: datetime | None = moment()
    redaction: str | None = Field(default=None, sa_type=Text)
    redacted_by: str | None = Field(default=None, max_length=32)
    redacted_at: datetime | None = moment()
    let_go_at: datetime | None = moment()
    answered_at: datetime = moment(optional=False)
    rating: int | None = None
    not_applicable: bool | None = None
    corroboration: int | None = None
    backed_by: list[dict[str, Any]] | None = Field(default=None, sa_type=NULL_JSON)
    rating_note: str = prose()
    rated_by: str | None = Field(default=None, max_length=32)
    rated_at: datetime | None = moment()


class AnswerMessage(Row, table=True):
    """A message in Slack that words of an answer were taken from: its `text` as given, `edited_text` as it reads now.

    It `counts` until the answer is given anew in another way. Of several, each has its place by `message_ts`.
    """

    __tablename__ = "answer_message"
    __table_args__ = (UniqueConstraint("workspace_id", "answer_id", "message_ts", name="each_message_once_per_answer"),)

    answer_id: int = refers_to("answer.id")
    message_ts: str = Field(max_length=32, index=True)
    text: str = prose()
    edited_text: str | None = Field(default=None, sa_type=Text)
    deleted_at: datetime | None = moment()
    counts: bool = True


class AnswerRating(Row, table=True):
    """How an answer was rated at one time; none is ever rewritten."""

    __tablename__ = "answer_rating"

    answer_id: int = refers_to("answer.id")
    rating: int | None = None
    not_applicable: bool = False
    corroboration: int | None = None
    backed_by: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    note: str = prose()
    rated_by: str = Field(max_length=32)
    rated_at: datetime = moment(optional=False)


class SampleDraw(Row, table=True):
    """What was drawn from a list by chance. Whoever has the list and `seed` draws the same again.

    The list as it was given is the file `evidence_id`, or stands in `listed` where it was typed or the bot holds its
    rows, whatever is written later; `fingerprint` is its SHA-256. `population` its rows
    without the header, `columns` that header; `completeness` is what the person says of its being complete. `drawn` are
    the rows, by their number from 1 and their first cell: `{"row": …, "label": …}`. `reason` says why it was drawn
    anew, or why another number than usual.
    """

    __tablename__ = "sample_draw"

    answer_id: int = refers_to("answer.id")
    evidence_id: int | None = refers_to("evidence.id", optional=True)
    listed: str | None = Field(default=None, sa_type=Text)
    fingerprint: str = Field(default="", max_length=64)
    population: int
    columns: list[str] = Field(default_factory=list, sa_type=JSON)
    completeness: str = prose()
    seed: int = Field(sa_type=BigInteger)
    drawn: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    reason: str = prose()
    drawn_at: datetime = moment(optional=False)


class HeldBackAs(StrEnum):
    """What became of a message that was held back. `rewritten`: without what looked like a secret, or not at all."""

    NO_SECRET = "no_secret"  # noqa: S105 - the name of an outcome
    REWRITTEN = "rewritten"


class HeldBack(Row, table=True):
    """A message that looked like holding a secret in `line`, counted from 1; its words stand nowhere but in Slack.

    `looks_like` is a kind of `workflows/pasted_secrets.py`. `thread_ts` is empty where it was written beside a thread.
    """

    __tablename__ = "held_back"
    __table_args__ = (
        one_of("settled_as", HeldBackAs),
        UniqueConstraint("workspace_id", "channel_id", "message_ts", name="held_back_once"),
    )

    interview_id: int = refers_to("interview.id")
    channel_id: str = Field(max_length=32)
    thread_ts: str = Field(default="", max_length=32)
    message_ts: str = Field(max_length=32)
    looks_like: str = Field(max_length=40)
    line: int
    held_at: datetime = moment(optional=False)
    settled_as: HeldBackAs | None = choice(HeldBackAs)
    settled_at: datetime | None = moment()


class AnswerDisposal(Row, table=True):
    """Answers of audits whose time is over, proposed by one person and let go by another; the trail keeps its marks."""

    __tablename__ = "answer_disposal"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="answers_go_by_two_people"),
    )

    desk_audit_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    reason: str = prose()
    proposed_by: str = Field(max_length=32)
    proposed_at: datetime = moment(optional=False)
    approved_by: str | None = Field(default=None, max_length=32)
    approved_at: datetime | None = moment()
    withdrawn_at: datetime | None = moment()
