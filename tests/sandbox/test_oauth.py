"""OAuth: the install page, the exchange of its code, and how a token ends."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.authorizations import CODE_SECONDS, Authorizations
from sandbox.company import SECOND, Company
from sandbox.hands import HandError, Hands
from sandbox.refusal import Refusal
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]

RETURN = "https://app.example/slack/oauth_redirect"
INSTALLABLE: Json = {
    **MANIFEST,
    "oauth_config": {
        "redirect_urls": ["https://app.example/slack", "https://other.example"],
        **MANIFEST["oauth_config"],
    },
    "settings": {
        **MANIFEST["settings"],
        "event_subscriptions": {"bot_events": ["message.im", "tokens_revoked", "app_uninstalled"]},
    },
}


@pytest.fixture
async def two(build: Build) -> Sandbox:
    """A workspace with the app in it, and one without."""
    return await build(companies=[Company.load(), Company.load(SECOND)], manifest=INSTALLABLE, ack_seconds=1.0)


def asking(sandbox: Sandbox, **changed: str) -> dict[str, str]:
    """The query of the install page as a right-minded app writes it."""
    client = sandbox.environment["SLACK_CLIENT_ID"]
    asked = {"client_id": client, "scope": "chat:write,im:write", "redirect_uri": RETURN, "state": "s1"}
    return {name: value for name, value in (asked | changed).items() if value}


async def decide(sandbox: Sandbox, user: str, decision: str = "allow", **changed: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as browser:
        form = {"user": user, "decision": decision}
        return await browser.post("/oauth/v2/authorize", params=asking(sandbox, **changed), data=form)


def carried(answer: httpx.Response) -> dict[str, str]:
    """What the browser carries back to the app."""
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


async def exchange(sandbox: Sandbox, **given: str) -> Json:
    told = sandbox.environment
    client = {"client_id": told["SLACK_CLIENT_ID"], "client_secret": told["SLACK_CLIENT_SECRET"]}
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as app:
        answer: Json = (await app.post("/api/oauth.v2.access", data=client | given)).json()
    return answer


async def install(sandbox: Sandbox, user: str, **changed: str) -> Json:
    code = carried(await decide(sandbox, user, **changed))["code"]
    return await exchange(sandbox, code=code, redirect_uri=changed.get("redirect_uri", RETURN))


def client_of(sandbox: Sandbox, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=sandbox.environment["SLACK_API_URL"])


async def refusal_of(client: AsyncWebClient) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0GENERAL", text="hello")
    return str(refused.value.response["error"])


async def test_the_page_names_the_app_its_scopes_and_the_people(two: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=two.url, verify=False) as browser:
        page = (await browser.get("/oauth/v2/authorize", params=asking(two))).text
        only = (await browser.get("/oauth/v2/authorize", params=asking(two, team="T0BIRCH"))).text
    for words in ("Teapot wants to join a workspace", "chat:write", "Mira Lindqvist", "Birchwell Bakery"):
        assert words in page
    assert "Otto Krause" not in page  # deactivated
    assert "Hanna Virtanen" in only
    assert "Mira Lindqvist" not in only


async def test_a_code_becomes_a_token_that_works_in_that_workspace(two: Sandbox) -> None:
    back = await decide(two, "U0HANNA")
    assert back.headers["Location"].startswith(f"{RETURN}?")
    assert carried(back)["state"] == "s1"

    given = await exchange(two, code=carried(back)["code"], redirect_uri=RETURN)

    assert given["ok"]
    assert given["team"] == {"id": "T0BIRCH", "name": "Birchwell Bakery"}
    assert (given["scope"], given["token_type"], given["authed_user"]) == (
        "chat:write,im:write",
        "bot",
        {"id": "U0HANNA"},
    )
    known = await client_of(two, given["access_token"]).auth_test()
    assert (known["team_id"], known["user_id"]) == ("T0BIRCH", given["bot_user_id"])
    assert known["user_id"] != two.world.app.user


async def test_the_client_may_show_itself_by_basic_authentication(two: Sandbox) -> None:
    code = carried(await decide(two, "U0HANNA"))["code"]
    client = AsyncWebClient(base_url=two.environment["SLACK_API_URL"])
    told = two.environment
    answer = await client.oauth_v2_access(
        client_id=told["SLACK_CLIENT_ID"], client_secret=told["SLACK_CLIENT_SECRET"], code=code, redirect_uri=RETURN
    )
    assert answer["team"]["id"] == "T0BIRCH"


async def test_cancelling_gives_no_code(two: Sandbox) -> None:
    assert carried(await decide(two, "U0HANNA", "deny")) == {"error": "access_denied", "state": "s1"}


async def test_without_a_redirect_uri_the_first_of_the_manifest_is_taken(two: Sandbox) -> None:
    back = await decide(two, "U0HANNA", redirect_uri="")
    assert back.headers["Location"].startswith("https://app.example/slack?")
    assert (await exchange(two, code=carried(back)["code"]))["ok"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "chat:write,<script>"}, "invalid_scope"),
        ({"redirect_uri": "https://evil.example/slack"}, "bad_redirect_uri"),
        ({"redirect_uri": "https://app.example/slackers"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://app.example/slack"}, "bad_redirect_uri"),
        ({"redirect_uri": "javascript:alert(1)"}, "bad_redirect_uri"),
        ({"team": "T0NOWHERE"}, "team_not_found"),
    ],
)
async def test_a_wrong_question_is_answered_on_the_page_and_sent_nowhere(
    two: Sandbox, changed: dict[str, str], code: str
) -> None:
    answer = await decide(two, "U0HANNA", **changed)
    assert answer.status_code == 400
    assert code in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("user", "team", "code"),
    [
        ("U0NOBODY", "", "user_not_found"),
        ("U0OTTO", "", "account_inactive"),
        ("U0APP", "", "user_not_found"),
        ("U0MIRA", "T0BIRCH", "invalid_team"),
    ],
)
async def test_only_people_of_the_workspace_can_allow_it(two: Sandbox, user: str, team: str, code: str) -> None:
    answer = await decide(two, user, team=team)
    assert (answer.status_code, code in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"code": "unknown"}, "invalid_code"),
        ({"code": ""}, "invalid_code"),
        ({"redirect_uri": "https://other.example"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
async def test_a_wrong_exchange_is_refused_and_leaves_the_code_good(
    two: Sandbox, changed: dict[str, str], error: str
) -> None:
    right = {"code": carried(await decide(two, "U0HANNA"))["code"], "redirect_uri": RETURN}
    assert (await exchange(two, **(right | changed)))["error"] == error
    assert (await exchange(two, **right))["ok"]


async def test_a_code_is_good_once(two: Sandbox) -> None:
    right = {"code": carried(await decide(two, "U0HANNA"))["code"], "redirect_uri": RETURN}
    await exchange(two, **right)
    assert (await exchange(two, **right))["error"] == "invalid_code"


@pytest.mark.parametrize(("seconds", "good"), [(CODE_SECONDS, True), (CODE_SECONDS + 0.1, False)])
def test_a_code_is_good_for_ten_minutes(seconds: float, good: bool) -> None:
    now = [0.0]
    authorizations = Authorizations(lambda: now[0])
    code = authorizations.give(team_id="T0BIRCH", user="U0HANNA", scopes=("chat:write",), redirect_uri="")
    now[0] = seconds
    if good:
        assert authorizations.exchange(code, "").user == "U0HANNA"
    else:
        with pytest.raises(Refusal, match="invalid_code"):
            authorizations.exchange(code, "")


async def test_installed_again_the_scopes_add_up_and_the_token_stays(two: Sandbox) -> None:
    first = await install(two, "U0HANNA", scope="chat:write")
    again = await install(two, "U0CARLOS", scope="users:read,chat:write")
    assert again["access_token"] == first["access_token"]
    assert again["scope"] == "chat:write,users:read"


async def test_granted_is_what_was_allowed_and_not_what_the_manifest_says(two: Sandbox) -> None:
    given = await install(two, "U0HANNA", scope="chat:write")
    with pytest.raises(SlackApiError) as refused:
        await client_of(two, given["access_token"]).users_list()
    assert refused.value.response.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write",
    }


async def test_no_secret_stands_in_the_log(two: Sandbox) -> None:
    code = carried(await decide(two, "U0HANNA"))["code"]
    given = await exchange(two, code=code, redirect_uri=RETURN)
    async with Hands(two.url) as hands:
        written = str(await hands.log())
    for secret in (code, two.environment["SLACK_CLIENT_SECRET"], given["access_token"]):
        assert secret not in written


async def test_an_administrator_removes_the_app(two: Sandbox) -> None:
    token = two.environment["SLACK_BOT_TOKEN"]
    await client_of(two, token).chat_postMessage(channel="U0MIRA", text="hello")
    async with Hands(two.url) as hands, SocketApp(two) as app:
        await app.event("message")
        await hands.post("/hands/U0MIRA/uninstall", {})
        ended = [await app.event("tokens_revoked"), await app.event("app_uninstalled")]
        shown = (await hands.get("/hands/workspace"))["app"]
        assert (shown["installed"], shown["commands"], shown["shortcuts"]) == (False, [], [])
        with pytest.raises(HandError, match="command_not_found"):
            await hands.person("U0MIRA").command("/tea")
        assert [one["text"] for one in await hands.person("U0MIRA").messages("D0MIRA")] == ["hello"]
    assert ended[0]["tokens"] == {"bot": ["U0APP"]}
    assert await refusal_of(client_of(two, token)) == "account_inactive"
    assert two.environment["SLACK_BOT_TOKEN"] == ""
    assert two.world.workspace.person("U0APP")["deleted"]
    assert "U0APP" not in two.world.workspace.conversation("C0MGMT")["members"]


@pytest.mark.parametrize(
    ("user", "error"), [("U0JONAS", "not_allowed"), ("U0HANNA", "app_not_installed"), ("U0NOBODY", "user_not_found")]
)
async def test_others_cannot_remove_it(two: Sandbox, user: str, error: str) -> None:
    async with Hands(two.url) as hands:
        with pytest.raises(HandError, match=error):
            await hands.post(f"/hands/{user}/uninstall", {})
    assert two.world.app.installed


async def test_the_app_gives_up_its_token_or_itself(two: Sandbox) -> None:
    slack = client_of(two, two.environment["SLACK_BOT_TOKEN"])
    assert not (await slack.auth_revoke(test=True))["revoked"]
    async with SocketApp(two) as app:
        assert (await slack.auth_revoke())["revoked"]
        await app.event("tokens_revoked")
    assert await refusal_of(slack) == "account_inactive"

    given = await install(two, "U0HANNA")
    told = two.environment
    other = client_of(two, given["access_token"])
    client = {"client_id": told["SLACK_CLIENT_ID"], "client_secret": told["SLACK_CLIENT_SECRET"]}
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await other.apps_uninstall(client_id=client["client_id"], client_secret="wrong")
    await other.apps_uninstall(**client)
    assert await refusal_of(other) == "account_inactive"


async def test_a_removed_app_stays_away_over_a_restart_until_it_is_installed_again(build: Build) -> None:
    first = await build(manifest=INSTALLABLE)
    old = first.environment["SLACK_BOT_TOKEN"]
    async with Hands(first.url) as hands:
        await hands.post("/hands/U0MIRA/uninstall", {})
    await first.stop()

    second = await build(manifest=INSTALLABLE)
    assert not second.world.app.installed
    given = await install(second, "U0MIRA")
    assert given["access_token"] != old
    assert not second.world.workspace.person("U0APP")["deleted"]
    assert await refusal_of(client_of(second, old)) == "account_inactive"
