"""What goes wrong, what waits, and what only developers see."""

from tests.screens.acts import documented
from tests.screens.page import Group, Page

GROUP = Group(
    "When something is wrong, and for developers",
    "errors, waiting, the demonstration's own pages and the API",
    360,
    [
        Page("tidak-ada", "/tidak-ada/", "Halaman tidak ada", "404, with ways on.", status=404),
        Page(
            "alamat-tombol",
            "/akun/kode/teks/kirim/",
            "Alamat milik sebuah tombol",
            "405: opened by itself.",
            status=405,
        ),
        Page("larangan", "/uji/larangan/", "Tidak boleh", "403.", status=403),
        Page(
            "formulir-kedaluwarsa",
            "/uji/formulir/",
            "Formulir kedaluwarsa",
            "403: a form that was open too long.",
            status=403,
        ),
        Page(
            "permintaan-salah",
            "/uji/permintaan/",
            "Permintaan tidak dapat dibaca",
            "400.",
            status=400,
        ),
        Page("sibuk", "/uji/sibuk/", "Sedang sibuk", "409: try again.", status=409),
        Page(
            "terlalu-sering",
            "/uji/terlalu-sering/",
            "Terlalu sering",
            "429, with the time to wait.",
            status=429,
        ),
        Page(
            "rusak",
            "/uji/rusak/",
            "Ada yang rusak",
            "500, made without database or session.",
            status=500,
        ),
        Page(
            "layanan-jauh",
            "/uji/basis-data/",
            "Layanan tidak terjangkau",
            "503, the same.",
            status=503,
        ),
        Page(
            "kotak-surat",
            "/demo/mailbox/",
            "Kotak surat peragaan",
            "Every mail of the demonstration.",
            who="warga",
        ),
        Page(
            "surat-peragaan",
            "/demo/mailbox/{letter}/",
            "Satu surat",
            "A mail as its reader gets it.",
        ),
        Page("teks-peragaan", "/demo/teks/", "Teks peragaan", "Texts that a phone would get."),
        Page(
            "dukcapil-peragaan",
            "/demo/dukcapil/",
            "Dukcapil peragaan",
            "The simulated registry and its tempers.",
        ),
        Page("gaya", "/demo/gaya/", "Gaya", "Every component with examples."),
        Page(
            "api",
            "/api/docs/",
            "API",
            "Every endpoint of the mobile API, to be tried.",
            act=documented,
            foreign="#swagger-ui",
        ),
    ],
)
