"""What availability looks like over the API, for its description."""

from drf_spectacular.utils import OpenApiExample

HOUR = {
    "slot": "8KQ2M7XR4T",
    "starts_at": "2026-12-01T08:00:00+08:00",
    "ends_at": "2026-12-01T09:00:00+08:00",
    "free": 7,
}
AVAILABILITY = {
    "office": "KANIM-DENPASAR",
    "timezone": "Asia/Makassar",
    "zone_name": "WITA",
    "needs_referral": False,
    "as_of": "2026-11-24T11:15:02.120000+08:00",
    "days": [
        {
            "day": "2026-12-01",
            "state": "open",
            "why_code": "",
            "why": "",
            "opens_at": None,
            "hours": [HOUR],
            "neighbours": [],
            "place": "",
            "note": "",
            "holiday": "",
            "closed": [],
        }
    ],
}
NEAREST = {
    "as_of": "2026-11-24T10:15:02.120000+07:00",
    "results": [
        {
            "office": {
                "code": "KANIM-DENPASAR",
                "name": "Kantor Imigrasi Kelas I TPI Denpasar",
                "kind": "KANIM",
                "regency": "Kota Denpasar",
                "province": "Bali",
                "timezone": "Asia/Makassar",
                "zone_name": "WITA",
            },
            "distance_km": 3.4,
            "day": "2026-12-01",
            **HOUR,
            "beside": None,
        }
    ],
    "why_code": "",
    "why": "",
    "opens_at": None,
    "elsewhere": None,
    "later": None,
}


def answers(name: str, value: object) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, response_only=True)]
