"""One app in two workspaces at a time: nothing of one is seen, or answered, in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import SECOND, Company
from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import MONDAY, Build
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]

EVERYWHERE = replace(Company.load(SECOND), app_installed=True)


@pytest.fixture
async def sandbox(build: Build) -> Sandbox:
    """The app is installed in both."""
    return await build(companies=[Company.load(), EVERYWHERE], ack_seconds=1.0)


@pytest.fixture
def hanna(hands: Hands) -> Person:
    """Somebody in the second workspace."""
    return hands.person("U0HANNA")


def client_in(sandbox: Sandbox, team: str) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.worlds.of_team(team).app.token, base_url=sandbox.environment["SLACK_API_URL"])


async def test_both_are_listed_and_each_has_its_own_people(hands: Hands) -> None:
    listed = (await hands.get("/hands/workspaces"))["workspaces"]
    assert [(one["id"], one["installed"]) for one in listed] == [("T0ALDER", True), ("T0BIRCH", True)]
    second = await hands.get("/hands/workspace", {"team": "T0BIRCH"})
    assert {one["id"] for one in second["people"]} == {"U0HANNA", "U0CARLOS", "U0YUKI", "USLACKBOT", "U0APP2"}
    with pytest.raises(HandError, match="team_not_found"):
        await hands.get("/hands/workspace", {"team": "T0NONE"})


async def test_each_token_sees_its_own_workspace(sandbox: Sandbox, mira: Person, hanna: Person) -> None:
    here, there = client_in(sandbox, "T0ALDER"), client_in(sandbox, "T0BIRCH")
    await here.chat_postMessage(channel="U0MIRA", text="to Mira")
    await there.chat_postMessage(channel="U0HANNA", text="to Hanna")
    assert [one["text"] for one in await mira.messages()] == ["to Mira"]
    assert [one["text"] for one in await hanna.messages()] == ["to Hanna"]
    for client, stranger, channel in ((here, "U0HANNA", "C0OVEN"), (there, "U0MIRA", "C0GENERAL")):
        for call in (client.users_info(user=stranger), client.conversations_info(channel=channel)):
            with pytest.raises(SlackApiError, match="not_found"):
                await call


async def test_a_file_is_read_with_the_token_of_its_workspace_only(sandbox: Sandbox, hanna: Person) -> None:
    file = (await hanna.upload(("bread.txt", b"rye"), text="see"))["files"][0]
    async with httpx.AsyncClient(verify=False) as app:
        for team, content_type in (("T0BIRCH", "text/plain"), ("T0ALDER", "text/html; charset=utf-8")):
            bearer = {"Authorization": f"Bearer {sandbox.worlds.of_team(team).app.token}"}
            answer = await app.get(file["url_private"], headers=bearer)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)


async def test_events_and_commands_say_where_they_come_from(sandbox: Sandbox, mira: Person, hanna: Person) -> None:
    async with SocketApp(sandbox) as app:
        for person, team, bot in ((mira, "T0ALDER", "U0APP"), (hanna, "T0BIRCH", "U0APP2")):
            await person.say("hello")
            payload = (await app.next("events_api"))["payload"]
            assert (payload["team_id"], payload["authorizations"][0]["user_id"]) == (team, bot)
            await person.command("/tea", "assam")
            asked = (await app.next("slash_commands"))["payload"]
            assert asked["team_id"] == team
            async with httpx.AsyncClient(verify=False) as posting:
                await posting.post(asked["response_url"], json={"text": f"for {team}"})
            assert (await person.messages())[-1]["text"] == f"for {team}"


async def test_rate_limits_are_counted_for_each(build: Build) -> None:
    sandbox = await build(companies=[Company.load(), EVERYWHERE], rate_factor=0.05)
    here, there = client_in(sandbox, "T0ALDER"), client_in(sandbox, "T0BIRCH")
    await here.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await here.users_list()
    await there.users_list()


def test_two_companies_with_the_same_ids_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="U0MIRA"):
        Sandbox(folder=tmp_path, manifest=MANIFEST, companies=[Company.load(), Company.load()], start=MONDAY)


class Serving:
    """A Bolt app that is installed over OAuth, listening on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.served: web.AppRunner | None = None
        self.asked: list[tuple[str, str]] = []

    async def listen(self) -> str:
        """The address at which the app will be; who calls there early waits."""
        self.site = web.Application()
        self.served = web.AppRunner(self.site)
        self.site.add_routes([web.route("*", "/slack/{what}", self._hand_over)])
        await self.served.setup()
        await web.TCPSite(self.served, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.served.addresses[0][1]}"

    def work_in(self, sandbox: Sandbox) -> None:
        told = sandbox.environment
        self.app = AsyncApp(
            client=AsyncWebClient(base_url=told["SLACK_API_URL"]),
            signing_secret=told["SLACK_SIGNING_SECRET"],
            process_before_response=True,
            oauth_settings=AsyncOAuthSettings(
                client_id=told["SLACK_CLIENT_ID"],
                client_secret=told["SLACK_CLIENT_SECRET"],
                scopes=["chat:write", "commands"],
                authorization_url=f"{sandbox.url}/oauth/v2/authorize",
                installation_store=FileInstallationStore(base_dir=str(self.folder)),
                state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(self.folder)),
                install_page_rendering_enabled=False,
            ),
        )
        self.app.command("/tea")(self._tea)
        self.server = self.app.server()

    async def _tea(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=body["user_id"], text=f"tea in {body['team_domain']}")
        self.asked.append((body["team_id"], client.token or ""))
        await ack()

    async def _hand_over(self, request: web.Request) -> web.StreamResponse:
        handlers = {
            "events": self.server.handle_post_requests,
            "install": self.server.handle_get_requests,
            "oauth_redirect": self.server.handle_get_requests,
        }
        return await handlers[request.match_info["what"]](request)


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Serving]:
    app = Serving(tmp_path / "installations")
    yield app
    if app.served:
        await app.served.cleanup()


async def test_a_bolt_app_is_installed_by_people_of_two_workspaces(serving: Serving, build: Build) -> None:
    address = await serving.listen()
    features = {**MANIFEST["features"]}
    features["slash_commands"] = [{**features["slash_commands"][0], "url": f"{address}/slack/events"}]
    redirects = {"redirect_urls": [f"{address}/slack/oauth_redirect"]}
    sandbox = await build(
        companies=[Company.load(), Company.load(SECOND)],
        manifest={
            **MANIFEST,
            "features": features,
            "oauth_config": MANIFEST["oauth_config"] | redirects,
            "settings": {"socket_mode_enabled": False},
        },
    )
    serving.work_in(sandbox)
    for user in ("U0MIRA", "U0HANNA"):
        async with httpx.AsyncClient(verify=False) as browser:
            page = await browser.get(f"{address}/slack/install")
            asked = page.headers["Location"]
            agreed = await browser.post(asked, data={"user": user, "decision": "allow"})
            done = await browser.get(agreed.headers["Location"], headers={"Cookie": page.headers["Set-Cookie"]})
            assert done.status_code == 200, done.text
    async with Hands(sandbox.url) as hands:
        for user, domain in (("U0MIRA", "aldermoor"), ("U0HANNA", "birchwell")):
            await hands.person(user).command("/tea")
            assert [one["text"] for one in await hands.person(user).messages()] == [f"tea in {domain}"]
    assert serving.asked == [(world.workspace.team["id"], world.app.token) for world in sandbox.worlds]
