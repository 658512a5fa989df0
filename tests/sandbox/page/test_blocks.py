"""Everything that Slack accepts is shown, and nothing that people type breaks the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Company
from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.gallery import FIELDS, MESSAGE_BLOCKS, MESSAGES, MODAL, ONLY_SHOWN

FRIDAY_EVENING = datetime(2026, 3, 27, 17, 30, tzinfo=UTC)  # in Berlin the clocks change that weekend

SHOWN_BLOCKS = """async (blocks) => {
  const parts = ["blocks", "store", "surface", "api"].map((name) => import(`/page/${name}.js`));
  const [{ renderBlocks }, { Store }, { Surface }, { Hands }] = await Promise.all(parts);
  const answers = await Promise.all(["/hands/workspace", "/hands/U0MIRA/conversations"].map((path) => fetch(path)));
  const [workspace, list] = await Promise.all(answers.map((answer) => answer.json()));
  const store = new Store("U0MIRA", workspace);
  store.setConversations(list.conversations);
  const hands = new Hands("U0MIRA");
  const surface = (block) => new Surface({ store, hands, target: {}, blocks: [block], values: new Map() });
  return blocks.map((block) => renderBlocks(surface(block))[0].innerText);
}"""


async def shown(page: Page, *blocks: dict[str, Any]) -> list[str]:
    """What each block reads as."""
    texts: list[str] = await page.evaluate(SHOWN_BLOCKS, list(blocks))
    return [text.replace("\t", "\n") for text in texts]


def test_the_gallery_shows_every_kind_the_judge_knows() -> None:
    placement = pytest.importorskip("sandbox.judge.placement")
    blocks = [*MESSAGE_BLOCKS, *ONLY_SHOWN, *MODAL["blocks"]]
    assert {kind for kind, surfaces in placement.BLOCKS.items() if surfaces} <= {block["type"] for block in blocks}
    elements = {field["element"]["type"] for field in FIELDS}
    for block in blocks:
        elements |= {part["type"] for part in block.get("elements", ())}
    assert set(placement.ELEMENTS) <= elements


async def test_every_block_and_field_has_its_look(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient, mira: Person
) -> None:
    page = await look(sandbox, "U0MIRA", bypass_csp=True)
    for text in await shown(page, *MESSAGE_BLOCKS, *ONLY_SHOWN, *MODAL["blocks"]):
        assert "cannot show" not in text
    strange: list[dict[str, Any]] = [
        {"type": "hologram", "block_id": "h"},
        {"type": "section"},
        {"type": "actions", "elements": [{"type": "lever", "action_id": "l"}]},
        {"type": "table", "rows": None},
    ]
    texts = await shown(page, *strange)
    assert ["cannot show" in text for text in texts] == [True, False, True, True]


async def test_tables_rich_text_and_presses(sandbox: Sandbox, look: Look, slack: AsyncWebClient) -> None:
    async with SocketApp(sandbox) as app:
        for blocks in MESSAGES:
            await slack.chat_postMessage(channel="U0MIRA", text="Everything", blocks=blocks)
        page = await look(sandbox, "U0MIRA")
        main = page.get_by_role("main")
        await main.get_by_role("button", name="Next rows").click()
        await expect(main.get_by_role("rowheader", name="Leaf 2")).to_be_visible()
        await expect(main.get_by_role("img", name="Chart: Cups as pie")).to_be_visible()
        await expect(main.get_by_text("boldmarked@Tom Okafor#general@here🧭#0a6e5cthe shop2026-03-27")).to_be_visible()
        await expect(main.get_by_role("button", name="Only Tom sees me")).to_have_count(0)
        await expect(main.get_by_role("link", name="Elsewhere")).to_have_attribute("rel", "noopener noreferrer")
        await main.get_by_role("combobox", name="Pick a person").select_option("U0TOM")
        action = (await app.next("interactive"))["payload"]["actions"][0]
        assert (action["type"], action["selected_user"]) == ("users_select", "U0TOM")


async def test_the_reader_sees_dates_in_the_own_zone(build: Build, look: Look) -> None:
    sandbox = await build(start=FRIDAY_EVENING)
    date = {"type": "section", "text": {"type": "mrkdwn", "text": "<!date^1774625400^{date_short} {time}|x>"}}
    slack = AsyncWebClient(token=sandbox.environment["SLACK_BOT_TOKEN"], base_url=sandbox.environment["SLACK_API_URL"])
    await slack.chat_postMessage(channel="U0TOM", text="x", blocks=[date])
    page = await look(sandbox, "U0TOM")
    await expect(page.get_by_role("main").get_by_role("time").last).to_have_text("27 Mar 2026 11:30")


MRKDWN = [
    ("*b* _i_ ~s~ `c`", "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>"),
    ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
    ("*bold <https://a.example/x_y|the _site_>*", "<strong>bold <a>the _site_</a></strong>"),
    ("`*not bold*` &lt;b&gt; &amp;amp;", "<code>*not bold*</code> &lt;b&gt; &amp;amp;"),
    ("<javascript:alert(1)|safe>", "safe"),
    ("see https://a.example/x_y.", "see <a>https://a.example/x_y</a>."),
    ("<@U0TOM> <#C0GENERAL> <!here>", "<span>@Tom Okafor</span> <a>#general</a> <span>@here</span>"),
    (":tada: :no_such_emoji: 1:30:45", "<span>🎉</span> :no_such_emoji: 1:30:45"),
    ("<!date^1774625400^{date_num} {time}|soon>", "<time>2026-03-27 16:30</time>"),
    ("<!date^1774625400^{date_long}^https://a.example|x>", "<a><time>Friday, 27 March 2026</time></a>"),
    ("<!date^1774625400^{date_short_pretty}|x>", "<time>today</time>"),
    ("<!date^1774625400^{ago}|x>", "<time>2 hours ago</time>"),
]


SHOWN_MARKUP = """async (texts) => {
  const { mrkdwn } = await import("/page/mrkdwn.js");
  const { Store } = await import("/page/store.js");
  const answers = await Promise.all(["/hands/workspace", "/hands/U0MIRA/conversations"].map((path) => fetch(path)));
  const [workspace, list] = await Promise.all(answers.map((answer) => answer.json()));
  const store = new Store("U0MIRA", workspace);
  store.setConversations(list.conversations);
  return texts.map((text) => mrkdwn(text, store)[0].innerHTML.replace(/<(\\w+) [^>]*>/g, "<$1>"));
}"""


async def test_mrkdwn_reads_as_in_slack(build: Build, look: Look) -> None:
    sandbox = await build(start=FRIDAY_EVENING)
    page = await look(sandbox, "U0MIRA", bypass_csp=True)
    shown = await page.evaluate(SHOWN_MARKUP, [text for text, _ in MRKDWN])
    assert shown == [expected for _, expected in MRKDWN]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202eright to left\u202d\u2066\u2069",
    "x" * 3000,
    "👩‍👩‍👧‍👦🏴\U000e0067\U000e0062\U000e007f" * 40,
    "*" * 500 + "_" * 500 + "`" * 301,
    "<@U0NOBODY> <#C0NOWHERE|<b>> <!date^99999999999999^{time}|never> <javascript:alert(1)|click>",
    "a\n" * 60,
]


@pytest.fixture
async def hostile(build: Build) -> Sandbox:
    """A company whose people and channels are called the worst names."""
    document = {
        "team": {"id": "T0BAD", "name": HOSTILE[0], "domain": "bad"},
        "people": [
            {"id": f"U0{n}", "name": name[:300], "title": name[:300], "zone": "Europe/Berlin", "admin": True}
            for n, name in enumerate(HOSTILE)
        ],
        "channels": [
            {"id": f"C0{n}", "name": name[:200], "topic": name[:250], "members": "everybody", "app": True}
            for n, name in enumerate(HOSTILE)
        ],
    }
    return await build(companies=[Company.from_document(document)])


@pytest.mark.parametrize("width", [1280, 400])
async def test_hostile_names_and_texts_stay_text_and_in_their_place(hostile: Sandbox, look: Look, width: int) -> None:
    slack = AsyncWebClient(token=hostile.environment["SLACK_BOT_TOKEN"], base_url=hostile.environment["SLACK_API_URL"])
    async with Hands(hostile.url) as hands:
        root = ""
        for number, text in enumerate(HOSTILE):
            root = await hands.person(f"U0{number}").say(text, "C00")
            blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
            await slack.chat_postMessage(channel="C00", text=text, blocks=blocks)
        await hands.person("U03").upload((HOSTILE[3][:200] + ".txt", b"x"), channel="C00", text=HOSTILE[3])
        await hands.person("U02").say(HOSTILE[3], "C00", thread_ts=root)
    page = await look(hostile, "U03", "#C00", viewport={"width": width, "height": 900})
    await expect(page.get_by_role("main").get_by_role("article")).to_have_count(2 * len(HOSTILE) + 1)
    await expect(page.get_by_role("main").get_by_text(HOSTILE[0]).first).to_be_visible()
    await expect(page.locator("main :is(script, img)")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.get_by_role("complementary").get_by_role("article")).to_have_count(2)
    too_wide = """() => [...document.querySelectorAll("article, aside, nav, header")]
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === "visible")
      .map((each) => each.className)"""
    assert await page.evaluate(too_wide) == []
