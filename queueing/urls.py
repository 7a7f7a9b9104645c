"""The citizen's pages. The addresses are Indonesian, as people read them to each other."""

from django.urls import path

from queueing.booking.pages import (
    answer,
    change,
    choose,
    errand,
    guide,
    hold,
    lookup,
    office_list,
    visits,
    who,
)

app_name = "queueing"
urlpatterns = [
    path("panduan/", guide.questions, name="guide"),
    path("kantor/", office_list.office_list, name="office-list"),
    path("kantor/<slug:code>/", choose.office, name="office"),
    path("kantor/<slug:code>/<slug:day>/", choose.day, name="day"),
    path("pesan/<slug:slot>/", who.book, name="book"),
    path("pesan/<slug:slot>/orang/", who.add_person, name="book-add"),
    path("janji/", visits.booking_list, name="booking-list"),
    path("janji/<slug:code>/", visits.booking, name="booking"),
    path("janji/<slug:code>/periksa/", hold.review, name="review"),
    path("janji/<slug:code>/pesan/", hold.confirm, name="confirm"),
    path("janji/<slug:code>/lepas/", hold.let_go, name="let-go"),
    path("janji/<slug:code>/tiket/", visits.full_ticket, name="full-ticket"),
    path("janji/<slug:code>/kalender.ics", visits.calendar, name="calendar"),
    path("janji/<slug:code>/ubah/", change.move, name="move"),
    path("janji/<slug:code>/ubah/<slug:slot>/", change.move_review, name="move-review"),
    path("janji/<slug:code>/keperluan/", errand.change, name="errand"),
    path("janji/<slug:code>/tidak-perlu/", change.decline, name="decline"),
    path("janji/<slug:code>/batal/", change.cancel, name="cancel"),
    # The reminder's link: whoever has the letter, without signing in.
    path("kedatangan/<str:token>/", answer.page, name="answer"),
    path("cek/", lookup.check, name="check"),
    path("cek/tiket/", lookup.checked, name="checked"),
    path("cek/tiket/pengganti/", lookup.replacement, name="checked-instead"),
    path("tiket/klaim/", lookup.claim, name="claim"),
]
