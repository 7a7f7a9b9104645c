"""Cases, acts and appeals for officers. Each asks for a post, as the admin does."""

from django.urls import path

from queueing.integrity.pages import acts, appeal_queue, cases, evidence

app_name = "cases"
urlpatterns = [
    path("perkara/", cases.case_list, name="list"),
    path("perkara/buka/", cases.open_case, name="open"),
    path("perkara/<slug:code>/", cases.case, name="case"),
    path("perkara/<slug:code>/siapkan/", cases.prepare, name="prepare"),
    path("perkara/<slug:code>/catat/", cases.note, name="note"),
    path("perkara/<slug:code>/tugaskan/", cases.assign, name="assign"),
    path("perkara/<slug:code>/putuskan/", cases.decide, name="decide"),
    path("perkara/<slug:code>/tutup/", cases.close, name="close"),
    path("perkara/<slug:code>/bukti/", evidence.make, name="evidence"),
    path("tindakan/<slug:code>/", acts.act, name="act"),
    path("tindakan/<slug:code>/jalankan/", acts.start, name="start"),
    path("tindakan/<slug:code>/tarik/", acts.withdraw, name="withdraw"),
    path("keberatan/", appeal_queue.queue, name="appeals"),
    path("keberatan/<slug:code>/", appeal_queue.answer, name="appeal"),
]
