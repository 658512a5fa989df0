"""Uploads in parts that were begun in a bucket and never ended, which no listing of files shows.

Amazon S3 API reference: "ListMultipartUploads", "AbortMultipartUpload". The client of the store has no word for them,
so these two requests are signed here, as "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)"
says. Where the bucket is and who we are is read from an address that the client signs. The secret comes from the
environment; where a machine's role takes its place nothing can be asked here, and the bucket's own rule must do.
"""

import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.etree import ElementTree

import httpx
import obstore

if TYPE_CHECKING:
    from obstore.store import S3Store

GOOD_FOR = timedelta(minutes=15)
SECRET = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - where it is found
SIGNATURE = "X-Amz-Signature"
METHOD = "AWS4-HMAC-SHA256"
GONE = httpx.codes.NOT_FOUND


@dataclass(frozen=True)
class Unfinished:
    """An upload under a key of the bucket, by its id, and when it was begun by the clock of the store."""

    key: str
    upload_id: str
    since: datetime


class Bucket:
    """A bucket and what signs requests to it: `root` is its address, `given` what every signature is made of."""

    def __init__(self, root: str, given: Mapping[str, str], secret: str) -> None:
        self._root = root
        self._given = given
        self._secret = secret

    @classmethod
    async def of(cls, store: "S3Store") -> "Bucket | None":
        """The bucket of a store, or None where there is no secret to sign with."""
        if not (secret := os.environ.get(SECRET)):
            return None
        signed = urlsplit(await obstore.sign_async(store, "GET", "any", GOOD_FOR))
        given = {name: value for name, value in parse_qsl(signed.query) if name != SIGNATURE}
        path = unquote(signed.path).removesuffix("/".join(["", *filter(None, [store.prefix]), "any"]))
        return cls(f"{signed.scheme}://{signed.netloc}{quote(path)}", given, secret)

    async def unfinished(self, prefix: str) -> AsyncIterator[Unfinished]:
        """What was begun under keys that begin so. Raises `httpx.HTTPError`."""
        page = {"uploads": "", "prefix": prefix}
        async with httpx.AsyncClient() as client:
            while page:
                answer = await client.get(self._signed("GET", "", page))
                told = ElementTree.fromstring(answer.raise_for_status().content)  # noqa: S314 - of our own store
                for each in told.iterfind("{*}Upload"):
                    yield _upload(each)
                page = _next_page(told, page)

    async def abort(self, upload: Unfinished) -> None:
        """Let go of what has arrived of it; that it has ended meanwhile is no error. Raises `httpx.HTTPError`."""
        async with httpx.AsyncClient() as client:
            answer = await client.delete(self._signed("DELETE", upload.key, {"uploadId": upload.upload_id}))
        if answer.status_code != GONE:
            answer.raise_for_status()

    def _signed(self, method: str, key: str, asked: Mapping[str, str]) -> str:
        address = urlsplit(f"{self._root}/{quote(key)}")
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self._query(asked))
        request = "\n".join([method, address.path, query, f"host:{address.netloc}\n", "host", "UNSIGNED-PAYLOAD"])
        return f"{address.geturl()}?{query}&{SIGNATURE}={self._signature(request)}"

    def _query(self, asked: Mapping[str, str]) -> list[tuple[str, str]]:
        return sorted({**self._given, **asked}.items())

    def _signature(self, request: str) -> str:
        _, _, scope = self._given["X-Amz-Credential"].partition("/")
        hashed = hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{self._secret}".encode()
        for part in scope.split("/"):
            key = _hmac(key, part)
        return _hmac(key, "\n".join([METHOD, self._given["X-Amz-Date"], scope, hashed])).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _upload(told: ElementTree.Element) -> Unfinished:
    key, upload_id, since = (told.findtext(f"{{*}}{name}", "") for name in ("Key", "UploadId", "Initiated"))
    return Unfinished(key, upload_id, datetime.fromisoformat(since))


def _next_page(told: ElementTree.Element, page: Mapping[str, str]) -> dict[str, str]:
    if told.findtext("{*}IsTruncated") != "true":
        return {}
    key, upload = told.findtext("{*}NextKeyMarker", ""), told.findtext("{*}NextUploadIdMarker", "")
    return {**page, "key-marker": key, "upload-id-marker": upload}
