"""The guided questions, one a page, and what their answers settle: documents, price, where.

Everything is read from the address: the way back works, and a page can be sent to somebody.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices import selectors as offices
from offices.models import PassportType
from paspor.kernel import formatting
from paspor.kernel.decorators import cached_by_browser
from queueing.booking import documents, fees, guide, prices
from queueing.booking.errand_words import KINDS
from queueing.booking.guide import Answers, Question
from queueing.booking.pages.costs import price
from queueing.booking.presentation.choice import Choice

# Which question to ask again, and which one was just sent.
AGAIN, SENT = "ubah", "tanya"


@require_safe
@cached_by_browser(60)
def questions(request: HttpRequest) -> HttpResponse:
    answers = guide.read(request.GET.dict())
    today = timezone.localdate()
    question = _question(request.GET.get(AGAIN, ""), answers)
    if question is None:
        return render(request, "queueing/guide_result.html", _result(answers, today))
    shown = _question_context(question, answers, today)
    shown["missing"] = request.GET.get(SENT) == question.name and question.name not in answers
    return render(request, "queueing/guide.html", shown)


def _question(again: str, answers: Answers) -> Question | None:
    """The one to be asked again, else the first that has no answer."""
    asked = {question.name: question for question in guide.asked_in(answers)}
    return asked.get(again) or guide.next_question(answers)


def _href(answers: Answers, again: str = "") -> str:
    pairs = dict(answers) | ({AGAIN: again} if again else {})
    return reverse("queueing:guide") + (f"?{urlencode(pairs)}" if pairs else "")


def _question_context(question: Question, answers: Answers, today: date) -> dict[str, Any]:
    names = [each.name for each in guide.asked_in(answers)]
    number = names.index(question.name)
    before = names[number - 1] if number else ""
    return {
        "question": question,
        "number": number + 1,
        "options": _options(question, answers, today),
        "rest": [(name, value) for name, value in answers.items() if name != question.name],
        "back": _href(answers, before) if before else reverse("home"),
        "SENT": SENT,
    }


def _options(question: Question, answers: Answers, today: date) -> list[dict[str, Any]]:
    """For components/choice.html."""
    costs = _costs(answers, today) if question is guide.TYPE else {}
    return [
        {
            "id": f"jawab-{number}",
            "value": option.value,
            "label": _(option.label),
            "hint": costs.get(option.value) or (_(option.hint) if option.hint else ""),
            "checked": answers.get(question.name) == option.value,
        }
        for number, option in enumerate(question.options, 1)
    ]


def _costs(answers: Answers, today: date) -> Mapping[str, str]:
    age = _age(answers)
    return {
        value: _(" atau ").join(price(fee) for fee in prices.fees_of(value, day=today, age=age))
        for value in PassportType.values
    }


def _age(answers: Answers) -> int | None:
    """Under 17 or not, which is all that prices ask."""
    return documents.ADULT_FROM_YEARS - 1 if guide.is_child(answers) else None


def _result(answers: Answers, today: date) -> dict[str, Any]:
    errand, passport_type = guide.errand(answers), guide.passport_type(answers)
    known = offices.listed()
    offering = [
        office for office in known if not passport_type or passport_type in office.passport_types
    ]
    choice = Choice(
        kind=errand.kind,
        old_passport=errand.old_passport,
        parents=errand.parents,
        passport_type=passport_type,
    )
    return {
        "case": _case(answers),
        "answers": _answers(answers),
        "documents": documents.with_sources(
            documents.for_errand(errand, is_child=guide.is_under_age(answers))
        ),
        "examination": documents.examination(errand.kind),
        "prices": _price_rows(answers, today),
        "law": _law(answers, today),
        "excused": errand.by_disaster,
        "is_child": guide.is_child(answers),
        "same_day": _same_day(answers, today),
        "free": [row for value in _types(answers) for row in fees.free(value, day=today)],
        "passport_type": passport_type and str(PassportType(passport_type).label),
        "offering": len(offering),
        "office_count": len(known),
        "offices_href": reverse("queueing:office-list") + choice.query,
        "as_of": formatting.day(today),
        "again": reverse("queueing:guide"),
    }


def _case(answers: Answers) -> str:
    """Paspor hilang · orang dewasa · paspor elektronik."""
    named = [str(KINDS[guide.errand(answers).kind])]
    for question in (guide.AGE, guide.TYPE):
        value = answers[question.name]
        if value != guide.UNDECIDED:
            named.append(_(question.label(value)).lower())
    return " · ".join(named)


def _answers(answers: Answers) -> list[dict[str, str]]:
    return [
        {
            "term": _(question.short),
            "text": _(question.label(answers[question.name])),
            "href": _href(answers, question.name),
        }
        for question in guide.asked_in(answers)
    ]


def _types(answers: Answers) -> list[str]:
    chosen = guide.passport_type(answers)
    return [chosen] if chosen else list(PassportType.values)


def _price_rows(answers: Answers, today: date) -> list[dict[str, Any]]:
    """For components/facts.html: what is to be paid in all, for each type and validity."""
    extra = prices.surcharge(guide.errand(answers), day=today)
    return [
        {
            "term": _("%(type)s, %(years)s tahun")
            % {"type": PassportType(value).label, "years": fee.years},
            "text": formatting.rupiah(fee.rupiah + extra),
            "note": _("termasuk biaya beban %(sum)s") % {"sum": formatting.rupiah(extra)}
            if extra
            else "",
        }
        for value in _types(answers)
        for fee in prices.fees_of(value, day=today, age=_age(answers))
    ]


def _same_day(answers: Answers, today: date) -> str:
    """The addition in words; nothing where it is not to be had for this."""
    added = prices.same_day(guide.errand(answers), day=today)
    return formatting.rupiah(added) if added else ""


def _law(answers: Answers, today: date) -> str:
    """The regulation that all prices of this day are of, if it is one."""
    laws = {
        fee.law
        for value in _types(answers)
        for fee in prices.fees_of(value, day=today, age=_age(answers))
    }
    return laws.pop() if len(laws) == 1 else ""
