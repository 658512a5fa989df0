"""Traces: what an answer, a beat or a message spent its time on, told to a collector where one is named.

The places that are timed ask `opentelemetry.trace` for a tracer, which does nothing until `start` was called. A span
bears the kind of what was done and never people's words.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""OpenTelemetry's own names ("OTLP Exporter Configuration"); its SDK reads these and its other settings by itself."""


class TracingNotInstalled(Exception):
    """A collector is named, and what sends traces is not installed."""


@contextmanager
def sent(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Send traces while the block runs, if a collector is named; what is left is sent at its end.

    Raises TracingNotInstalled.
    """
    if not any(environment.get(name) for name in ENDPOINTS):
        yield
        return
    try:
        # Not among what the bot needs: whoever names no collector need not install it.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise TracingNotInstalled(
            f"{ENDPOINTS[1]} names a collector, but what sends traces is not installed. Install locks/tracing.txt, "
            "or remove the setting. Nothing was lost."
        ) from error
    named = environment.get("OTEL_SERVICE_NAME", "deskaudit")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: named}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()
