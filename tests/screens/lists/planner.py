"""Capacity: the month, a day, the usual hours, a backlog drive; and the office's figures."""

from tests.screens.page import Group, Page

AT = "/rencana/{office}/"
TRIAL = AT + "{day}/ubah/?kind=CLOSURE&reason=Banjir&periksa=1"
DRIVE = AT + "tunggakan/rencana/?people=90&hari={saturday}.12.1500"

GROUP = Group(
    "Planner and head",
    "capacity of an office, and what became of it",
    1280,
    [
        Page(
            "rencana",
            AT + "?bulan={month}",
            "Rencana",
            "A month of capacity as a heat grid.",
            who="perencana",
        ),
        Page(
            "rencana-hari",
            AT + "{day}/",
            "Rencana: satu hari",
            "One day by hour and channel.",
            who="perencana",
        ),
        Page(
            "rencana-ubah",
            AT + "{day}/ubah/",
            "Rencana: ubah hari",
            "Hours, stations, closure, a mall day.",
            who="perencana",
        ),
        Page(
            "rencana-coba",
            TRIAL,
            "Rencana: akibatnya",
            "Who is affected, before anything is saved.",
            who="perencana",
        ),
        Page(
            "rencana-biasa",
            AT + "{day_closed}/biasa/",
            "Rencana: kembali biasa",
            "A special day as usual again.",
            who="perencana",
        ),
        Page("rencana-jam", AT + "jam/", "Jam layanan", "The usual week.", who="kepala"),
        Page(
            "rencana-jam-hari",
            AT + "jam/selasa/",
            "Jam layanan: Selasa",
            "Hours and stations of one weekday.",
            who="perencana",
        ),
        Page(
            "tunggakan",
            AT + "tunggakan/",
            "Tunggakan",
            "So many people by then: what that takes.",
            who="perencana",
        ),
        Page(
            "tunggakan-rencana",
            DRIVE,
            "Tunggakan: rencana",
            "Proposed hours and stations, and their effect.",
            who="perencana",
        ),
        Page(
            "ringkasan",
            "/ringkasan/{office}/",
            "Ringkasan",
            "Today against the office's own past.",
            who="kepala",
        ),
        Page(
            "ringkasan-bulan",
            "/ringkasan/{office}/?rentang=bulan",
            "Ringkasan: bulan",
            "A month of charts, each with its table.",
            who="kepala",
        ),
        Page(
            "persetujuan-petugas",
            "/petugas/persetujuan/",
            "Persetujuan",
            "What waits for a second officer.",
            who="kepala",
        ),
        Page(
            "persetujuan-tolak",
            "/petugas/persetujuan/{approval}/tolak/",
            "Tolak permintaan",
            "Declining takes a reason.",
            who="kepala",
        ),
        Page(
            "persetujuan-angka",
            "/petugas/persetujuan/angka/?hari=90",
            "Angka persetujuan",
            "Who agrees with whom, and how fast.",
            who="kepala",
        ),
    ],
)
