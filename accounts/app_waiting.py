"""What the app's schema says of the door that tells where the awaited message is."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time", "nullable": True}
SAID: dict[str, Any] = {
    "to": TEXT | {"description": "Masked."},
    "state": {
        "nullable": True,
        "allOf": [{"$ref": "#/components/schemas/MessageState"}],
    },
    "state_text": TEXT | {"description": "The state in words."},
    "advice": TEXT | {"description": "What to do next."},
    "resend_in": {"type": "integer", "description": "Seconds until another may be asked for."},
    "meant": TEXT | {"description": "The address that was probably meant, masked; or empty."},
    "shows_other_ways": {"type": "boolean", "description": "It has taken long, or failed."},
    "counter_code": TEXT | {"nullable": True, "description": "To show at a counter with the KTP."},
    "counter_code_until": MOMENT,
    "is_verified": {"type": "boolean", "description": "At a counter: sign in with the password."},
}


def conflict(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/AllauthConflictResponse"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _operation(summary: str, description: str) -> dict[str, Any]:
    told = {
        "type": "object",
        "properties": {
            "status": {"type": "integer", "example": 200},
            "data": {"type": "object", "properties": SAID, "required": list(SAID)},
        },
        "required": ["status", "data"],
    }
    return {
        "tags": ["Authentication: Account"],
        "summary": summary,
        "description": description,
        "parameters": [{"$ref": "#/components/parameters/AllauthSessionToken"}],
        "responses": {
            "200": {
                "description": "Where the message is.",
                "content": {"application/json": {"schema": told}},
            },
            "409": conflict("No code is awaited."),
        },
    }


PATH = {
    "get": _operation(
        "Where the awaited code is",
        "While a sign-up waits for its code: the state of the message, as it changes.",
    )
    | {"operationId": "allauth_app_v1_auth_email_waiting_get"},
    "post": _operation(
        "Ask for a code for the counter",
        "An officer at any counter verifies the address by this code and the KTP. The one that "
        "stands is given again.",
    )
    | {"operationId": "allauth_app_v1_auth_email_waiting_post"},
}
