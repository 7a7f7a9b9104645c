"""What the owner of a visit is told of its people's identities, kindly and with what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.rules import Identity
from queueing.booking.selectors import BookingView, PlaceView


@dataclass(frozen=True)
class Note:
    """Of the places that ``is_about`` picks: their names go into the title."""

    is_about: Callable[[PlaceView], bool]
    tone: str
    title: str | Promise
    text: str | Promise
    may_object: bool = False


def _has_identity(identity: Identity) -> Callable[[PlaceView], bool]:
    return lambda place: place.is_live and place.identity == identity


def _ended(reason: str) -> Callable[[PlaceView], bool]:
    return lambda place: place.reason == reason


NOTES = (
    Note(
        _has_identity(Identity.NOT_CHECKED),
        "info",
        _("Identitas belum diperiksa: %(names)s"),
        _(
            "Kami menanyakannya kepada Dukcapil. Tempat Anda tetap berlaku dan Anda tidak perlu "
            "melakukan apa pun; bila ada yang perlu diketahui, Anda kami kabari."
        ),
    ),
    Note(
        _has_identity(Identity.DIFFERS),
        "warning",
        _("Data berbeda dengan Dukcapil: %(names)s"),
        _(
            "Yang berbeda: %(fields)s. Tempat Anda tetap berlaku. Bawa KTP asli; petugas "
            "mencocokkannya di loket."
        ),
    ),
    Note(
        _has_identity(Identity.NOT_FOUND),
        "warning",
        _("NIK tidak ditemukan di Dukcapil: %(names)s"),
        _("Tempat Anda tetap berlaku. Bawa KTP asli; petugas memeriksanya di loket."),
    ),
    Note(
        _ended("identity_not_found"),
        "error",
        _("Tempat digugurkan karena NIK tidak ditemukan: %(names)s"),
        _(
            "Periksa NIK itu di KTP. Bila salah ketik, perbaiki datanya lalu pesan kembali. Bila "
            "sudah benar, hubungi Disdukcapil, atau datang ke loket kantor imigrasi mana pun "
            "dengan KTP asli: setelah petugas melihatnya, Anda dapat memesan kembali."
        ),
        may_object=True,
    ),
)


def notes(view: BookingView) -> list[dict[str, str | bool]]:
    """One for all people whom the same is to be said of."""
    shown = []
    for note in NOTES:
        people = [place for place in view.places if note.is_about(place)]
        if not people:
            continue
        fields = dict.fromkeys(name for place in people for name in place.differing)
        said = {
            "names": ", ".join(place.name for place in people),
            "fields": words.fields(fields),
        }
        shown.append(
            {
                "tone": note.tone,
                "title": str(note.title) % said,
                "text": str(note.text) % said,
                "may_object": note.may_object,
            }
        )
    return shown
