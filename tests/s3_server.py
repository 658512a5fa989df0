"""An S3 server of one's own, as a process on this machine."""

import json
import socket
import sysconfig
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx

KEY = "sample-key"
SECRET = "sample-secret"
PARTS = ("s3", "master", "volume", "filer")
"""Each listens on two ports; S3 is spoken on the first of all."""


def environment(endpoint: str) -> dict[str, str]:
    """What its clients are told by the usual variables."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
    }


def command(folder: Path, ports: Sequence[int]) -> list[str]:
    """How it is started, with all its data in a folder that is new."""
    identity = {
        "name": "sample",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    own, internal = ports[: len(PARTS)], ports[len(PARTS) :]
    return [
        str(Path(sysconfig.get_path("scripts")) / "weed"),
        "server",
        "-s3",
        f"-dir={folder / 'data'}",
        f"-s3.config={folder / 's3.json'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        *(f"-{part}.port={port}" for part, port in zip(PARTS, own, strict=True)),
        *(f"-{part}.port.grpc={port}" for part, port in zip(PARTS, internal, strict=True)),
    ]


def free_ports(count: int = 2 * len(PARTS)) -> list[int]:
    """Ports nobody listens on at this moment."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def answers(endpoint: str) -> bool:
    """Whether it is up."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{endpoint}/status", timeout=1).is_success
    return False
