"""Telling witnesses of published heads: by mail, and to an address that takes them."""

import asyncio
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import httpx
import structlog

from bot.http.fetching import machines_certificates
from bot.services import Services
from bot.settings import Settings
from messages.reviews import witnesses as words
from storage.record.signing import head_message
from storage.reviews.tables import Way
from workflows.reviews import witnesses
from workflows.reviews.witnesses import Head

log = structlog.get_logger(__name__)

SECONDS = 30
"""Within which a witness must have taken a head."""

Statement = dict[str, str | int]


async def publish(services: Services, workspace_id: str) -> None:
    """Begin to tell whatever head is due to be told, beside everything else."""
    for way in _ways(services.settings):
        if head := await services.database.run(workspace_id, witnesses.claim, way, at=services.clock.now()):
            services.later(tell(services, way, head), about=f"head {head.sequence} by {way}")


async def tell(services: Services, way: Way, head: Head) -> None:
    """Tell a witness, and note whether it was. After a crash in between it is told again, which does no harm."""
    stated = statement(services.settings, head)
    try:
        await (_mail(services.settings, stated) if way is Way.MAIL else _post(services.settings, stated))
    except (OSError, smtplib.SMTPException, httpx.HTTPError) as error:
        log.warning("a head of the trail reached no witness", way=way.value, error=type(error).__name__)
        await services.database.run(head.workspace_id, witnesses.failed, head, why=type(error).__name__)
    else:
        await services.database.run(head.workspace_id, witnesses.told, head, at=services.clock.now())


def statement(settings: Settings, head: Head) -> Statement:
    """What a witness is told: the head, signed where there is a key."""
    stated: Statement = {
        "workspace": head.workspace_id,
        "week_of": head.week_of,
        "sequence": head.sequence,
        "hash": head.hash,
    }
    if signer := settings.signer():
        message = head_message(head.workspace_id, head.sequence, head.hash)
        stated |= {"key": signer.key, "signature": signer.sign(message)}
    return stated


def _ways(settings: Settings) -> list[Way]:
    return [
        *([Way.MAIL] if settings.witness_mail and settings.smtp_url else []),
        *([Way.POST] if settings.witness_url else []),
    ]


async def _post(settings: Settings, stated: Statement) -> None:
    assert settings.witness_url is not None  # else nothing is told this way
    async with httpx.AsyncClient(verify=machines_certificates(), timeout=SECONDS) as client:
        (await client.post(settings.witness_url.get_secret_value(), json=stated)).raise_for_status()


async def _mail(settings: Settings, stated: Statement) -> None:
    assert settings.smtp_url is not None  # else nothing is told this way
    mail = EmailMessage()
    mail["Subject"], body = words.mail(stated)
    mail["From"], mail["To"] = settings.mail_from, ", ".join(settings.witness_mail)
    mail.set_content(body)
    await asyncio.to_thread(_send, settings.smtp_url.get_secret_value(), mail)


def _send(url: str, mail: EmailMessage) -> None:
    server = urlsplit(url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(server.hostname or "", server.port or 0, timeout=SECONDS) as smtp:
        if server.scheme == "smtp+starttls":
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(mail)
