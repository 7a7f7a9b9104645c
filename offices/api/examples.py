"""What an office looks like over the API, for its description."""

from drf_spectacular.utils import OpenApiExample

OFFICE = {
    "code": "KANIM-DENPASAR",
    "kind": "KANIM",
    "name": "Kantor Imigrasi Kelas I TPI Denpasar",
    "grade": "I TPI",
    "parent": None,
    "regency": "Kota Denpasar",
    "province": "Bali",
    "timezone": "Asia/Makassar",
    "zone_name": "WITA",
    "latitude": -8.67,
    "longitude": 115.23,
    "address": "",
    "phone": "",
    "email": "",
    "passport_types": ["ELECTRONIC"],
    "needs_referral": False,
}
HOURS = {
    "weekday": 0,
    "opens": "08:00:00",
    "closes": "15:00:00",
    "break_starts": "12:00:00",
    "break_ends": "13:00:00",
}
ANNOUNCEMENT = {
    "code": "M7QX4K2P",
    "kind": "EXTRA_DAY",
    "first_day": "2026-12-05",
    "last_day": "2026-12-05",
    "text": "Sabtu 5 Desember kami melayani sampai pukul 12.00.",
}
OFFICE_DETAIL = OFFICE | {"opening_hours": [HOURS], "announcements": [ANNOUNCEMENT]}
PAGE = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [OFFICE | {"distance_km": 3.4}],
}

INCIDENT = {
    "code": "7KQX4M",
    "part": "MAIL",
    "office": None,
    "text": "Kode verifikasi terlambat sampai.",
    "started_at": "2026-11-23T02:00:00Z",
    "expected_end": "2026-11-23T05:00:00Z",
    "opens_walk_in": False,
    "excuses_visits": True,
    "updates": [{"at": "2026-11-23T02:30:00Z", "text": "Jalur kedua sudah dipakai."}],
}


def answers(name: str, value: object) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, response_only=True)]
