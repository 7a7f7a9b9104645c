"""The planner's addresses. That without an office leads to the officer's own, or asks which."""

from django.urls import path

from queueing.planning.pages import changes, drive, month, walk_ins

app_name = "planning"
urlpatterns = [
    path("", month.start, name="start"),
    path("<slug:office>/", month.month, name="month"),
    path("<slug:office>/jam/", changes.week, name="week"),
    path("<slug:office>/jam/<slug:weekday>/", changes.weekday, name="weekday"),
    path("<slug:office>/kursi-loket/", walk_ins.back, name="back"),
    path("<slug:office>/tunggakan/", drive.ask, name="drive"),
    path("<slug:office>/tunggakan/rencana/", drive.plan, name="drive-plan"),
    path("<slug:office>/permintaan/<slug:code>/", month.put_away, name="put-away"),
    path("<slug:office>/<slug:day>/", month.day, name="day"),
    path("<slug:office>/<slug:day>/ubah/", changes.special, name="special"),
    path("<slug:office>/<slug:day>/biasa/", changes.usual, name="usual"),
]
