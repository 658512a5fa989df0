"""The door: each step from Slack's payload to Slack's answer, through the real Bolt app and the real database."""

import json
import logging
from typing import Any

import pytest
import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.http.server import Meters
from bot.services import Services
from bot.slack.calls import Clear, Closed, Command, Event, Form, Next, Open, Press, Reply, Shortcut, Tell
from bot.slack.errors import ChannelGone, SlackAway, SlackError, TriggerExpired
from bot.slack.router import Router
from bot.slack.routes import closed, event, form, index, press, retired, shortcut, verb
from messages.tasks.payloads import TaskRef
from messages.words.payloads import Nothing
from storage.engine.errors import VersionConflict
from storage.people.tables import Person
from storage.record.outbox import OutboxRow
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, Deliver, bolt
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, said, window
from workflows.deed import Deed
from workflows.evidence.refusals import OwnEvidence
from workflows.refusals import InputWanted
from workflows.wishes import Wish

pytestmark = ON_SQLITE
TASK = TaskRef(7, 1)


def answer(response: BoltResponse) -> Any:
    assert response.status == 200
    return json.loads(response.body) if response.body else None


def note(deed: Deed, *, title: str) -> Person:
    """A command: writes a row and plans a message."""
    person = deed.uow.first(Person, Person.slack_id == deed.by)  # type: ignore[arg-type]
    assert person is not None
    deed.message(["U0MIRA"], ("note", 1), "note", what=(title,), at_once=True)
    return deed.uow.change(person, title=title)


def title_of(services: Services, person_id: str = "U0MIRA") -> str:
    with services.database.unit_of_work(WORKSPACE) as uow:
        person = uow.first(Person, Person.slack_id == person_id)  # type: ignore[arg-type]
        assert person is not None
        return person.title


def planned(services: Services) -> int:
    with services.database.unit_of_work(WORKSPACE) as uow:
        return uow.count(OutboxRow)


async def noted(call: Press[TaskRef]) -> Reply:
    await call.act(note, title=f"task {call.payload.task}")
    return None


def replies(reply: Reply) -> Any:
    async def handler(_call: Any) -> Reply:
        return reply

    return handler


def raises(error: Exception) -> Any:
    async def handler(_call: Any) -> Reply:
        raise error

    return handler


async def test_a_press_is_committed_before_it_is_acknowledged(deliver: Deliver, services: Services) -> None:
    response = await deliver([press("task.done", TaskRef, noted)], kit.button("task.done", TASK))
    assert answer(response) is None
    assert title_of(services) == "task 7"
    assert planned(services) == 1


async def test_a_failed_commit_is_not_acknowledged_as_done(deliver: Deliver, services: Services) -> None:
    async def noted_wrongly(call: Press[TaskRef]) -> Reply:
        def command(deed: Deed) -> None:
            note(deed, title="half done")
            raise VersionConflict(deed.uow.all(Person)[0])

        await call.act(command)
        return None

    await deliver([press("task.done", TaskRef, noted_wrongly)], kit.button("task.done", TASK))
    assert title_of(services) == ""
    assert planned(services) == 0


async def test_what_slack_delivers_twice_is_done_once(deliver: Deliver, services: Services) -> None:
    done: list[str] = []

    async def counted(call: Press[TaskRef]) -> Reply:
        await call.act(note, title="once")
        done.append(call.key)
        return Tell(said("done"))

    routes = [press("task.done", TaskRef, counted)]
    for _ in range(2):
        assert answer(await deliver(routes, kit.button("task.done", TASK, trigger="9.9.same"))) is None
    assert done == ["press:9.9.same"]
    assert planned(services) == 1


async def test_a_refused_form_may_be_sent_again(deliver: Deliver, services: Services) -> None:
    async def strict(call: Form[TaskRef]) -> Reply:
        def command(deed: Deed) -> None:
            if not call.text("reason"):
                raise InputWanted("reason", Wish.SAY_WHAT_IS_MISSING)
            note(deed, title=call.text("reason"))

        await call.act(command)
        return None

    routes = [form("return", TaskRef, strict)]
    await deliver(routes, kit.submission("return", TASK, {}, trigger="5.5.same"))
    values = {"reason": {"value": {"type": "plain_text_input", "value": " blurred "}}}
    await deliver(routes, kit.submission("return", TASK, values, trigger="5.5.same"))
    assert title_of(services) == "blurred"


async def test_a_press_by_somebody_deactivated_is_refused(
    deliver: Deliver, services: Services, gateway: FakeGateway
) -> None:
    body = kit.button("task.done", TASK, person="U0OTTO")
    assert answer(await deliver([press("task.done", TaskRef, noted)], body)) is None
    assert planned(services) == 0
    assert len(gateway.named("respond")) == 1


@pytest.mark.parametrize("value", ["", "not json", '{"v":99,"task":7,"version":1}', '{"v":1,"task":"7"}'])
async def test_an_unreadable_button_gets_a_polite_sentence(deliver: Deliver, gateway: FakeGateway, value: str) -> None:
    await deliver([press("task.done", TaskRef, noted)], kit.button("task.done", value))
    [(url, text)] = gateway.named("respond")
    assert url == kit.RESPONSE_URL
    assert "couldn't tell" in text


async def test_an_unknown_button_gets_a_polite_sentence(deliver: Deliver, gateway: FakeGateway) -> None:
    await deliver([], kit.button("task.forgotten", TASK))
    [(_, text)] = gateway.named("respond")
    assert "no longer does anything" in text


async def test_a_retired_button_says_what_took_its_place(deliver: Deliver, gateway: FakeGateway) -> None:
    await deliver([retired("task.finish", "setup_has_steps")], kit.button("task.finish", TASK))
    assert gateway.named("respond") == [
        (kit.RESPONSE_URL, "The setup now has several steps. Please type `/iso start`.")
    ]


async def test_a_refusal_in_a_message_is_told_to_that_person_alone(deliver: Deliver, gateway: FakeGateway) -> None:
    routes = [press("task.accept", TaskRef, raises(OwnEvidence(title="Review who has access")))]
    assert answer(await deliver(routes, kit.button("task.accept", TASK))) is None
    [(_, text)] = gateway.named("respond")
    assert text


class AtAField(OwnEvidence):
    """A refusal that points at a field."""

    name = "own_evidence"
    field = "reason"


async def test_a_refusal_beside_a_field(deliver: Deliver) -> None:
    routes = [form("return", TaskRef, raises(AtAField(title="Review who has access")))]
    said_back = answer(await deliver(routes, kit.submission("return", TASK, {})))
    assert said_back["response_action"] == "errors"
    assert list(said_back["errors"]) == ["reason"]
    assert said_back["errors"]["reason"]


@pytest.mark.parametrize(
    ("stack", "action"),
    [
        ({}, "push"),
        ({"previous_view_id": "V0", "root_view_id": "V0"}, "push"),
        ({"previous_view_id": "V2", "root_view_id": "V0"}, "update"),
    ],
)
async def test_a_refusal_of_a_whole_form_lies_on_top_of_it_while_there_is_room(
    deliver: Deliver, stack: dict[str, str], action: str
) -> None:
    routes = [form("return", TaskRef, raises(OwnEvidence(title="Review who has access")))]
    said_back = answer(await deliver(routes, kit.submission("return", TASK, {}, **stack)))
    assert said_back["response_action"] == action
    assert said_back["view"]["type"] == "modal"


async def test_an_unexpected_error_shows_the_reference_that_is_in_the_log(deliver: Deliver) -> None:
    routes = [verb("tasks", handler=raises(ZeroDivisionError("secret detail")))]
    with structlog.testing.capture_logs() as logged:
        text = answer(await deliver(routes, kit.slash("tasks")))["blocks"][-1]["elements"][0]["text"]
    [reference] = [line["reference"] for line in logged if line["log_level"] == "error"]
    assert len(reference) == 8
    assert text.endswith(reference)
    assert "secret detail" not in text


async def test_what_fails_again_and_again_is_logged_once_a_minute(services: Services, meters: Meters) -> None:
    slack = bolt(Router(services, index([verb("tasks", handler=raises(ZeroDivisionError()))]), meters))
    with structlog.testing.capture_logs() as logged:
        for number in range(3):
            await slack.async_dispatch(
                AsyncBoltRequest(mode="socket_mode", body=kit.slash("tasks", trigger=str(number)))
            )
        await services.background.finish(seconds=5)
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["unexpected error"]


async def test_an_event_that_fails_is_delivered_again_until_the_last_time(deliver: Deliver, services: Services) -> None:
    routes = [event("message.im", raises(ZeroDivisionError()))]
    body = kit.happening(
        {"type": "message", "channel_type": "im", "channel": "D1", "user": "U0MIRA", "ts": "1.2", "text": "hi"}
    )
    assert (await deliver(routes, body)).status == 500
    assert (await deliver(routes, body, retry=1)).status == 500
    assert await answers(services) == []
    for _ in range(2):
        assert (await deliver(routes, body, retry=3)).status == 200
    [answered] = await answers(services)
    assert (answered.recipient, answered.values["thread_ts"]) == ("D1", "")


async def answers(services: Services) -> list[OutboxRow]:
    return await services.database.read(kit.WORKSPACE, lambda uow: uow.matching(OutboxRow, kind="answer"))


@pytest.mark.parametrize("fault", [SlackAway("HTTP 503"), ChannelGone("is_archived"), SlackError("something new")])
async def test_what_slack_did_is_not_counted_as_a_fault_of_ours(
    deliver: Deliver, meters: Meters, homes: list[str], fault: SlackError
) -> None:
    routes = [form("f", Nothing, raises(fault))]
    with structlog.testing.capture_logs() as logged:
        said_back = answer(await deliver(routes, kit.submission("f", Nothing(), {})))
    assert counted(meters, "form") == {"slack": 1.0}
    [line] = logged
    assert (line["log_level"], line["error"]) == ("warning", str(fault))
    assert line["reference"] in json.dumps(said_back["view"])
    assert homes == []


async def test_an_event_that_fails_by_slacks_fault_is_delivered_again(deliver: Deliver, meters: Meters) -> None:
    body = kit.happening({"type": "app_home_opened", "user": "U0MIRA"})
    with structlog.testing.capture_logs() as logged:
        response = await deliver([event("app_home_opened", raises(SlackAway()))], body)
    assert (response.status, response.body) == (500, logged[0]["reference"])
    assert counted(meters, "event") == {"slack": 1.0}


def counted(meters: Meters, kind: str) -> dict[str, float]:
    """How many interactions of a kind had which outcome."""
    samples = [each for metric in meters.registry.collect() for each in metric.samples]
    of_kind = [each for each in samples if each.name == "deskaudit_interactions_total" and each.labels["kind"] == kind]
    return {each.labels["outcome"]: each.value for each in of_kind}


# --- replies, by where the person is ---


async def test_tell_answers_a_command_in_the_acknowledgement(deliver: Deliver, gateway: FakeGateway) -> None:
    said_back = answer(await deliver([verb("tasks", handler=replies(Tell(said("hello"))))], kit.slash("tasks")))
    assert said_back["response_type"] == "ephemeral"
    assert said_back["text"] == "hello"
    assert gateway.calls == []


@pytest.mark.parametrize(("kind", "call"), [("home", "open_modal"), ("modal", "push_modal")])
async def test_tell_and_open_in_a_view_use_a_modal(
    deliver: Deliver, gateway: FakeGateway, kind: str, call: str
) -> None:
    for reply in (Tell(said("hello")), Open(window())):
        await deliver([press("x", Nothing, replies(reply))], kit.button_in_view("x", Nothing(), kind))
    (_, told), (_, opened) = gateway.named(call)
    assert told.blocks == said("hello").blocks
    assert opened == window()


async def test_home_is_drawn_anew_after_a_press_there_and_after_a_form(deliver: Deliver, homes: list[str]) -> None:
    await deliver([press("x", Nothing, replies(None))], kit.button("x", Nothing()))
    assert homes == []
    await deliver([press("x", Nothing, replies(None))], kit.button_in_view("x", Nothing(), "home"))
    await deliver([form("f", Nothing, replies(None))], kit.submission("f", Nothing(), {}))
    assert homes == ["U0MIRA", "U0MIRA"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (None, None),
        (Next(window()), {"response_action": "update", "view": window().to_dict()}),
        (Open(window()), {"response_action": "push", "view": window().to_dict()}),
        (Clear(), {"response_action": "clear"}),
    ],
)
async def test_replies_to_a_form(deliver: Deliver, reply: Reply, expected: Any) -> None:
    response = await deliver([form("f", Nothing, replies(reply))], kit.submission("f", Nothing(), {}))
    assert answer(response) == expected


async def test_a_window_that_cannot_open_is_told_in_words(deliver: Deliver, gateway: FakeGateway) -> None:
    gateway.faults["open_modal"] = [TriggerExpired()]
    await deliver([press("x", Nothing, replies(Open(window())))], kit.button("x", Nothing()))
    [(url, text)] = gateway.named("respond")
    assert url == kit.RESPONSE_URL
    assert "went wrong" in text


async def test_a_shortcut_opens_a_modal(deliver: Deliver, gateway: FakeGateway) -> None:
    seen: list[Shortcut] = []

    async def handler(call: Shortcut) -> Reply:
        seen.append(call)
        return Open(window())

    await deliver([shortcut("save", "Save", "Saves it", "message", handler)], kit.shortcut("save"))
    assert seen[0].message is not None
    assert seen[0].channel_id == "C0GENERAL"
    assert gateway.named("open_modal") == [("1.2.short", window())]


async def test_a_dismissed_modal_reaches_its_room(deliver: Deliver) -> None:
    seen: list[Closed[TaskRef]] = []

    async def handler(call: Closed[TaskRef]) -> Reply:
        seen.append(call)
        return None

    routes = [closed("f", TaskRef, handler)]
    assert answer(await deliver(routes, kit.dismissal("f", TASK))) is None
    assert answer(await deliver(routes, kit.dismissal("other", TASK))) is None
    assert [call.payload for call in seen] == [TASK]


# --- commands and events ---


@pytest.mark.parametrize("text", ["tasks <@U0JONAS>", "TASKS   <@U0JONAS> ", "  Tasks <@U0JONAS>"])
async def test_a_verb_in_any_case(deliver: Deliver, text: str) -> None:
    seen: list[Command] = []

    async def handler(call: Command) -> Reply:
        seen.append(call)
        return None

    await deliver([verb("tasks", handler=handler)], kit.slash(text))
    assert (seen[0].verb, seen[0].text, seen[0].at) == ("tasks", "<@U0JONAS>", NOON)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("change R&amp;D is moving", "R&D is moving"),
        ("change we &lt;move&gt;", "we <move>"),
        ("change we write &amp;lt; here", "we write &lt; here"),
        ("change ask <@U0JONAS|jonas>", "ask <@U0JONAS|jonas>"),
    ],
)
async def test_what_was_typed_is_read_without_slacks_escapes(deliver: Deliver, sent: str, typed: str) -> None:
    seen: list[Command] = []

    async def handler(call: Command) -> Reply:
        seen.append(call)
        return None

    await deliver([verb("change", handler=handler)], kit.slash(sent))
    assert seen[0].text == typed


@pytest.mark.parametrize("text", ["", "help", "HELP"])
async def test_help_lists_the_commands(deliver: Deliver, text: str) -> None:
    routes = [verb("tasks", handler=replies(None))]
    said_back = answer(await deliver(routes, kit.slash(text)))
    assert "lists your open tasks" in json.dumps(said_back["blocks"])


async def test_an_unknown_verb_gets_the_nearest_ones(deliver: Deliver) -> None:
    routes = [verb(name, handler=replies(None)) for name in ("tasks", "status")]
    text = json.dumps(answer(await deliver(routes, kit.slash("taks"))))
    assert "taks" in text
    assert "Did you mean tasks" in text


async def test_an_event_by_the_name_it_is_subscribed_under(deliver: Deliver) -> None:
    seen: list[Event] = []

    async def handler(call: Event) -> Reply:
        seen.append(call)
        return None

    routes = [event("message.im", handler), event("user_change", handler)]
    message = {"type": "message", "channel": "D1", "user": "U0MIRA", "ts": "1.2"}
    await deliver(routes, kit.happening({**message, "channel_type": "im"}))
    await deliver(routes, kit.happening({**message, "channel_type": "channel"}))
    await deliver(routes, kit.happening({"type": "user_change", "user": {"id": "U0JONAS"}}))
    assert [(call.type, call.person_id) for call in seen] == [("message.im", "U0MIRA"), ("user_change", "U0JONAS")]


async def test_what_the_bot_says_itself_is_no_event(deliver: Deliver) -> None:
    seen: list[Event] = []

    async def handler(call: Event) -> Reply:
        seen.append(call)
        return None

    own = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U0APP", "bot_id": "B0APP", "ts": "1.2"}
    assert answer(await deliver([event("message.im", handler)], kit.happening(own))) is None
    assert seen == []


async def test_what_a_form_held(deliver: Deliver) -> None:
    seen: list[Form[TaskRef]] = []

    async def handler(call: Form[TaskRef]) -> Reply:
        seen.append(call)
        return None

    file = {"id": "F1", "name": "log.csv", "size": 3, "mimetype": "text/csv", "url_private_download": "https://x/F1"}
    values = {
        "reason": {"value": {"type": "plain_text_input", "value": None}},
        "grade": {"value": {"type": "radio_buttons", "selected_option": {"value": "major"}}},
        "untouched": {"value": {"type": "static_select", "selected_option": None}},
        "standards": {"value": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "owner": {"value": {"type": "users_select", "selected_user": "U0JONAS"}},
        "auditors": {"value": {"type": "multi_users_select", "selected_users": ["U0LIAM"]}},
        "digest_channel": {"value": {"type": "conversations_select", "selected_conversation": "C1"}},
        "due_on": {"value": {"type": "datepicker", "selected_date": "2026-03-31"}},
        "files": {"value": {"type": "file_input", "files": [file]}},
    }
    await deliver([form("f", TaskRef, handler)], kit.submission("f", TASK, values))
    filled = seen[0]
    assert filled.payload == TASK
    assert (filled.text("reason"), filled.text("not there")) == ("", "")
    assert (filled.choice("grade"), filled.choice("untouched")) == ("major", None)
    assert filled.choices("standards") == ["a", "b"]
    assert (filled.person("owner"), filled.people("auditors")) == ("U0JONAS", ["U0LIAM"])
    assert filled.channel("digest_channel") == "C1"
    assert str(filled.day("due_on")) == "2026-03-31"
    assert filled.day("not there") is None
    assert [(each.id, each.url_download) for each in filled.files("files")] == [("F1", "https://x/F1")]


@pytest.mark.parametrize(
    ("action", "chosen"),
    [
        ({"type": "users_select", "value": None, "selected_user": "U0JONAS"}, "U0JONAS"),
        ({"type": "static_select", "value": None, "selected_option": {"value": "b"}}, "b"),
        ({"type": "static_select", "value": None, "selected_option": None}, None),
        ({"type": "datepicker", "value": None, "selected_date": "2026-03-31"}, "2026-03-31"),
    ],
)
async def test_what_was_chosen_in_a_menu(deliver: Deliver, action: dict[str, Any], chosen: str | None) -> None:
    seen: list[Press[Nothing]] = []

    async def handler(call: Press[Nothing]) -> Reply:
        seen.append(call)
        return None

    await deliver([press("pick", Nothing, handler)], kit.button("pick", Nothing(), **action))
    assert seen[0].selected == chosen
    assert (seen[0].channel_id, seen[0].message_ts) == ("D0MIRA", "1.000001")


async def test_what_is_no_payload_of_ours_goes_on_to_bolt(deliver: Deliver) -> None:
    logging.getLogger("slack_bolt.AsyncApp").setLevel(logging.CRITICAL)
    body = {**kit.button("x", Nothing()), "type": "workflow_step_edit"}
    assert (await deliver([], body)).status == 404
