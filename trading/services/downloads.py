"""Receipts for downloads: the platform's signed word that a firm had a version of the tender document, for that firm alone."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from core.identity.queries import people
from core.kernel import clock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.document import FileEntry
from trading.events_document import DownloadReceipted
from trading.models.download import DownloadReceipt
from trading.queries import document_versions as versions
from trading.queries import documents
from trading.queries.downloads import chain_of
from trading.queries.lot_page import may_have_document

MOST = 50  # receipts of one firm for one lot


def give_receipt(work: Work, number: str) -> dict[str, JSON]:
    """A receipt for the version in force, with the digests of all its files. Raises NotFound before the release."""
    org = work.actor.org
    if org is None or Role.BIDDER not in work.actor.roles:
        raise NotAllowed("bid.no_organisation")
    lot = may_have_document(work.session, number, work.actor)
    had = select(func.count()).where(DownloadReceipt.lot_id == lot.id, DownloadReceipt.org_id == org)
    if (work.session.scalar(had) or 0) >= MOST:
        raise RuleBroken("download.too_many", most=MOST)
    at = work.now()
    row = DownloadReceipt(
        id=new_id(at),
        number=f"DR-{secrets.token_hex(8).upper()}",  # drawn: a running one would count the downloads
        lot_id=lot.id,
        org_id=org,
        version=versions.version_of(work.session, lot.id),
        document_sha256=lot.document_sha256,
        given_at=at,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        DownloadReceipted(
            case=chain_of(number, org),
            subject=row.number,
            number=row.number,
            tender=number,
            org=org,
            name=people.organisation(work.session, org).name,
            version=row.version,
            document_sha256=row.document_sha256,
            files=[FileEntry(file.name, file.sha256, file.size) for file in documents.files(work.session, lot.id)],
            given_at=at,
        )
    )
    return {"number": row.number, "version": row.version, "given_at": clock.text(at)}
