"""Stands in for the sandbox's desk of faults, as far as the page knows it: two kinds, in memory."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Page, Route, WebSocketRoute

Json = dict[str, Any]


def setting(name: str, kind: str, default: Any, sentence: str) -> Json:
    return {"name": name, "type": kind, "default": default, "sentence": sentence}


KINDS: list[Json] = [
    {
        "kind": "429_storm",
        "sentence": "Calls are answered with 429.",
        "settings": [
            setting("match", "text", "*", "Which methods."),
            setting("times", "number", None, "How many times. Empty: until it is taken back."),
            setting("empty", "boolean", False, "With an empty body."),
        ],
    },
    {"kind": "late_delivery", "sentence": "Late.", "settings": [setting("seconds", "number", 2.5, "How late.")]},
]


class FaultDesk:
    """`asked` is what was injected, as the page sent it; `tell` says what is injected now, over the live wire."""

    def __init__(self) -> None:
        self.seed = 1
        self.asked: list[Json] = []
        self.faults: list[Json] = []
        self._wires: list[WebSocketRoute] = []

    async def stand_in(self, page: Page) -> None:
        await page.route("**/faults", self._answer)
        await page.route("**/faults/*", self._answer)
        await page.route_web_socket("**/live/*", self._wire)

    def tell(self) -> None:
        for wire in self._wires:
            wire.send(json.dumps({"type": "faults", "faults": self.faults}))

    def _wire(self, wire: WebSocketRoute) -> None:
        wire.connect_to_server()
        self._wires.append(wire)

    async def _answer(self, route: Route) -> None:
        request = route.request
        last = request.url.rpartition("/")[2]
        if request.method == "POST" and last == "seed":
            self.seed = request.post_data_json["seed"]
        elif request.method == "POST":
            self._inject(request.post_data_json)
        elif request.method == "DELETE":
            self.faults = [fault for fault in self.faults if last not in ("faults", fault["id"])]
        await route.fulfill(json={"ok": True, "seed": self.seed, "faults": self.faults, "kinds": KINDS})
        if request.method != "GET":
            self.tell()

    def _inject(self, asked: Json) -> None:
        self.asked.append(asked)
        self.faults = [*self.faults, {"id": f"Ft{len(self.asked)}", **asked, "left": asked.get("times"), "hit": 0}]
