"""What everybody may know of every office, and its officers' overview; claims; appeals."""

from django.urls import path

from queueing.integrity.pages import appeals, claims, claims_counter, figures, overview

app_name = "integrity"
urlpatterns = [
    path("angka/", figures.nation, name="figures"),
    path("kantor/<slug:code>/angka/", figures.office, name="office-figures"),
    path("ringkasan/", overview.start, name="overview"),
    path("ringkasan/unduh/", overview.nation_file, name="overview-file"),
    path("ringkasan/<slug:office>/", overview.office, name="office-overview"),
    path("ringkasan/<slug:office>/unduh/", overview.office_file, name="office-overview-file"),
    path("klaim-nik/<slug:applicant>/", claims.start, name="claim-start"),
    path("klaim-nik/nomor/<slug:code>/", claims.claim, name="claim"),
    path("loket/<slug:office>/identitas/", claims_counter.identity, name="identity"),
    path("loket/<slug:office>/identitas/cari/", claims_counter.find, name="claim-find"),
    path(
        "loket/<slug:office>/identitas/klaim/<slug:code>/",
        claims_counter.decide,
        name="claim-decide",
    ),
    path("keberatan/", appeals.overview, name="appeal"),
    path("keberatan/<slug:about>/<slug:code>/", appeals.file, name="appeal-file"),
]
