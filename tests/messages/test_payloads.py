"""Payloads: what comes back is what was sent, or it is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.corrective_actions.payloads import ActionRef
from messages.desk_audits.payloads import AnswerRef
from messages.evidence.payloads import EvidenceRef, OfferedMessageRef
from messages.interviews.payloads import InterviewRef, QuestionRef
from messages.nonconformities.payloads import NonconformityRef
from messages.responses.payloads import TapRef, TurnRef
from messages.tasks.payloads import TaskRef
from messages.words.payloads import Nothing, Payload, UnreadablePayload, decode, encode

NUMBER = st.integers(-(2**63), 2**63)
ANY_PAYLOAD = st.one_of(
    st.builds(Nothing),
    st.builds(TaskRef, NUMBER, NUMBER),
    st.builds(EvidenceRef, NUMBER, NUMBER),
    st.builds(InterviewRef, NUMBER),
    st.builds(OfferedMessageRef, NUMBER),
    st.builds(QuestionRef, NUMBER, st.text(max_size=40)),
    st.builds(AnswerRef, NUMBER, NUMBER),
    st.builds(NonconformityRef, NUMBER, NUMBER),
    st.builds(TurnRef, NUMBER, NUMBER),
    st.builds(ActionRef, NUMBER, NUMBER),
    st.builds(TapRef, NUMBER, NUMBER, st.text(max_size=40)),
)


@given(ANY_PAYLOAD)
def test_a_payload_survives_the_way_to_slack_and_back(payload: Payload) -> None:
    text = encode(payload)
    assert decode(type(payload), text) == payload
    assert json.loads(text)["v"] == 1
    assert len(text) <= 2000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "null",
        "[]",
        "{",
        "[" * 1999,
        '{"task":7,"version":2}',
        '{"v":2,"task":7,"version":2}',
        '{"v":"1","task":7,"version":2}',
        '{"v":1,"task":7}',
        '{"v":1,"task":7,"version":2,"more":1}',
        '{"v":1,"task":"7","version":2}',
        '{"v":1,"task":true,"version":2}',
        '{"v":1,"task":7.0,"version":2}',
        '{"v":1,"nonconformity":7,"version":2}',
    ],
)
def test_anything_else_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadablePayload):
        decode(TaskRef, text)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        decode(QuestionRef, text)
    except UnreadablePayload:
        return
    pytest.fail("random text was read as a payload")


def test_a_payload_that_slack_would_refuse_is_never_written() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(QuestionRef(1, "q" * 2000))
