"""A moment is shown with its zone: 14.00 in Denpasar is not 14.00 in Jakarta."""

DATETIME_FORMAT = "j M Y, H:i T"
TIME_FORMAT = "H:i"
