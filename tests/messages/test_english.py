"""What people read is plain, native English: no turn of phrase from the list below, no stored key, no loose end."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

import bot
import messages
import workflows
from messages.nudges.ledger import reason_in_words
from messages.words.wording import words
from storage.evidence.tables import Verdict, WayIn
from storage.importing.tables import ImportState
from storage.interviews.tables import InterviewState
from storage.nonconformities.tables import NonconformityState
from storage.packs.tables import PackState, RequestState
from storage.people.tables import Role
from storage.tasks.tables import TaskState
from tests.messages.readable import readable
from tests.messages.samples import every_sample
from workflows.frameworks import rules as framework_rules
from workflows.nudges.reasons import Lost, Moved, Reason, lost, moved_on
from workflows.people.permissions import Permission
from workflows.refusals import RowFault, RowWhy, Thing, Tried, WhoMay
from workflows.wishes import Wish

ROOT = Path(messages.__file__).parent
TEMPLATES = sorted(ROOT.rglob("*.j2"))
DATA = sorted((Path(workflows.__file__).parent / "catalogues").glob("*.yaml"))
STORIES = sorted((Path(bot.__file__).parent / "stories").glob("*.yaml"))
DOCS = ROOT.parent / "docs"
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
FOREIGN_IN_A_GUIDE = re.compile(
    r"""\b(
    (some|any|every)body | (made|signed|done|begun|begin)\ anew | is\ begun | shall | need\ not | once\ more
    | told\ (of|so) | hears?\ (of|so) | laid\ before | lies\ in | in\ other\ hands | gets\ at | has\ to\ bear
    | puts?\ up\ with | stands?\ (here|there|below|beside|against|in\ (the|it|`|\[)) | what\ there\ is\ to
    | hold(s|ing)?\ against
    | what\ is\ looked\ after | is\ mended | (port|digest|store)\ (wants|knows)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""The same for guides, which are longer, and have other habits than messages."""

GUIDES = [
    *(DOCS / f"{each}.md" for each in ("administrator", "auditor", "employee", "lead", "security", "states")),
    *(DOCS.parent / each for each in ("README.md", "SECURITY.md")),
]
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


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_no_guide_for_people_who_use_it_has_one(guide: Path) -> None:
    text = re.sub(r"\s+", " ", guide.read_text(encoding="utf-8"))
    assert [found.group() for found in FOREIGN_IN_A_GUIDE.finditer(text)] == []


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
    said = reason_in_words(moved_on(Moved.TASK, kind + state))
    assert said.startswith(("the task is ", "the task has ", "the task was ", "the task could "))


@pytest.mark.parametrize("tried", [*Permission, *Tried])
def test_whatever_can_be_tried_has_words_in_a_refusal(tried: StrEnum) -> None:
    assert "_" not in words("words/refusals/deed", tried=tried).words.plain


@pytest.mark.parametrize("who_may", [*WhoMay, *((role,) for role in Role), tuple(Role)])
def test_whoever_may_instead_has_words_in_a_refusal(who_may: WhoMay | tuple[Role, ...]) -> None:
    said = words("words/refusals/who_may", who_may=who_may, person="U0JONAS").words.mrkdwn
    assert said
    assert "_" not in said


@pytest.mark.parametrize("what", Thing)
def test_whatever_a_refusal_is_about_has_words(what: Thing) -> None:
    said = words("words/refusals/thing", what=what, called="NC-1").words.plain
    assert said
    assert "_" not in said


VALUES_OF_ROWS = {
    **dict.fromkeys(("column", "number", "row", "typed"), "2"),
    "known": ["yearly"],
    "names": ["2"],
    "most": 4_000,
}


@pytest.mark.parametrize("why", RowWhy)
def test_whatever_is_wrong_with_a_row_has_words(why: RowWhy) -> None:
    said = words("words/refusals/row_fault", fault=RowFault(why, VALUES_OF_ROWS)).words.plain
    assert said
    assert "_" not in said


VALUES_OF_WISHES: dict[str, object] = {
    **dict.fromkeys(("days", "first", "handle", "least", "typed"), "2"),
    "known": [],
    "most": 4_000,
    "latest": date(2026, 3, 2),
}


@pytest.mark.parametrize("wish", Wish)
def test_whatever_belongs_into_a_field_has_words(wish: Wish) -> None:
    said = words("words/refusals/wish", wish=wish, about=VALUES_OF_WISHES).words.plain
    assert said
    assert "_" not in said


@pytest.mark.parametrize("state", NonconformityState)
def test_every_state_of_a_nonconformity_has_words_in_a_refusal(state: NonconformityState) -> None:
    said = reason_in_words(moved_on(Moved.NONCONFORMITY, state.value))
    assert said.startswith(("the nonconformity is ", "the nonconformity has "))


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (Reason.ACCOUNT_CLOSED, "the account was closed"),
        (lost(Lost.GIVEN_UP, "timed_out: 30 s"), "given up after a day: timed_out: 30 s"),
        (
            lost(Lost.NOT_DELIVERED, lost(Lost.GIVEN_UP, Reason.SLACK_AWAY)),
            "it couldn't be delivered: given up after a day: Slack couldn't be reached",
        ),
        ("given_up.34:timed_out", "given up after a day: timed_out"),
        ("the task has already been accepted", "the task has already been accepted"),
        ("SlackError: no room composes it", "SlackError: no room composes it"),
        ("", ""),
    ],
)
def test_a_reason_in_the_ledger_has_words_and_an_old_one_keeps_its_own(kept: str, said: str) -> None:
    assert reason_in_words(kept) == said
