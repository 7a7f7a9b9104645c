"""What the app's schema says of the door that tells where the awaited message is."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
WAIT = {"type": "integer", "description": "Seconds until another may be asked for."}
STATE: dict[str, Any] = {"$ref": "#/components/schemas/MessageState"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time", "nullable": True}
SENT: dict[str, Any] = {
    "to": TEXT | {"description": "Masked."},
    "state": STATE,
    "state_text": TEXT | {"description": "The state in words."},
    "advice": TEXT | {"description": "What to do next."},
    "resend_in": WAIT,
}
SAID: dict[str, Any] = {
    "to": TEXT | {"description": "Masked."},
    "state": {
        "nullable": True,
        "allOf": [STATE],
    },
    "state_text": TEXT | {"description": "The state in words."},
    "advice": TEXT | {"description": "What to do next."},
    "resend_in": WAIT,
    "meant": TEXT | {"description": "The address that was probably meant, masked; or empty."},
    "shows_other_ways": {"type": "boolean", "description": "It has taken long, or failed."},
    "counter_code": TEXT | {"nullable": True, "description": "To show at a counter with the KTP."},
    "counter_code_until": MOMENT,
    "text_by": TEXT
    | {"description": "How a code can be sent to a phone (SMS, WhatsApp); empty: not now."},
    "text": {"type": "object", "nullable": True, "properties": SENT, "required": list(SENT)},
    "is_verified": {
        "type": "boolean",
        "description": "At a counter or by a code to a phone: sign in with the password.",
    },
}


def conflict(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/AllauthConflictResponse"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _operation(
    summary: str, description: str, asked: dict[str, Any] | None = None
) -> dict[str, Any]:
    told = {
        "type": "object",
        "properties": {
            "status": {"type": "integer", "example": 200},
            "data": {"type": "object", "properties": SAID, "required": list(SAID)},
        },
        "required": ["status", "data"],
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = {
        "422": {"description": "The number or the code is refused.", "content": problem},
        "429": {"description": "Too soon, or too many.", "content": problem},
    }
    body = {"type": "object", "properties": asked, "required": list(asked)} if asked else None
    takes = {"requestBody": {"content": {"application/json": {"schema": body}}}} if asked else {}
    return takes | {
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
        }
        | (refusals if asked else {}),
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
TEXT_PATH = {
    "post": _operation(
        "Have a code sent to a phone",
        "Once `text_by` says how (else 409 `texts_off`). An empty number is the one before.",
        {"phone": TEXT | {"example": "0812 3456 7890"}},
    )
    | {"operationId": "allauth_app_v1_auth_email_text_post"},
}
CONFIRM_PATH = {
    "post": _operation(
        "Verify the sign-up by that code",
        "Then sign in with the password. 409 `address_has_account`: the address had one already.",
        {"code": TEXT | {"example": "123456"}},
    )
    | {"operationId": "allauth_app_v1_auth_email_text_confirm_post"},
}
