"""What the account's part of the API looks like, for its description. Invented people."""

from drf_spectacular.utils import OpenApiExample

PERSON = {
    "code": "4T7KQ2M8XR9B",
    "name": "Siti Aminah",
    "nik": "••••••••••••0001",
    "birth_date": "1990-08-17",
    "sex": "F",
    "has_kk": False,
    "is_holder": True,
    "guardian_declared": False,
    "warnings": [],
}
NEW_PERSON = {
    "name": "Siti Aminah",
    "nik": "3171995708900001",
    "birth_date": "1990-08-17",
    "sex": "F",
    "is_holder": True,
}
ACCOUNT = {
    "code": "9RB4T7KQ2M8X",
    "email": "siti@contoh.test",
    "phone": "+6281234567890",
    "language": "id",
    "joined_at": "2026-11-01T09:30:00+07:00",
    "notice_version": "2026-11",
    "suspended_at": None,
    "consent_needed": False,
    "second_step_until": None,
    "mail_trouble": None,
}
MESSAGES = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [
        {
            "code": "M8XR9B4T7KQ2",
            "kind": "booked",
            "subject": "Janji temu paspor K7QX-4M2P",
            "channel": "EMAIL",
            "to": "s•••@contoh.test",
            "state": "ACCEPTED",
            "state_text": "diterima server penerima",
            "advice": "Periksa juga folder Spam.",
            "created_at": "2026-11-24T10:15:02+07:00",
            "changed_at": "2026-11-24T10:15:04+07:00",
        }
    ],
}
HELD = {
    "account": ACCOUNT,
    "applicants": [{"code": PERSON["code"], "name": "Siti Aminah", "nik": "3171995708900001"}],
    "bookings": [{"code": "K7QX4M2P", "office": "KANIM-JAKSEL", "day": "2026-12-01"}],
}


def answers(name: str, value: object) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, response_only=True)]


def asks(name: str, value: object) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, request_only=True)]
