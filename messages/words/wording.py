"""The wording: Jinja2 templates whose blocks are the pieces of a message.

`words("tasks/nudge", card=card)` gives an object whose attributes are the blocks of
`messages/tasks/templates/nudge.j2`. Each is a `Phrase`, which has two forms, since Slack reads its surfaces in two
ways; the block builders take the form that their surface needs, so nobody has to think of it at the place where the
words are used.
"""

from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from jinja2.runtime import Context

from messages.words.filters import ENGLISH, Filters, Say, in_mrkdwn, in_plain_text
from messages.words.mrkdwn import Mrkdwn, in_a_sentence, one_line, plain
from messages.words.recurrence import Rhythm, in_words
from messages.words.requirements import clauses


class NoSuchWords(AttributeError):
    """The template has no block of that name."""


class NothingToSay(ValueError):
    """A template was asked to write a value that is not there."""


@dataclass(frozen=True)
class Phrase:
    """One block of a template, with whatever else the template says of the same values."""

    words: "Words"
    block: str

    @property
    def mrkdwn(self) -> Mrkdwn:
        """For sections, context and the `text` of a message: people's text is escaped and does nothing."""
        return Mrkdwn(self._rendered(_mrkdwn(self.words.language)))

    @property
    def plain(self) -> str:
        """For `plain_text` objects (buttons, headers, titles, labels): unescaped, as nothing is interpreted there."""
        return plain(self._rendered(_plain_text(self.words.language)))

    def _rendered(self, environment: Environment) -> str:
        context = self.words.in_context(environment)
        return "".join(context.blocks[self.block][0](context)).strip()


class Words:
    """The blocks of one template as attributes, or by name where the name is a value: `words[card.state]`."""

    def __init__(self, template: str, values: dict[str, Any], language: str) -> None:
        self.template = template
        self.language = language
        self._values = values
        self._contexts: dict[Environment, Context] = {}

    def __getattr__(self, block: str) -> Phrase:
        return self[block]

    def __getitem__(self, block: str) -> Phrase:
        found = self.get(block)
        if found is None:
            raise NoSuchWords(f"{self.template}.j2 has no block named {block}")
        return found

    def get(self, block: str) -> Phrase | None:
        """The block of that name, if the template has one."""
        return (
            Phrase(self, block) if block in _mrkdwn(self.language).get_template(f"{self.template}.j2").blocks else None
        )

    def in_context(self, environment: Environment) -> Context:
        """The template with its values, made once for all of its blocks."""
        if environment not in self._contexts:
            template = environment.get_template(f"{self.template}.j2")
            self._contexts[environment] = template.new_context(self._values)
        return self._contexts[environment]


def words(template: str, language: str = ENGLISH, /, **values: Any) -> Words:
    """The wording of one message; `template` is its room and its path below the room's templates, without ending."""
    return Words(template, values, language)


def phrase(name: str, language: str = ENGLISH, /, **values: Any) -> str:
    """One of the phrases that filters write, such as "3 days overdue"."""
    return words("words/phrases", language, **values)[name].plain


def named(key: str, template: str, *, language: str) -> str:
    """What a key is called: the block of that name in a template, or the key itself where there is none."""
    block = words(template, language).get(key)
    return key if block is None else block.plain


def _phrases(language: str) -> Say:
    return lambda name, **values: phrase(name, language, **values)


def _rhythm(rhythm: Rhythm, *, language: str) -> str:
    return in_words(
        rhythm, say=lambda name, **values: words("words/recurrence", language, **values)[name].plain, language=language
    )


@cache
def rooms(language: str = ENGLISH) -> PrefixLoader:
    """Every room's templates, by the room's name: "tasks/nudge.j2" is `messages/tasks/templates/nudge.j2`.

    Another language has the same files in folders of its own: `messages/tasks/templates_de/nudge.j2`.
    """
    folder, templates = files("messages"), "templates" if language == ENGLISH else f"templates_{language}"
    named = sorted(each.name for each in folder.iterdir() if each.joinpath(templates).is_dir())
    return PrefixLoader({each: PackageLoader("messages", f"{each}/{templates}") for each in named})


@cache
def _mrkdwn(language: str) -> Environment:
    return _environment(language, in_mrkdwn(language, _phrases(language)), _value_in_mrkdwn)


@cache
def _plain_text(language: str) -> Environment:
    return _environment(language, in_plain_text(language, _phrases(language)), _value_in_plain_text)


def _environment(language: str, filters: Filters, finalize: Any) -> Environment:
    environment = Environment(
        loader=rooms(language),
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=False,  # noqa: S701 - HTML escapes are wrong in Slack; `finalize` escapes the way Slack reads
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else the file is looked at on the disk for every phrase
    )
    of_language = {"named": partial(named, language=language), "rhythm": partial(_rhythm, language=language)}
    environment.filters.update(filters, clauses=clauses, **of_language)
    return environment


def _value_in_mrkdwn(value: object) -> str:
    return value if isinstance(value, Mrkdwn) else in_a_sentence(_text(value))


def _value_in_plain_text(value: object) -> str:
    return one_line(_text(value))


def _text(value: object) -> str:
    if value is None:
        raise NothingToSay("a template writes a value that is None; let it ask first whether there is one")
    return str(value)
