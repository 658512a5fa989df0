"""Traces reach a collector where one is named, from the bot as a process, and hold no words of people."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot import tracing
from sandbox.hands import Hands
from sandbox.server import Sandbox

MISSPELT = "stattus of Elena"


class Collector:
    """Takes what OpenTelemetry's exporter posts."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(ExportTraceServiceRequest.FromString(await request.read()))
        return web.Response(content_type="application/x-protobuf")

    @property
    def spans(self) -> set[str]:
        scopes = [scope for each in self.requests for found in each.resource_spans for scope in found.scope_spans]
        return {span.name for scope in scopes for span in scope.spans}

    @property
    def all_of_it(self) -> str:
        return "".join(map(str, self.requests))


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    collector, app = Collector(), web.Application()
    app.router.add_post("/v1/traces", collector.take)
    async with TestServer(app) as server:
        yield collector, str(server.make_url("")).rstrip("/")


async def start(environment: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**os.environ, **environment}, stdout=DEVNULL, stderr=DEVNULL
    )


async def test_what_was_answered_is_told_to_the_collector_without_its_words(
    sandbox: Sandbox, collector: tuple[Collector, str]
) -> None:
    told, url = collector
    bot = await start({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    async with Hands(sandbox.url) as hands, asyncio.timeout(60):
        while not (await hands.workspace())["app"]["connected"]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
        await hands.person("U0MIRA").command("/iso", MISSPELT)
        await hands.person("U0MIRA").command("/iso", "tasks")
        bot.send_signal(signal.SIGTERM)
        assert await bot.wait() == 0
    assert {"answer to a command", "a request to Slack", "workflows.tasks.commands.tick"} <= told.spans
    assert "Elena" not in told.all_of_it


def test_without_a_collector_nothing_is_sent() -> None:
    with tracing.sent({}):
        assert not trace.get_tracer("here").start_span("anything").is_recording()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with (
        pytest.raises(tracing.TracingNotInstalled, match=r"Install locks/tracing\.txt"),
        tracing.sent({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}),
    ):
        pass
