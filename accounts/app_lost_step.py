"""What the app's schema says of a second step that is lost."""

from typing import Any

from accounts.app_waiting import MOMENT, TEXT

TOLD: dict[str, Any] = {
    "days": {"type": "integer", "description": "How long it takes."},
    "needs_password": {
        "type": "boolean",
        "description": "The sign-in came by a code from the mailbox: send the password as well.",
    },
    "code_asked_at": MOMENT | {"description": "Of a code that may still be given back."},
    "due_at": MOMENT | {"description": "It was asked for: the second step goes from then on."},
    "why_not": TEXT | {"nullable": True, "description": "What stands against it, as a code."},
    "why_not_text": TEXT | {"description": "The same in words; or empty."},
}


def _operation(
    summary: str, description: str, name: str, asked: dict[str, Any] | None = None
) -> dict[str, Any]:
    told = {
        "type": "object",
        "properties": {
            "status": {"type": "integer", "example": 200},
            "data": {"type": "object", "properties": TOLD, "required": list(TOLD)},
        },
        "required": ["status", "data"],
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = {
        "403": {"description": "An officer's: two others take it off.", "content": problem},
        "409": {"description": "Something stands against it (`why_not`).", "content": problem},
        "422": {"description": "Password or code is refused.", "content": problem},
        "429": {"description": "Too soon, or too many.", "content": problem},
    }
    body = {"type": "object", "properties": asked} if asked else None
    takes = {"requestBody": {"content": {"application/json": {"schema": body}}}} if asked else {}
    return takes | {
        "tags": ["Authentication: 2FA"],
        "operationId": f"allauth_app_v1_auth_2fa_lost_{name}",
        "summary": summary,
        "description": description,
        "parameters": [{"$ref": "#/components/parameters/AllauthSessionToken"}],
        "responses": {
            "200": {
                "description": "What stands of it.",
                "content": {"application/json": {"schema": told}},
            },
            "401": {"description": "No sign-in waits for its second step."},
        }
        | (refusals if asked else {}),
    }


PATH = {
    "get": _operation(
        "Whether a lost second step can be taken off",
        "While a sign-in waits for its second step (`mfa_authenticate`), and phone, key and spare "
        "codes are all lost.",
        "get",
    ),
    "post": _operation(
        "Have a code sent for it",
        "To the account's address; once a minute.",
        "post",
        {"password": TEXT | {"description": "Where `needs_password` says so."}},
    ),
}
CONFIRM_PATH = {
    "post": _operation(
        "Ask for it with that code",
        "The second step is taken off after `days`. Letters and signed-in devices tell of it, and "
        "any of them stops it, as does signing in with the second step.",
        "confirm_post",
        {"code": TEXT | {"example": "K7QX-4M2P"}},
    ),
}
