"""Evidence room: the administrator's file of probes, read whole or not at all. Every fault names its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import jmespath
import yaml
from jmespath.exceptions import JMESPathError

from workflows.dates import recurrence
from workflows.machines.probes import FROM, Probe
from workflows.refusals import Refusal

WANTED = ("name", "url", "obligation", "expects")
MAY_STAND = ("rule", "starts_on", "headers")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
SECRET = re.compile(r"((?:[A-Za-z]+ )?)env:([A-Za-z_][A-Za-z0-9_]*)")
OURS = ("host", "content-length", "connection", "transfer-encoding", "accept-encoding")
"""Headers that belong to how a request is made."""

OPEN = ("accept", "accept-language")
"""Headers that may stand in the file as they are; every other value comes from the environment."""


class ProbesWrong(Exception):
    """A file of probes that will not do. One sentence for every fault, none with a secret."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


def read(text: str, environment: Mapping[str, str]) -> tuple[Probe, ...]:
    """The probes of a file. Raises `ProbesWrong`."""
    found = [_Entry(node, environment) for node in _nodes(text)]
    faults = [fault for each in found for fault in each.faults()]
    names = [each.values.get("name") for each in found]
    faults += [
        f"Line {each.line}: there is already a probe called {each.values['name']}."
        for number, each in enumerate(found)
        if "name" in each.values and each.values["name"] in names[:number]
    ]
    if faults:
        raise ProbesWrong(faults)
    return tuple(each.probe() for each in found)


def _nodes(text: str) -> list[yaml.Node]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ProbesWrong([f"This is not YAML: {' '.join(str(error).split())}."]) from error
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    if [key.value for key, _ in pairs] != ["probes"] or not isinstance(pairs[0][1], yaml.SequenceNode):
        raise ProbesWrong(["Line 1: only a list named probes is allowed."])
    return list(pairs[0][1].value)


class _Entry:
    """One probe as it stands in the file."""

    def __init__(self, node: yaml.Node, environment: Mapping[str, str]) -> None:
        self.line = node.start_mark.line + 1
        self._environment = environment
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        self.lines = {str(key.value): value.start_mark.line + 1 for key, value in pairs}
        self.values = {str(key.value): _plain(value) for key, value in pairs}

    def faults(self) -> Iterator[str]:
        """A sentence for everything that will not do."""
        wrong = [each for each in WANTED if each not in self.values]
        wrong += [each for each in self.values if each not in (*WANTED, *MAY_STAND)]
        if wrong:
            wanted, may = ", ".join(WANTED), ", ".join(MAY_STAND)
            yield f"Line {self.line}: a probe has {wanted}, and may have {may}; look at {', '.join(wrong)}."
            return
        for name, check in CHECKS.items():
            if name in self.values and (why := check(self.values[name])):
                yield f"Line {self.lines[name]}: {name} {why}."
        yield from self._faults_of_headers()

    def _faults_of_headers(self) -> Iterator[str]:
        headers = self.values.get("headers", {})
        line = self.lines.get("headers", self.line)
        if not isinstance(headers, dict):
            yield f"Line {line}: headers is a list of names and values."
            return
        for name, value in headers.items():
            secret = SECRET.fullmatch(str(value))
            if not HEADER.fullmatch(str(name)) or str(name).lower() in OURS:
                yield f"Line {line}: {name} is a header that can't be set."
            elif secret is None and str(name).lower() not in OPEN:
                yield f"Line {line}: {name} comes from the environment; write env:NAME, or a word before it."
            elif secret and not self._environment.get(secret[2]):
                yield f"Line {line}: {name} names the variable {secret[2]}, which is not set."

    def probe(self) -> Probe:
        """The probe; only of an entry without faults."""
        values = self.values
        headers = {name: self._sent(str(value)) for name, value in values.get("headers", {}).items()}
        return Probe(
            name=values["name"],
            url=values["url"],
            obligation=values["obligation"],
            expects=tuple(values["expects"]),
            rule=values.get("rule", "FREQ=DAILY"),
            starts_on=values.get("starts_on", FROM),
            headers=tuple(headers.items()),
            secrets=tuple(
                self._environment[secret[2]]
                for value in values.get("headers", {}).values()
                if (secret := SECRET.fullmatch(str(value)))
            ),
        )

    def _sent(self, value: str) -> str:
        secret = SECRET.fullmatch(value)
        return secret[1] + self._environment[secret[2]] if secret else value


def _plain(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return None


def _fault_of_name(value: Any) -> str:
    return "" if isinstance(value, str) and NAME.fullmatch(value) else "is up to 40 small letters, digits and hyphens"


def _fault_of_url(value: Any) -> str:
    good = isinstance(value, str) and value.startswith(("https://", "http://")) and "@" not in value
    return "" if good else "is an address with https://, without a password"


def _fault_of_obligation(value: Any) -> str:
    return "" if isinstance(value, str) and 0 < len(value) <= 80 else "is the key of an obligation"


def _fault_of_expects(value: Any) -> str:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        return "is a list of JMESPath expressions, each of which must be true of the answer"
    return next((why for each in value if (why := _fault_of_expression(each))), "")


def _fault_of_expression(expression: str) -> str:
    try:
        jmespath.compile(expression)
    except JMESPathError:
        return f"contains something that isn't a JMESPath expression: {expression}"
    return ""


def _fault_of_rule(value: Any) -> str:
    try:
        recurrence.understood(str(value))
    except Refusal:
        return "is not a recurrence rule such as FREQ=WEEKLY;BYDAY=MO"
    return ""


def _fault_of_day(value: Any) -> str:
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return "" if is_day else "is a day such as 2026-01-05"


CHECKS = {
    "name": _fault_of_name,
    "url": _fault_of_url,
    "obligation": _fault_of_obligation,
    "expects": _fault_of_expects,
    "rule": _fault_of_rule,
    "starts_on": _fault_of_day,
}
