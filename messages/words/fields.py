"""The fields of modals. A field's name is its `block_id`; what was entered arrives under the action id `value`."""

from collections.abc import Collection, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    OptionGroup,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from messages.words import limits
from messages.words.blocks import Option
from messages.words.kit import Unsendable, as_plain_text
from messages.words.mrkdwn import clean
from messages.words.wording import Phrase

VALUE = "value"
Choice = tuple[str, str]
"""The value that comes back, and the words the person reads."""


def about(name: str, what: str) -> str:
    """The name of a field that is asked about one thing after another in the same modal.

    Slack keeps what was entered in a block of the same id when a modal gives way to the next (Slack reference:
    "Updating modals"), so each gets an id of its own, and nobody finds the last answer in the next question.
    """
    return f"{name}@{what}"


def name_of(block_id: str) -> str:
    """The field's name, whatever it was asked about."""
    return block_id.partition("@")[0]


def asked_about(blocks: Sequence[Block], what: str) -> list[Block]:
    """These blocks with their fields asked about one thing."""
    for block in blocks:
        if isinstance(block, InputBlock) and block.block_id:
            block.block_id = about(block.block_id, what)
    return list(blocks)


def text(
    name: str, label: Phrase, hint: Phrase | None = None, *, given: str = "", long: bool = True, optional: bool = False
) -> InputBlock:
    """A field for words; `given` stands in it already."""
    element = PlainTextInputElement(
        action_id=VALUE,
        multiline=long,
        max_length=limits.TEXT_INPUT,
        initial_value=limits.shorten(clean(given), limits.TEXT_INPUT) or None,
    )
    return _input(name, label, hint, element, optional=optional)


def one_of(
    name: str, label: Phrase, choices: Sequence[Choice], hint: Phrase | None = None, *, given: str | None = None
) -> InputBlock:
    """A menu of up to 100 choices; `given` is chosen already if it is among them."""
    options = _options(choices[: limits.SELECT_OPTIONS])
    element = StaticSelectElement(action_id=VALUE, options=options, initial_option=_chosen(options, given))
    return _input(name, label, hint, element)


def one_of_groups(
    name: str,
    label: Phrase,
    groups: Sequence[tuple[str, Sequence[Choice]]],
    hint: Phrase | None = None,
    *,
    given: str | None = None,
    optional: bool = False,
) -> InputBlock:
    """A menu of more choices than one list may hold, in groups of up to 100 under a heading each."""
    shown = _shown(groups)
    chosen = _chosen([option for _, options in shown for option in options], given)
    element = StaticSelectElement(action_id=VALUE, option_groups=_under_headings(shown), initial_option=chosen)
    return _input(name, label, hint, element, optional=optional)


def several_of(
    name: str,
    label: Phrase,
    groups: Sequence[tuple[str, Sequence[Choice]]],
    hint: Phrase | None = None,
    *,
    given: Collection[str] = (),
    optional: bool = False,
) -> InputBlock:
    """A menu to choose several from, in groups of up to 100 under a heading each; those in `given` are chosen."""
    shown = _shown(groups)
    chosen = [option for _, options in shown for option in options if option.value in given]
    element = StaticMultiSelectElement(
        action_id=VALUE, option_groups=_under_headings(shown), initial_options=chosen or None
    )
    return _input(name, label, hint, element, optional=optional)


def radio(
    name: str,
    label: Phrase,
    choices: Sequence[Choice],
    hint: Phrase | None = None,
    *,
    given: str | None = None,
    optional: bool = False,
) -> InputBlock:
    """Up to ten choices, all visible, one to be taken."""
    options = _options(choices[: limits.TICK_OPTIONS])
    element = RadioButtonsElement(action_id=VALUE, options=options, initial_option=_chosen(options, given))
    return _input(name, label, hint, element, optional=optional)


def ticks(
    name: str,
    label: Phrase,
    choices: Sequence[Choice],
    hint: Phrase | None = None,
    *,
    given: Collection[str] = (),
    optional: bool = False,
) -> InputBlock:
    """Up to ten boxes to tick; those in `given` are ticked already."""
    options = _options(choices[: limits.TICK_OPTIONS])
    ticked = [option for option in options if option.value in given]
    element = CheckboxesElement(action_id=VALUE, options=options, initial_options=ticked or None)
    return _input(name, label, hint, element, optional=optional)


def day(
    name: str, label: Phrase, hint: Phrase | None = None, *, given: date | None = None, optional: bool = False
) -> InputBlock:
    """A date."""
    element = DatePickerElement(action_id=VALUE, initial_date=None if given is None else given.isoformat())
    return _input(name, label, hint, element, optional=optional)


def person(
    name: str, label: Phrase, hint: Phrase | None = None, *, given: str | None = None, optional: bool = False
) -> InputBlock:
    """One person of the workspace."""
    return _input(name, label, hint, UserSelectElement(action_id=VALUE, initial_user=given), optional=optional)


def people(
    name: str, label: Phrase, hint: Phrase | None = None, *, given: Sequence[str] = (), optional: bool = False
) -> InputBlock:
    """Several people of the workspace."""
    element = UserMultiSelectElement(action_id=VALUE, initial_users=list(given) or None)
    return _input(name, label, hint, element, optional=optional)


def channel(name: str, label: Phrase, hint: Phrase | None = None, *, given: str | None = None) -> InputBlock:
    """A channel of this workspace, not one shared with others."""
    ours = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)
    element = ConversationSelectElement(action_id=VALUE, filter=ours, initial_conversation=given)
    return _input(name, label, hint, element)


def files(
    name: str,
    label: Phrase,
    hint: Phrase | None = None,
    *,
    most: int = limits.FILES_PER_INPUT,
    optional: bool = False,
) -> InputBlock:
    """One to ten files of up to 10 MB each (Slack reference: "File input element")."""
    element = FileInputElement(action_id=VALUE, max_files=most)
    return _input(name, label, hint, element, optional=optional)


def _input(
    name: str, label: Phrase, hint: Phrase | None, element: InputInteractiveElement, *, optional: bool = False
) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=as_plain_text(label, limits.INPUT_LABEL),
        hint=None if hint is None else as_plain_text(hint, limits.INPUT_HINT),
        element=element,
        optional=optional,
    )


def _shown(groups: Sequence[tuple[str, Sequence[Choice]]]) -> list[tuple[str, list[Option]]]:
    parts = [(heading, _options(part)) for heading, choices in groups for part in _parts(choices)]
    return parts[: limits.OPTION_GROUPS]


def _under_headings(shown: Sequence[tuple[str, Sequence[Option]]]) -> list[OptionGroup]:
    return [
        OptionGroup(label=as_plain_text(heading, limits.GROUP_LABEL), options=list(options))
        for heading, options in shown
    ]


def _options(choices: Sequence[Choice]) -> list[Option]:
    if not choices:
        raise Unsendable("a field that lets people choose needs something to choose from")
    return [Option(value=value, text=as_plain_text(words, limits.OPTION_TEXT)) for value, words in choices]


def _chosen(options: Sequence[Option], value: str | None) -> Option | None:
    return next((option for option in options if option.value == value), None)


def _parts(choices: Sequence[Choice]) -> list[Sequence[Choice]]:
    size = limits.SELECT_OPTIONS
    return [choices[start : start + size] for start in range(0, len(choices), size)]
