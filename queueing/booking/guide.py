"""The guided questions: which are asked, in which order, and what the answers settle. Pure.

Answers are plain choices and tell nothing of anybody; they travel in the address. One that
no longer applies (who never had a passport has not lost it) is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from paspor.kernel.errors import N_
from queueing.booking.errands import Errand

type Answers = Mapping[str, str]

# The answer that leaves the type of passport open.
UNDECIDED = "BELUM"
KINDS = {"habis": "REPLACEMENT", "hilang": "LOST", "rusak": "DAMAGED", "berubah": "DATA_CHANGE"}
# What the other answers tell of the errand.
ISSUED = {"biasa": "PLAIN", "lain": "OTHER"}
COME_ALONG = {"berdua": "BOTH", "satu": "ONE", "cerai": "CUSTODY"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """``name`` is its word in the address, ``short`` its name in the list of answers."""

    name: str
    text: str
    short: str
    options: tuple[Option, ...]
    hint: str = ""
    applies: Callable[[Answers], bool] = lambda _answers: True

    def label(self, value: str) -> str:
        return next(option.label for option in self.options if option.value == value)


AGE = Question(
    name="usia",
    text=N_("Paspor ini untuk siapa?"),
    short=N_("Untuk siapa"),
    hint=N_("Yang dihitung adalah usia pada hari datang ke kantor."),
    options=(
        Option("dewasa", N_("Orang dewasa"), N_("17 tahun ke atas")),
        Option("anak", N_("Anak"), N_("Di bawah 17 tahun")),
        Option(
            "menikah",
            N_("Di bawah 17 tahun dan sudah menikah"),
            N_("Syarat dan masa berlakunya seperti orang dewasa"),
        ),
    ),
)
HAD = Question(
    name="punya",
    text=N_("Apakah sudah pernah punya paspor Indonesia?"),
    short=N_("Pernah punya paspor"),
    hint=N_("Paspor yang habis masa berlakunya, hilang, atau rusak tetap dihitung."),
    options=(
        Option("belum", N_("Belum pernah")),
        Option("ya", N_("Sudah pernah"), N_("Juga bila paspor itu sudah lama habis")),
    ),
)
STATE = Question(
    name="keadaan",
    text=N_("Bagaimana keadaan paspor lama?"),
    short=N_("Paspor lama"),
    options=(
        Option(
            "habis",
            N_("Ada dan utuh"),
            N_("Habis masa berlakunya, tinggal kurang dari 6 bulan, atau halamannya penuh"),
        ),
        Option("hilang", N_("Hilang"), N_("Juga bila dicuri")),
        Option("rusak", N_("Rusak"), N_("Robek, basah, atau tidak terbaca")),
        Option("berubah", N_("Datanya harus diubah"), N_("Misalnya nama berganti")),
    ),
    applies=lambda answers: answers.get("punya") == "ya",
)
CAUSE = Question(
    name="sebab",
    text=N_("Apakah karena musibah?"),
    short=N_("Karena musibah"),
    hint=N_("Misalnya kebakaran, banjir, gempa bumi, atau tsunami."),
    options=(
        Option("bukan", N_("Bukan"), N_("Tercecer, dicuri, terkena air, atau lainnya")),
        Option("musibah", N_("Ya, musibah"), N_("Dengan surat keterangan, biaya beban dibebaskan")),
    ),
    applies=lambda answers: answers.get("keadaan") in ("hilang", "rusak"),
)
ISSUE = Question(
    name="terbit",
    text=N_("Kapan dan di mana paspor lama terbit?"),
    short=N_("Terbitnya"),
    hint=N_("Bila datanya berbeda dengan KTP, kembali dan pilih “Datanya harus diubah”."),
    options=(
        Option(
            "biasa",
            N_("Di Indonesia, sejak 2010"),
            N_("Nama dan data lain masih sama dengan KTP"),
        ),
        Option("lain", N_("Selain itu"), N_("Sebelum 2010, atau di luar negeri")),
    ),
    applies=lambda answers: answers.get("keadaan") == "habis" and answers.get("usia") != "anak",
)
PARENTS = Question(
    name="orangtua",
    text=N_("Siapa yang mendampingi anak?"),
    short=N_("Pendamping"),
    hint=N_(
        "Bila salah satu orang tua sudah meninggal, atau anak didampingi wali: tanyakan dahulu ke "
        "kantor surat mana yang diminta."
    ),
    options=(
        Option("berdua", N_("Kedua orang tua")),
        Option("satu", N_("Salah satu orang tua"), N_("Yang lain berhalangan datang")),
        Option("cerai", N_("Orang tua pemegang hak asuh"), N_("Kedua orang tua sudah bercerai")),
    ),
    applies=lambda answers: answers.get("usia") == "anak",
)
# Named as in the choice that goes on to the offices; each price is put beside its option.
TYPE = Question(
    name="paspor",
    text=N_("Jenis paspor mana?"),
    short=N_("Jenis paspor"),
    options=(
        Option("REGULAR", N_("Paspor biasa")),
        Option("ELECTRONIC", N_("Paspor elektronik")),
        Option("POLYCARBONATE", N_("Paspor polikarbonat")),
        Option(UNDECIDED, N_("Belum memutuskan"), N_("Semua harga ditampilkan")),
    ),
)
QUESTIONS = (AGE, HAD, STATE, CAUSE, ISSUE, PARENTS, TYPE)


def read(asked: Mapping[str, str]) -> dict[str, str]:
    """Of what an address says, the answers to questions that apply."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        value = asked.get(question.name, "")
        if question.applies(answers) and value in {option.value for option in question.options}:
            answers[question.name] = value
    return answers


def asked_in(answers: Answers) -> list[Question]:
    """The questions that apply as far as the answers tell, answered or not."""
    return [question for question in QUESTIONS if question.applies(answers)]


def next_question(answers: Answers) -> Question | None:
    """The first without an answer; None where all is settled."""
    return next((each for each in asked_in(answers) if each.name not in answers), None)


def errand(answers: Answers) -> Errand:
    kind = KINDS[answers["keadaan"]] if answers["punya"] == "ya" else "NEW"
    if answers.get("sebab") == "musibah":
        old_passport = "DISASTER"
    else:
        old_passport = ISSUED.get(answers.get("terbit", ""), "")
    married = "MARRIED" if answers["usia"] == "menikah" else ""
    return Errand(kind, old_passport, married or COME_ALONG.get(answers.get("orangtua", ""), ""))


def is_under_age(answers: Answers) -> bool:
    """Under 17, married or not."""
    return answers["usia"] != "dewasa"


def is_child(answers: Answers) -> bool:
    return answers["usia"] == "anak"


def passport_type(answers: Answers) -> str:
    """The passport type's name, "" where it is left open."""
    return "" if answers["paspor"] == UNDECIDED else answers["paspor"]
