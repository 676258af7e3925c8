"""The audit, as it is shown."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from api.schemas.common import Schema
from data.audit import Written
from data.audit_chain import Verified, Wrong


class AuditRowView(Schema):
    """What one transaction read and changed, and who did that."""

    number: int
    at: dt.datetime
    region: str
    actor: Annotated[str, Field(examples=["account:3"])]
    action: Annotated[str, Field(examples=["PUT /api/v1/requests/{request}"])]
    touched: Annotated[
        dict[str, Any],
        Field(
            description="By what happened (read, searched, added, changed, deleted, refused) and "
            "table: numbers of rows, and names of columns that were changed.",
            examples=[{"read": {"people": ["p12"]}, "changed": {"requests": {"r17": ["note"]}}}],
        ),
    ]
    request_id: Annotated[str, Field(description="Finds the lines of the log; may be empty.")]
    hash: str


class AuditView(Schema):
    """Rows, the newest first; *next* is *before* of the next page."""

    rows: list[AuditRowView]
    next: int | None


class AuditFaultView(Schema):
    """The first row that is wrong."""

    number: int
    wrong: Wrong


class VerifiedView(Schema):
    """Whether all rows are as they were written; *head* is to be noted elsewhere."""

    whole: bool
    rows: int
    head: Annotated[str, Field(description="Number and hash of the newest row.")]
    fault: AuditFaultView | None


def audit_view(rows: Sequence[Written], *, most: int) -> AuditView:
    """Show rows of the audit."""
    return AuditView(
        rows=[audit_row_view(row) for row in rows],
        next=rows[-1].number if len(rows) == most else None,
    )


def audit_row_view(row: Written) -> AuditRowView:
    """Show one row."""
    return AuditRowView(
        number=row.number,
        at=row.at,
        region=row.region,
        actor=row.actor,
        action=row.action,
        touched=row.touched,
        request_id=row.request_id,
        hash=row.hash.hex(),
    )


def verified_view(verified: Verified) -> VerifiedView:
    """Show what was found."""
    fault = verified.fault
    return VerifiedView(
        whole=fault is None,
        rows=verified.rows,
        head=str(verified.head),
        fault=AuditFaultView(number=fault.number, wrong=fault.wrong) if fault else None,
    )
