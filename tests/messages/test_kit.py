"""Surfaces: what Slack would refuse is not built, and long lists say what they leave off."""

from datetime import date

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, ButtonElement

from messages.tasks.payloads import TaskRef
from messages.words import fields, kit, limits
from messages.words.kit import Unsendable
from messages.words.payloads import Nothing, decode
from messages.words.wording import Phrase, words


def phrase(text: str) -> Phrase:
    """A phrase of any length: a title as a modal says it."""
    return words("interviews/invitation", card={"audit_title": text}).title


def sections(count: int, text: str = "text") -> list[Block]:
    return [kit.section(phrase(text)) for _ in range(count)]


@pytest.mark.parametrize("count", [0, 51])
def test_a_message_has_between_one_and_fifty_blocks(count: int) -> None:
    with pytest.raises(Unsendable, match=str(count)):
        kit.message(phrase("hello"), sections(count))


@pytest.mark.parametrize("count", [0, 101])
def test_a_home_has_between_one_and_a_hundred_blocks(count: int) -> None:
    with pytest.raises(Unsendable, match=str(count)):
        kit.home(sections(count))


def test_a_message_that_is_too_long_altogether_is_not_built() -> None:
    with pytest.raises(Unsendable, match="together"):
        kit.message(phrase("hello"), sections(50, "x" * 300))


def test_two_fields_of_one_name_are_not_built() -> None:
    twice = [fields.text("note", phrase("Note")), fields.text("note", phrase("Note"))]
    with pytest.raises(Unsendable, match="one name"):
        kit.modal("form", phrase("Title"), twice, submit=phrase("Save"))


def test_a_modal_with_fields_needs_a_button_to_submit_them() -> None:
    with pytest.raises(Unsendable, match="submits"):
        kit.modal("form", phrase("Title"), [fields.text("note", phrase("Note"))])


def test_the_sdk_still_checks_what_is_built() -> None:
    too_long = ButtonElement(text="Done", action_id="x" * 256)
    with pytest.raises(SlackObjectFormationError):
        too_long.to_dict()


def test_a_menu_without_choices_is_not_built() -> None:
    with pytest.raises(Unsendable, match="choose"):
        fields.one_of("requirement", phrase("Which?"), [])


def test_a_modal_closes_with_cancel_only_where_something_is_lost() -> None:
    telling = kit.modal("notice", phrase("Title"), sections(1)).to_dict()
    asking = kit.modal("form", phrase("Title"), sections(1), submit=phrase("Save"), payload=TaskRef(7, 2)).to_dict()
    assert telling["close"]["text"] == "Close"
    assert "submit" not in telling
    assert asking["close"]["text"] == "Cancel"
    assert decode(TaskRef, asking["private_metadata"]) == TaskRef(7, 2)


def test_empty_words_are_never_sent() -> None:
    built = kit.message(phrase(""), [kit.header(phrase("\x00")), kit.section(phrase(""))])
    assert built.text == "…"
    assert [block["text"]["text"] for block in built.blocks] == ["…", "…"]


def test_metadata_is_sent_only_where_there_is_some() -> None:
    built = kit.message(phrase("hello"), sections(1))
    slot = {"event_type": "nudge", "event_payload": {"slot": "a"}}
    assert "metadata" not in built.to_dict()
    assert kit.Message(built.text, built.blocks, slot).to_dict()["metadata"] == slot


@pytest.mark.parametrize(
    ("count", "blocks", "characters", "shown", "left_off"),
    [(3, 10, 9_000, 3, 0), (8, 10, 9_000, 5, 3), (8, 40, 800, 2, 6), (0, 10, 9_000, 0, 0)],
)
def test_whole_groups_are_shown_while_there_is_room(
    count: int, blocks: int, characters: int, shown: int, left_off: int
) -> None:
    built = kit.fitting([sections(2, "x" * 80) for _ in range(count)], count, blocks=blocks, characters=characters)
    assert len(built) == 2 * shown + (1 if left_off else 0)
    if left_off:
        assert built[-1].to_dict()["elements"][0]["text"] == f"…and {left_off} more"


def test_what_was_never_passed_is_counted_too() -> None:
    assert kit.fitting([sections(1)], 40)[-1].to_dict()["elements"][0]["text"] == "…and 39 more"


def test_more_than_a_hundred_choices_are_parted_into_groups() -> None:
    choices = [(str(each), f"Requirement {each}") for each in range(123)]
    element = fields.one_of_groups("requirement", phrase("Which?"), [("27001", choices)], given="110").to_dict()[
        "element"
    ]
    assert [len(group["options"]) for group in element["option_groups"]] == [100, 23]
    assert element["initial_option"]["value"] == "110"


def test_a_choice_that_is_not_offered_is_not_preset() -> None:
    element = fields.one_of("set", phrase("Which?"), [("a", "A")], given="b").to_dict()["element"]
    assert "initial_option" not in element


def test_what_a_field_holds_already_stays_as_it_was_typed() -> None:
    typed = "*as* <@typed>\n:tada:"
    element = fields.text("note", phrase("Note"), given=typed).to_dict()["element"]
    assert element["initial_value"] == typed


def test_a_day_can_be_given() -> None:
    assert fields.day("on", phrase("On"), given=date(2026, 3, 3)).to_dict()["element"]["initial_date"] == "2026-03-03"


def test_text_is_read_for_our_marks_only() -> None:
    assert kit.section(phrase("#general")).to_dict()["text"]["verbatim"] is True
    assert kit.header(phrase(":tada:")).to_dict()["text"]["emoji"] is False


def test_no_row_of_buttons_where_there_are_none() -> None:
    assert kit.actions([]) == []
    assert len(kit.actions([kit.button(phrase("Go"), "go", Nothing())])) == 1


def test_the_weight_of_blocks_is_at_least_their_json_without_escapes() -> None:
    built = kit.message(phrase("hello"), sections(3, 'quote " and \\ and 😀'))
    assert kit.weight(list(built.blocks)) >= 3 * limits.length('quote " and \\ and 😀')
