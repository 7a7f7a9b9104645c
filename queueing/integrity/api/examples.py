"""What the public figures look like over the API, for its description."""

from drf_spectacular.utils import OpenApiExample

DAY = {
    "day": "2026-11-23",
    "is_over": True,
    "released": 140,
    "free": 3,
    "booked": 151,
    "attended": 128,
    "turned_away": 2,
    "no_show": 7,
    "returned": 14,
    "voided": 1,
    "closed": 0,
    "officer_made": 9,
    "walk_in": 5,
    "priority": 18,
    "walk_in_offline": 0,
}
DEFINITIONS = {
    "released": "Seats opened for that day to the public or to the counter, and not withdrawn.",
    "free": "Of Released: held by nobody; once the day is over: unused.",
    "booked": "Places confirmed for that day, whatever became of them.",
    "attended": "Of Booked: the person was received at the counter or has been served.",
    "turned_away": "Of Booked: the person came but could not be served.",
    "no_show": "Of Booked: the person had not come when the office closed for the day.",
    "returned": "Of Booked: cancelled or moved by the applicant, or voided.",
    "voided": "Of Seats returned: voided because it was not honest.",
    "closed": "Of Booked: ended because the office closed that hour.",
    "officer_made": "Of Booked: made by an officer for the applicant.",
    "walk_in": "Of By officers: because the applicant came to the office.",
    "priority": "Of Booked: in the priority channel.",
    "walk_in_offline": "Beside Booked: came without a booking while the portal was away.",
}
FIGURES = {
    "office": "KANIM-DENPASAR",
    "timezone": "Asia/Makassar",
    "zone_name": "WITA",
    "as_of": "2026-11-24T11:15:02.120000+08:00",
    "definitions": DEFINITIONS,
    "days": [DAY],
}
HEADS = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [
        {
            "day": "2026-11-23",
            "taken_at": "2026-11-24T00:00:04.210000+07:00",
            "digest": "317f57eeab3c9427ddebeb39726e9618abc1e5bb03b4ab5f211163ce08f1afe5",
            "heads": [
                {"stream": "KANIM-DENPASAR", "seq": 9120, "digest": "9f" * 32},
                {"stream": "NATIONAL", "seq": 412, "digest": "3c" * 32},
            ],
        }
    ],
}


def answers(name: str, value: object) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, response_only=True)]
