"""Evidence room at the edge: machines that bring evidence over HTTP, and the keys that leads make for them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import structlog
from aiohttp import web

from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from bot.files.storing import MEGABYTE
from bot.http.seldom import Seldom
from bot.services import Services
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.routes import form, press
from messages.machines import keys as words
from messages.machines.payloads import MachineKeyRef
from messages.words.payloads import Nothing
from storage.engine.errors import StoreUnavailable
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from workflows.deed import Deed, as_the_bot
from workflows.evidence.arrivals import Piece
from workflows.machines import keys as machine_keys
from workflows.machines.keys import Claim, KeyStanding, MachineRefused, RequestFault
from workflows.machines.refusals import KeysNotSetUp
from workflows.people import questions as people_questions

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_CHUNKS = 30.0

STATUS: Mapping[RequestFault, HTTPStatus] = MappingProxyType(
    {
        RequestFault.MALFORMED: HTTPStatus.BAD_REQUEST,
        RequestFault.UNSIGNED: HTTPStatus.UNAUTHORIZED,
        RequestFault.OLD: HTTPStatus.UNAUTHORIZED,
        RequestFault.REVOKED: HTTPStatus.FORBIDDEN,
        RequestFault.MAKER_GONE: HTTPStatus.FORBIDDEN,
        RequestFault.REPLAYED: HTTPStatus.CONFLICT,
        RequestFault.NO_TASK: HTTPStatus.CONFLICT,
        RequestFault.DIGEST_DIFFERS: HTTPStatus.UNPROCESSABLE_ENTITY,
        RequestFault.EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
        RequestFault.WRONG_KIND: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        RequestFault.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        RequestFault.STALLED: HTTPStatus.REQUEST_TIMEOUT,
        RequestFault.STORE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
        RequestFault.NOT_SET_UP: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)

ADDRESS = r"/evidence/{key:[0-9a-f]{1,32}}"

# --- what machines do ---


def page(services: Services, workspace_id: str) -> web.RouteDef:
    """`POST /evidence/<key>`: where machines bring evidence."""
    return web.post(ADDRESS, Intake(services, workspace_id).receive)


class Intake:
    """The door for machines. `patience` is for how many seconds a body may stop coming."""

    def __init__(self, services: Services, workspace_id: str, patience: float = SECONDS_BETWEEN_CHUNKS) -> None:
        self._services = services
        self._workspace_id = workspace_id
        self._patience = patience
        self._seldom = Seldom()
        self._most = services.settings.evidence_most_mb * MEGABYTE
        self._secret = _secret(services)

    async def receive(self, request: web.Request) -> web.Response:
        """`POST /evidence/<key>`: keep the body, and say so or why not in JSON."""
        try:
            return await self._receive(request)
        except MachineRefused as no:
            self._tell(request.match_info["key"], no.fault)
            said = {"kept": False, "fault": no.fault.value, "sentence": words.answer(no.fault, most=self._most)}
            return web.json_response(said, status=STATUS[no.fault])

    def _tell(self, key: str, fault: RequestFault) -> None:
        entry = self._seldom.entry(fault)  # any stranger can be refused, as often as they like
        if entry.is_due:
            log.warning("a machine was refused", key=key, fault=fault.value, left_out=entry.left_out)

    async def _receive(self, request: web.Request) -> web.Response:
        claim = _claim(request)
        machine_keys.must_be_well_formed(claim)
        run, at = self._services.database, self._services.clock.now()
        if not self._secret:
            raise MachineRefused(RequestFault.NOT_SET_UP)
        # Before a single byte of the body is taken; and again when it is kept, since that may be much later.
        await run.read(self._workspace_id, machine_keys.authentic, claim, server_secret=self._secret, at=at)
        piece = await self._store(request, claim)
        delivered = await run.run(
            self._workspace_id,
            as_the_bot(machine_keys.deliver, at),
            claim=claim,
            piece=piece,
            server_secret=self._secret,
        )
        self._services.wake()
        return web.json_response(_said(delivered), status=HTTPStatus.OK if delivered.again else HTTPStatus.CREATED)

    async def _store(self, request: web.Request, claim: Claim) -> Piece:
        head = bytearray()
        try:
            blob = await self._services.blobs.put(self._body(request, claim, head))
        except StoreUnavailable as error:
            raise MachineRefused(RequestFault.STORE_UNAVAILABLE) from error
        kind = media_type(bytes(head), claim.name)
        return Piece(claim.name, blob.sha256, blob.size, kind, machine_keys.source_of(claim))

    async def _body(self, request: web.Request, claim: Claim, head: bytearray) -> AsyncIterator[bytes]:
        """The body as it comes, counted and hashed; an error here lets nothing of it be kept."""
        hashed, received = hashlib.sha256(), 0
        if (request.content_length or 0) > self._most:
            raise MachineRefused(RequestFault.TOO_LARGE)
        while chunk := await self._chunk(request):
            received += len(chunk)
            if received > self._most:
                raise MachineRefused(RequestFault.TOO_LARGE)
            hashed.update(chunk)
            head.extend(chunk[: ENOUGH_TO_TELL - len(head)])
            yield chunk
        if not received:
            raise MachineRefused(RequestFault.EMPTY)
        if hashed.hexdigest() != claim.sha256:
            raise MachineRefused(RequestFault.DIGEST_DIFFERS)

    async def _chunk(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._patience):
                return await request.content.readany()
        except TimeoutError as error:
            raise MachineRefused(RequestFault.STALLED) from error


def _secret(services: Services) -> str:
    """What keys are made with; empty where the bot isn't set up for them."""
    secret = services.settings.machine_secret
    return secret.get_secret_value() if secret else ""


def _claim(request: web.Request) -> Claim:
    said = request.headers
    return Claim(
        public_id=request.match_info["key"],
        timestamp=said.get("X-Deskaudit-Timestamp", ""),
        nonce=said.get("X-Deskaudit-Nonce", ""),
        once=said.get("Idempotency-Key", ""),
        name=unquote(said.get("X-Deskaudit-Name", "")),
        sha256=said.get("X-Deskaudit-SHA256", ""),
        signature=said.get("X-Deskaudit-Signature", ""),
    )


def _said(delivered: machine_keys.Delivered) -> dict[str, Any]:
    kept = delivered.evidence
    return {
        "kept": True,
        "evidence": kept.id,
        "sha256": kept.sha256,
        "size": kept.size,
        "task": delivered.task.title,
        "sentence": words.answer("kept_before" if delivered.again else "kept", title=delivered.task.title),
    }


# --- what leads do ---


async def list_keys(call: Command) -> Reply:
    """`/iso evidence keys`."""
    found = await call.ask(machine_keys.keys)
    return Tell(words.listing([_item(each) for each in found], is_set_up=bool(_secret(call.services))))


def _item(standing: KeyStanding) -> words.KeyItem:
    key = standing.key
    return words.KeyItem(
        ref=MachineKeyRef(key.id),
        name=key.name,
        public_id=key.public_id,
        obligation=standing.obligation.title,
        made_by=key.made_by,
        made_at=key.made_at,
        used_at=key.used_at,
    )


async def new(call: Press[Nothing]) -> Reply:
    """A lead wants a key."""
    found = await call.ask(_obligations)
    if not _secret(call.services):
        raise KeysNotSetUp
    return Open(words.form([(str(each.id), each.title) for each in found]))


def _obligations(deed: Deed) -> list[Obligation]:
    machine_keys.keys(deed)
    people_questions.programme_must_run(deed.uow)
    return programme_queries.living(deed.uow)


async def make(call: Form[Nothing]) -> Reply:
    """The key, with its secret, told once."""
    obligation_id = int(call.choice(words.OBLIGATION) or 0)
    key, told = await call.act(
        machine_keys.make, name=call.text(words.NAME), obligation_id=obligation_id, server_secret=_secret(call.services)
    )
    found = await call.ask(_obligations)
    title = next(each.title for each in found if each.id == key.obligation_id)
    url = f"{call.services.settings.reached_at}evidence/{key.public_id}"
    return Tell(words.made(name=key.name, url=url, secret=told, obligation=title))


async def revoke(call: Press[MachineKeyRef]) -> Reply:
    """No key any more."""
    ended = await call.act(machine_keys.revoke, key_id=call.payload.key)
    return Tell(words.revoked(name=ended.name))


ROUTES = (
    press(words.NEW, Nothing, new),
    form(words.FORM, Nothing, make),
    press(words.REVOKE, MachineKeyRef, revoke),
)
