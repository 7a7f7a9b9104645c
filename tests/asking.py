"""Requests for a second officer's yes, as tests make them."""

from typing import Any

from offices.services.approvals import Request


def columns(request: Request) -> dict[str, Any]:
    """What ApprovalFactory needs to make the row of this request."""
    return {
        "act": request.act,
        "subject": request.subject,
        "office": request.office,
        "about": request.matter.to_json(),
    }
