"""How the booking API describes itself (drf-spectacular), with an example of each answer."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from paspor.kernel.schema import PAGE, PROOF, REPLAYED, key
from queueing.admission.api.schema import TURN
from queueing.booking.api import serializers

BOOKINGS = ["bookings"]
CODE = OpenApiParameter(
    "code",
    str,
    OpenApiParameter.PATH,
    description="The booking's code; dashes and small letters are taken too.",
    examples=[OpenApiExample("A booking", "K7QX4M2P")],
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[201], description="The booking's address."
)
WISH = {
    "slot": "8KQ2M7XR4T",
    "places": [{"applicant": "4T7KQ2M8XR9B", "kind": "NEW", "passport_type": "ELECTRONIC"}],
    "confirm": True,
}
PAIR = {
    "slots": ["8KQ2M7XR4T", "2RXT9K4M7Q"],
    "places": [
        {"applicant": "4T7KQ2M8XR9B", "kind": "NEW", "passport_type": "ELECTRONIC"},
        {
            "applicant": "9B7XR4T2KQ8M",
            "kind": "NEW",
            "passport_type": "ELECTRONIC",
            "slot": "2RXT9K4M7Q",
        },
    ],
    "confirm": True,
}
PLACE: dict[str, Any] = {
    "applicant": "4T7KQ2M8XR9B",
    "name": "Siti Aminah",
    "state": "BOOKED",
    "state_label": "terjadwal",
    "kind": "NEW",
    "passport_type": "ELECTRONIC",
    "old_passport": "",
    "parents": "",
    "entitlement": "",
    "identity": "matched",
    "differing": [],
    "may_cancel": True,
    "may_move": True,
    "moved_to": "",
    "first_right_until": None,
}
BOOKING: dict[str, Any] = {
    "code": "K7QX4M2P",
    "state": "BOOKED",
    "state_label": "terjadwal",
    "channel": "ONLINE",
    "office": {
        "code": "KANIM-JAKARTA-SELATAN",
        "name": "Kantor Imigrasi Kelas I Khusus Non TPI Jakarta Selatan",
        "timezone": "Asia/Jakarta",
        "zone_name": "WIB",
    },
    "slot": "8KQ2M7XR4T",
    "day": "2026-12-01",
    "starts_at": "2026-12-01T08:00:00+07:00",
    "ends_at": "2026-12-01T09:00:00+07:00",
    "place": "",
    "note": "",
    "held_until": None,
    "created_at": "2026-11-24T03:15:02Z",
    "places": [PLACE],
    "may_confirm": False,
    "may_cancel": True,
    "may_move": True,
    "has_ticket": True,
    "moves_left": 1,
    "cancel_until": "2026-12-01T08:00:00+07:00",
    "move_until": "2026-12-01T00:00:00+07:00",
    "moved_from": "",
    "moved_to": "",
    "beside": "",
}
# What only the answer about one booking tells.
PERSON = PLACE | {
    "documents": [
        {"text": "KTP elektronik asli", "source": "Permenkumham 8/2014 pasal 4"},
        {"text": "Kartu keluarga (KK) asli", "source": "Permenkumham 8/2014 pasal 4 dan 5"},
    ],
    "examination": [],
}
DETAIL = {
    "places": [PERSON],
    "instead_of": None,
    "history": [
        {
            "at": "2026-11-24T10:15:02+07:00",
            "what": "BOOKED",
            "text": "Janji temu dipesan",
            "by": "oleh pemohon",
            "names": ["Siti Aminah"],
        }
    ],
}


def answer(*, status: str = "200", **changed: Any) -> OpenApiExample:
    return OpenApiExample(
        "A booking", BOOKING | DETAIL | changed, response_only=True, status_codes=[status]
    )


def request_example(body: dict[str, Any], name: str = "Asked") -> OpenApiExample:
    return OpenApiExample(name, body, request_only=True)


SETTINGS = {
    "server_time": "2026-11-24T03:15:02Z",
    "minimum_app_version": "1.0.0",
    "privacy_notice_version": "2026-11",
    "languages": [
        {"code": "id", "name": "Bahasa Indonesia"},
        {"code": "en", "name": "English"},
    ],
    "limits": {
        "people_per_booking": 5,
        "live_places_per_account": 5,
        "applicants_per_account": 5,
        "hold_minutes": 10,
        "book_cutoff_minutes": 60,
        "self_moves": 1,
        "horizon_days": 30,
        "page_size": 500,
        "body_bytes": 262144,
        "in_time": [
            {"limit": "account_holds", "most": 40, "hours": 24},
            {"limit": "person_bookings", "most": 6, "hours": 720},
        ],
    },
    "install_id": "pX3kQv0N9cUeYt1wZr8bLA:6fJ0pN1s5cQ3Yx7wLrV2bTzKd9HgEaUmXoIiSjPkRlM",
}
TICKET_OF_IT = {
    "code": "K7QX4M2P",
    "token": "P1.t1.SzdRWDRNMlB8S0FOSU0tSkFLU0VMfDIwMjYxMjAxfDE3OTYwODY4MDB8MQ.3q2-7w",
    "qr_svg": '<svg role="img" aria-label="Kode QR janji temu K7QX-4M2P">…</svg>',
}
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR\r\n"
CONFIG = extend_schema(
    operation_id="config",
    summary="Limits, languages and versions",
    tags=["config"],
    responses=serializers.ConfigOutput,
    examples=[OpenApiExample("Today's", SETTINGS, response_only=True)],
)
LIST = extend_schema(
    operation_id="bookings",
    summary="My bookings, the coming ones first",
    tags=BOOKINGS,
    parameters=PAGE,
    responses=serializers.BookingPageOutput,
    examples=[
        OpenApiExample(
            "A page",
            {"count": 1, "next": None, "previous": None, "results": [BOOKING]},
            response_only=True,
        )
    ],
)
BOOK = extend_schema(
    operation_id="book",
    summary="Hold a visit, or book it at once",
    description=(
        "All people or none. Without `confirm` the seats are held for some minutes "
        "(`held_until`), and `/confirm` books them. With `slots`, two neighbouring hours of a "
        "day, a family that no hour of it holds comes in both: two bookings, each with its own "
        "code and ticket, made in one step or not at all; the answer is the first, and its "
        "`beside` names the second. Where all find room in one of them it is one booking."
    ),
    tags=BOOKINGS,
    parameters=[key(required=True), PROOF, TURN, LOCATION, REPLAYED],
    request=serializers.BookingInput,
    responses={201: serializers.BookingDetail},
    examples=[
        request_example(WISH),
        request_example(PAIR, "A family in two neighbouring hours"),
        answer(status="201"),
    ],
)
READ = extend_schema(
    operation_id="booking",
    summary="One booking with its history",
    tags=BOOKINGS,
    parameters=[CODE],
    responses=serializers.BookingDetail,
    examples=[answer()],
)
CONFIRM = extend_schema(
    operation_id="confirm",
    summary="Book what is held",
    tags=BOOKINGS,
    parameters=[CODE, key(required=False), REPLAYED],
    request=serializers.NothingInput,
    responses=serializers.BookingDetail,
    examples=[request_example({}, "Nothing to say"), answer()],
)
CANCEL = extend_schema(
    operation_id="cancel",
    summary="Cancel for everyone, or for some",
    tags=BOOKINGS,
    parameters=[CODE, key(required=False), REPLAYED],
    request=serializers.ApplicantsInput,
    responses=serializers.BookingDetail,
    examples=[
        request_example({"applicants": ["4T7KQ2M8XR9B"]}, "Only one of them"),
        answer(
            state="CANCELLED",
            state_label="dibatalkan",
            places=[PERSON | {"state": "CANCELLED", "state_label": "dibatalkan"}],
        ),
    ],
)
RESCHEDULE = extend_schema(
    operation_id="reschedule",
    summary="Move everyone, or some, to another hour",
    description="Makes a new booking with a code of its own; nobody is ever left with nothing.",
    tags=BOOKINGS,
    parameters=[CODE, key(required=True), TURN, LOCATION, REPLAYED],
    request=serializers.RescheduleInput,
    responses={201: serializers.BookingDetail},
    examples=[request_example({"slot": "2RXT9K4M7Q"}), answer(status="201", moved_from="H2MX8Q4K")],
)
ERRANDS = extend_schema(
    operation_id="change_errands",
    summary="Tell anew what somebody comes for",
    description=(
        "For people who are booked, until the visit begins: a passport that was lost meanwhile, "
        "a parent who cannot come. Hour, seat and code stay; the documents follow."
    ),
    tags=BOOKINGS,
    parameters=[CODE, key(required=False), REPLAYED],
    request=serializers.ErrandsInput,
    responses=serializers.BookingDetail,
    examples=[
        request_example(
            {"places": [{"applicant": "4T7KQ2M8XR9B", "kind": "LOST"}]}, "Lost meanwhile"
        ),
        answer(
            places=[
                PERSON
                | {
                    "kind": "LOST",
                    "examination": ["Pada kunjungan pertama petugas bertanya …"],
                }
            ]
        ),
    ],
)
DECLINE = extend_schema(
    operation_id="decline",
    summary="Decline the first right after a closing",
    description=(
        "For a visit whose day the office closed without an alternative (`first_right_until`): "
        "no place is booked for its people any more. `wrong_state` where nobody waits."
    ),
    tags=BOOKINGS,
    parameters=[CODE, key(required=False), REPLAYED],
    request=serializers.NothingInput,
    responses=serializers.BookingDetail,
    examples=[
        request_example({}, "Nothing to say"),
        answer(
            state="CLOSED_BY_OFFICE",
            state_label="ditutup kantor",
            places=[PERSON | {"state": "CLOSED_BY_OFFICE", "state_label": "ditutup kantor"}],
        ),
    ],
)
TICKET = extend_schema(
    operation_id="ticket",
    summary="The ticket: a signed token and its QR code",
    description="The token can be checked without the server, under the portal's public key.",
    tags=BOOKINGS,
    parameters=[CODE],
    responses=serializers.TicketOutput,
    examples=[OpenApiExample("A ticket", TICKET_OF_IT, response_only=True)],
)
CALENDAR = extend_schema(
    operation_id="calendar",
    summary="The visit for a calendar (RFC 5545)",
    tags=BOOKINGS,
    parameters=[CODE],
    responses={
        (200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR, description="An .ics file.")
    },
    examples=[OpenApiExample("A file", ICS, response_only=True, media_type="text/calendar")],
)
LOOKUP = extend_schema(
    operation_id="lookup",
    summary="A booking by its code and a birth date, without signing in",
    description="Names are masked. A wrong code and a wrong date get the same answer. Where the "
    "office has closed that day, `moved_to` is the booking given instead: look that up next.",
    tags=BOOKINGS,
    auth=[],
    request=serializers.LookupInput,
    responses=serializers.BookingOutput,
    examples=[
        request_example({"code": "K7QX-4M2P", "birth_date": "1990-08-17"}),
        OpenApiExample(
            "A booking",
            BOOKING | {"places": [PLACE | {"name": "S••• A•••"}]},
            response_only=True,
        ),
    ],
)
CLAIM = extend_schema(
    operation_id="claim",
    summary="Tie a paper ticket of the counter to my account",
    description="Where an office has closed its day, the booking given instead is handed over "
    "and answered. A ticket that the account holds already is answered as it is.",
    tags=BOOKINGS,
    parameters=[key(required=False), REPLAYED],
    request=serializers.LookupInput,
    responses=serializers.BookingDetail,
    examples=[request_example({"code": "K7QX-4M2P", "birth_date": "1990-08-17"}), answer()],
)
