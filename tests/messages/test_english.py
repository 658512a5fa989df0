"""What people read is plain, native English: no turn of phrase from the list below, no stored key, no loose end."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

import bot
import messages
import workflows
from messages.words.refusals import standing
from messages.words.wording import words
from storage.desk_audits.tables import InterviewState
from storage.evidence.tables import Verdict, WayIn
from storage.importing.tables import ImportState
from storage.nonconformities.tables import NonconformityState
from storage.packs.tables import PackState, RequestState
from storage.people.tables import Role
from storage.tasks.tables import TaskState
from tests.messages.readable import readable
from tests.messages.samples import every_sample
from workflows.frameworks import rules as framework_rules
from workflows.people.permissions import Permission
from workflows.refusals import Tried, WhoMay

ROOT = Path(messages.__file__).parent
TEMPLATES = sorted(ROOT.rglob("*.j2"))
DATA = sorted((Path(workflows.__file__).parent / "catalogues").glob("*.yaml"))
STORIES = sorted((Path(bot.__file__).parent / "stories").glob("*.yaml"))
SAMPLES = every_sample()

FOREIGN = re.compile(
    r"""\b(
    by\ now | anew | once\ more | in\ good\ time | as\ a\ whole\ or | (read|name|show)\ (it|them|one)\ whole
    | (?<!who\ )is\ told | are\ told\ so | stands\ (here|there|in|on|with|beside|below) | it\ lies\ in
    | (what|that|which|nothing|who)\ waits | waits?\ for\ (everybody|everyone|you|your) | things?\ waits?
    | serves\ also | page\ before
    | wanted\ here | whom\ do | shall | need\ not | comes?\ round | given\ by | its\ giver
    | put\ off | bring\ (own|a\ list|it) | of\ (it|them)\ is\ told | (some|any|every)body
    | is\ no\ (date|day|column|requirement|defeat) | the\ newest\ first | the\ latest\ first
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
LOOSE_END = re.compile(r"(^|\s)…\s*$|·\s*$|^\s*·", re.MULTILINE)


def said_in(template: Path) -> str:
    """The words of a template, without its comment and what is computed; strings inside of that are words too."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_a_foreign_turn_of_phrase(template: Path) -> None:
    assert [found.group() for found in FOREIGN.finditer(said_in(template))] == []


@pytest.mark.parametrize("data", [*DATA, *STORIES], ids=lambda path: path.name)
def test_no_catalogue_or_story_has_one(data: Path) -> None:
    lines = (line for line in data.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#"))
    assert [line for line in lines if FOREIGN.search(line)] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_message_has_one_or_a_loose_end(name: str) -> None:
    said = readable(SAMPLES[name](str))
    assert [found.group() for found in FOREIGN.finditer(said)] == []
    assert [found.group() for found in LOOSE_END.finditer(said)] == []


@pytest.mark.parametrize("name", [each for each in SAMPLES if each.startswith("work list")])
def test_a_list_of_tasks_names_no_edition_by_its_key(name: str) -> None:
    assert [key for key in framework_rules.EDITIONS if key in readable(SAMPLES[name](str))] == []


IN_A_PACK: dict[str, type[StrEnum]] = {
    "task": TaskState,
    "nonconformity": NonconformityState,
    "interview": InterviewState,
    "request": RequestState,
    "verdict": Verdict,
    "way_in": WayIn,
}
IN_A_REFUSAL: dict[str, type[StrEnum]] = {
    "": TaskState,
    "request_": RequestState,
    "import_": ImportState,
    "pack_": PackState,
}


def states(kinds: dict[str, type[StrEnum]]) -> list[tuple[str, str]]:
    return [(kind, state.value) for kind, all_of_them in kinds.items() for state in all_of_them]


@pytest.mark.parametrize(("of", "value"), states(IN_A_PACK))
def test_every_state_has_words_in_the_index_of_a_pack(of: str, value: str) -> None:
    assert "_" not in words("packs/in_words", of=of, value=value).words.plain


@pytest.mark.parametrize(("kind", "state"), [*states(IN_A_REFUSAL), *states({"": InterviewState})])
def test_every_state_has_words_in_a_refusal(kind: str, state: str) -> None:
    assert standing("it", kind + state).startswith(("it is ", "it has ", "it was ", "it could "))


@pytest.mark.parametrize("tried", [*Permission, *Tried])
def test_whatever_can_be_tried_has_words_in_a_refusal(tried: StrEnum) -> None:
    assert "_" not in words("words/refusals/deed", tried=tried).words.plain


@pytest.mark.parametrize("who_may", [*WhoMay, *((role,) for role in Role), tuple(Role)])
def test_whoever_may_instead_has_words_in_a_refusal(who_may: WhoMay | tuple[Role, ...]) -> None:
    said = words("words/refusals/who_may", who_may=who_may, person="U0JONAS").words.mrkdwn
    assert said
    assert "_" not in said


@pytest.mark.parametrize("state", NonconformityState)
def test_every_state_of_a_nonconformity_has_words_in_a_refusal(state: NonconformityState) -> None:
    assert standing("NC-1", state.value).startswith(("NC-1 is ", "NC-1 has "))
