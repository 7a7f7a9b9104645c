"""A moment is shown with its zone: 14.00 in Denpasar is not 14.00 in Jakarta."""

# Django's own puts a dot after some months and none after others.
DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j M Y, H.i T"
TIME_FORMAT = "H.i"
