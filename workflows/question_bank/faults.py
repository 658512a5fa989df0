"""What can be wrong with questions that somebody has written, and where. The words are in `fault.j2`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.question_bank.marked import Path


class Why(StrEnum):
    """What is wrong; some have values in their words, such as the most that fits."""

    ALIAS = "alias"
    ASKS_FOR_PEOPLE = "asks_for_people"
    CYCLE = "cycle"
    DOUBLED_ID = "doubled_id"
    EMPTY = "empty"
    ID_WANTED = "id_wanted"
    MISSING = "missing"
    NESTED = "nested"
    NOT_A_LIST = "not_a_list"
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_TEXT = "not_a_text"
    NOT_ONE_CONDITION = "not_one_condition"
    NOT_OF_KIND = "not_of_kind"
    NOT_THIS_KIND = "not_this_kind"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_YAML = "not_yaml"
    NO_AGE = "no_age"
    NO_QUESTIONS = "no_questions"
    NO_ROWS_IN_TEXT = "no_rows_in_text"
    ONE_OF = "one_of"
    OUT_OF_RANGE = "out_of_range"
    TEXT_OR_ASK = "text_or_ask"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TOO_MANY_MINUTES = "too_many_minutes"
    UNKNOWN_ANSWER = "unknown_answer"
    UNKNOWN_AUDIENCE = "unknown_audience"
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_EDITION = "unknown_edition"
    UNKNOWN_EVIDENCE = "unknown_evidence"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_REQUIREMENT = "unknown_requirement"
    UNKNOWN_WORD = "unknown_word"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: at which value, and what its words need to know."""

    at: Path
    why: Why
    about: Mapping[str, object] = field(default_factory=dict)
