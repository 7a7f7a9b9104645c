"""What officers do in the admin: forms hand over to services and show what these say."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.models import Approval, Holiday, Office, OfficerPost, OpeningHours, SpecialDay
from paspor.kernel import audit, formatting
from paspor.kernel.models import AuditEvent, PolicyValue
from paspor.kernel.policy import FIGURES
from paspor.kernel.spreadsheet import safe
from tests.factories import (
    LONG_AGO,
    ApprovalFactory,
    HolidayFactory,
    OfficeFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    PolicyValueFactory,
    SlotFactory,
    SpecialDayFactory,
    UserFactory,
)
from tests.offices.admin_pages import act
from tests.reasons import WHY_FIELDS

pytestmark = pytest.mark.django_db

SHARES = {"online_share": 80, "priority_share": 15, "same_day_share": 0, "counter_share": 5}
HOURS = {
    "opens": "08:00",
    "closes": "15:00",
    "break_starts": "12:00",
    "break_ends": "13:00",
    "stations": 5,
    "minutes": 15,
    **SHARES,
}


def soon() -> date:
    return timezone.localdate() + timedelta(days=30)


@pytest.fixture
def planner(officer, kanim) -> User:
    return officer("PLANNER", kanim)


def add(client: Client, model: str, **fields: object) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_add"), fields)


def errors(response: HttpResponse) -> dict:
    assert response.status_code == 200, response
    return response.context["adminform"].form.errors


def test_planner_adds_hours(planner, kanim, sign_in):
    response = add(
        sign_in(planner), "offices_openinghours",
        office=kanim.pk, weekday=0, valid_from=soon(), **HOURS, **WHY_FIELDS,
    )  # fmt: skip

    assert response.status_code == 302, errors(response)
    row = OpeningHours.objects.get()
    assert (row.office, row.stations, row.valid_from) == (kanim, 5, soon())
    assert AuditEvent.objects.filter(act="set_hours", stream=kanim.code).exists()


def test_refusal_of_the_service_stands_at_its_field(planner, kanim, sign_in):
    response = add(
        sign_in(planner), "offices_openinghours",
        office=kanim.pk, weekday=0, valid_from=soon(),
        **(HOURS | {"online_share": 70}), **WHY_FIELDS,
    )  # fmt: skip

    assert "tepat 100 persen" in str(errors(response)["online_share"])
    assert b'value="70"' in response.content
    assert not OpeningHours.objects.exists()


UNSERVED = [
    ("break_starts", {"break_starts": "08:00", "break_ends": "15:00"}),
    ("minutes", {"closes": "10:00", "break_starts": "", "break_ends": "", "minutes": 200}),
]


@pytest.mark.parametrize(("field", "typed"), UNSERVED)
def test_hours_in_which_nobody_can_be_served_are_refused_at_the_field(
    planner, kanim, sign_in, field, typed
):
    client = sign_in(planner)
    hours = HOURS | typed | WHY_FIELDS | {"office": kanim.pk}
    weekly = add(client, "offices_openinghours", weekday=0, valid_from=soon(), **hours)
    extra = add(client, "offices_specialday", day=soon(), kind="EXTRA", reason="Sabtu", **hours)

    assert list(errors(weekly)) == list(errors(extra)) == [field]
    assert not OpeningHours.objects.exists()
    assert not SpecialDay.objects.exists()


def test_office_of_another_is_no_choice(planner, sign_in):
    response = add(
        sign_in(planner), "offices_openinghours",
        office=OfficeFactory().pk, weekday=0, valid_from=soon(), **HOURS,
    )  # fmt: skip

    assert "tidak ada dalam daftarnya" in str(errors(response)["office"])


@pytest.mark.parametrize("missing", ["why_reason", "why_note"])
def test_hours_without_a_reason_or_words_are_not_set(planner, kanim, sign_in, missing: str):
    response = add(
        sign_in(planner), "offices_openinghours",
        office=kanim.pk, weekday=0, valid_from=soon(), **(HOURS | WHY_FIELDS | {missing: ""}),
    )  # fmt: skip

    assert list(errors(response)) == [missing]
    assert not OpeningHours.objects.exists()


def test_counter_officer_plans_nothing(officer, kanim, sign_in):
    client = sign_in(officer("COUNTER", kanim))

    assert client.get(reverse("admin:offices_openinghours_add")).status_code == 403
    row = OpeningHoursFactory(office=kanim)
    page = client.post(reverse("admin:offices_openinghours_change", args=[row.pk]), HOURS)
    assert page.status_code == 403


def test_planner_of_a_kanim_plans_its_branch(planner, ulp, sign_in):
    response = add(
        sign_in(planner), "offices_specialday",
        office=ulp.pk, day=soon(), kind="EXTRA", reason="Akhir pekan", **HOURS, **WHY_FIELDS,
    )  # fmt: skip

    assert response.status_code == 302, errors(response)
    assert SpecialDay.objects.get().office == ulp


def test_a_special_day_says_when_its_seats_open(planner, kanim, sign_in):
    opens_on = soon() - timedelta(days=2)
    day = {"office": kanim.pk, "day": soon(), "kind": "EXTRA", "reason": "Akhir pekan"}
    typed = day | HOURS | WHY_FIELDS

    late = add(sign_in(planner), "offices_specialday", **typed, opening_0=soon(), opening_1="10:00")
    add(sign_in(planner), "offices_specialday", **typed, opening_0=opens_on, opening_1="10:00")

    assert "sebelum hari itu" in str(errors(late)["opening"])
    (own,) = kanim.releases.all()
    assert (own.first_day, own.last_day) == (soon(), soon())
    local = own.opens_at.astimezone(kanim.zone)
    assert (local.date(), local.hour) == (opens_on, 10)


def test_hours_that_have_begun_can_only_end(planner, kanim, sign_in):
    row = OpeningHoursFactory(office=kanim)
    path = reverse("admin:offices_openinghours_change", args=[row.pk])
    client = sign_in(planner)

    client.post(path, HOURS | WHY_FIELDS | {"stations": 99, "valid_to": soon()})

    row.refresh_from_db()
    assert (row.stations, row.valid_to) == (5, soon())
    assert "Isi hari terakhir" in str(errors(client.post(path, {"valid_to": ""}))["valid_to"])


def test_second_row_for_the_same_day_is_refused(planner, kanim, sign_in):
    SpecialDayFactory(office=kanim, day=soon())

    response = add(
        sign_in(planner), "offices_specialday",
        office=kanim.pk, day=soon(), kind="CLOSURE", reason="Listrik", **SHARES,
    )  # fmt: skip

    assert "sudah punya hari khusus" in str(errors(response)["day"])


def test_second_officer_is_asked_and_the_form_kept(planner, officer, kanim, sign_in):
    day = soon() - timedelta(days=soon().weekday())  # a Monday
    OpeningHoursFactory(office=kanim, weekday=0, stations=4)
    fields = {"office": kanim.pk, "weekday": 0, "valid_from": day, **HOURS, **WHY_FIELDS}
    client = sign_in(planner)

    first = add(client, "offices_openinghours", **fields)
    assert "petugas kedua" in str(errors(first))
    approval = Approval.objects.get()
    assert approval.code in first.content.decode()
    assert "errornote" not in first.content.decode()
    assert "Tindakan ini memerlukan persetujuan" not in first.content.decode()
    assert f'value="{day}"' in first.content.decode()

    act(sign_in(officer("HEAD", kanim)), "offices_approval", "grant", approval, why="Perlu")
    second = add(client, "offices_openinghours", **fields)

    assert second.status_code == 302
    approval.refresh_from_db()
    assert approval.state == Approval.State.USED


def test_approval_is_not_granted_by_its_asker(planner, kanim, sign_in):
    approval = ApprovalFactory(office=kanim, asked_by=planner)

    response = act(sign_in(planner), "offices_approval", "grant", approval)

    assert "petugas lain" in response.content.decode()
    approval.refresh_from_db()
    assert approval.state == Approval.State.ASKED


def test_approval_is_declined_with_a_reason(officer, kanim, sign_in):
    approval = ApprovalFactory(office=kanim)

    act(sign_in(officer("HEAD", kanim)), "offices_approval", "decline", approval, why="Tidak perlu")

    approval.refresh_from_db()
    assert approval.state == Approval.State.DECLINED
    assert AuditEvent.objects.get(act="decline_approval").note_id


def test_waiting_approvals_are_on_the_first_page(officer, kanim, sign_in):
    ApprovalFactory(office=kanim)
    ApprovalFactory()

    response = sign_in(officer("HEAD", kanim)).get("/admin/")

    assert response.context["waiting"] == 1


def test_special_day_is_lifted(planner, kanim, sign_in):
    row = SpecialDayFactory(office=kanim, day=soon())

    client = sign_in(planner)

    act(client, "offices_specialday", "lift", row)
    assert SpecialDay.objects.exists()  # without a reason nothing is lifted
    act(client, "offices_specialday", "lift", row, **WHY_FIELDS)

    assert not SpecialDay.objects.exists()


def test_holidays_are_confirmed_and_declined(planner, kanim, sign_in):
    first = HolidayFactory(office=kanim)
    second = HolidayFactory(office=kanim, day=date(2030, 2, 1))
    national = HolidayFactory(office=None, day=date(2030, 2, 2))
    client = sign_in(planner)

    act(client, "offices_holiday", "confirm", first, national, **WHY_FIELDS)
    act(client, "offices_holiday", "decline", second, **WHY_FIELDS)

    states = dict(Holiday.objects.values_list("pk", "state"))
    assert states == {first.pk: "CONFIRMED", second.pk: "DECLINED", national.pk: "PROPOSED"}


def test_head_appoints_by_exact_address(officer, kanim, sign_in):
    user = UserFactory()
    client = sign_in(officer("HEAD", kanim))
    fields = {"role": "COUNTER", "office": kanim.pk}

    unknown = add(client, "offices_officerpost", email="tiada@contoh.test", **fields)
    response = add(client, "offices_officerpost", email=user.email.upper(), **fields)

    assert "Tidak ada akun aktif" in str(errors(unknown)["email"])
    assert response.status_code == 302, errors(response)
    post = OfficerPost.objects.get(user=user)
    assert post.is_live(timezone.now())


def test_head_cannot_appoint_a_planner(officer, kanim, sign_in):
    response = add(
        sign_in(officer("HEAD", kanim)), "offices_officerpost",
        email=UserFactory().email, role="PLANNER", office=kanim.pk,
    )  # fmt: skip

    assert "tidak berwenang" in str(errors(response))


def test_post_is_ended_by_action(officer, kanim, sign_in):
    post = OfficerPostFactory(office=kanim)

    act(sign_in(officer("HEAD", kanim)), "offices_officerpost", "end", post, why="Pindah")

    post.refresh_from_db()
    assert not post.is_live(timezone.now())


def test_head_sets_figures_of_the_own_office_only(officer, kanim, sign_in):
    client = sign_in(officer("HEAD", kanim))
    later = timezone.localtime() + timedelta(days=1)
    fields = {
        "key": "hold_minutes",
        "why": "Uji",
        "valid_from_0": later.date(),
        "valid_from_1": "08:00",
    }

    own = add(client, "kernel_policyvalue", office=kanim.pk, value="12", **fields)
    other = add(client, "kernel_policyvalue", office=OfficeFactory().pk, value="12", **fields)
    nation = add(client, "kernel_policyvalue", office="", value="12", **fields)
    word = add(client, "kernel_policyvalue", office=kanim.pk, value="banyak", **fields)
    high = add(client, "kernel_policyvalue", office=kanim.pk, value="9999", **fields)
    guard = fields | {"key": "second_from_places"}
    unoffered = add(client, "kernel_policyvalue", office=kanim.pk, value="20", **guard)
    sistik = sign_in(officer("SISTIK"))
    loose = add(sistik, "kernel_policyvalue", office=kanim.pk, value="20", **guard)

    assert own.status_code == 302, errors(own)
    assert PolicyValue.objects.get().scope == kanim.code
    assert "tidak ada dalam daftarnya" in str(errors(other)["office"])
    assert "Wajib diisi" in str(errors(nation)["office"])
    assert "angka, atau ya / tidak" in str(errors(word)["value"])
    assert "antara 1 dan 120" in str(errors(high)["value"])
    assert "tidak ada dalam daftar" in str(errors(unoffered)["key"])
    assert "seluruh Indonesia" in str(errors(loose)["office"])


def test_national_figure_takes_two_of_sistik(officer, sign_in):
    first, second = sign_in(officer("SISTIK")), sign_in(officer("SISTIK"))
    later = timezone.localtime() + timedelta(days=1)
    fields = {
        "key": "second_for_verifying",
        "value": "ya",
        "why": "Uji",
        "valid_from_0": later.date(),
        "valid_from_1": "08:00",
    }

    assert "petugas kedua" in str(errors(add(first, "kernel_policyvalue", **fields)))
    act(second, "offices_approval", "grant", Approval.objects.get())
    response = add(first, "kernel_policyvalue", **fields)

    assert response.status_code == 302, errors(response)
    assert PolicyValue.objects.get().value is True


def test_figures_once_set_are_not_edited(officer, kanim, sign_in):
    row = PolicyValueFactory(scope=kanim.code)
    path = reverse("admin:kernel_policyvalue_change", args=[row.pk])

    assert sign_in(officer("HEAD", kanim)).post(path, {"value": "1"}).status_code == 403


def test_office_facts_change_and_its_place_does_not(planner, kanim, sign_in):
    path = reverse("admin:offices_office_change", args=[kanim.pk])
    fields = {"phone": "0711 1", "passport_types": ["REGULAR"], "is_active": "on", "name": "X"}

    response = sign_in(planner).post(path, fields)

    assert response.status_code == 302, errors(response)
    fresh = Office.objects.get(pk=kanim.pk)
    assert (fresh.phone, fresh.passport_types, fresh.name) == ("0711 1", ["REGULAR"], kanim.name)


def test_only_sistik_takes_an_office_out_of_service(planner, officer, kanim, sign_in):
    path = reverse("admin:offices_office_change", args=[kanim.pk])
    fields = {"phone": "", "passport_types": ["REGULAR"]}

    assert "tidak berwenang" in str(errors(sign_in(planner).post(path, fields)))
    assert sign_in(officer("SISTIK")).post(path, fields).status_code == 302


def test_log_is_for_heads_and_is_only_read(officer, kanim, sign_in):
    path = reverse("admin:kernel_auditevent_changelist")

    assert sign_in(officer("COUNTER", kanim)).get(path).status_code == 403
    client = sign_in(officer("HEAD", kanim))
    assert client.get(path).status_code == 200
    assert client.get(reverse("admin:kernel_auditevent_add")).status_code == 403


def test_export_runs_no_formula_and_is_logged(planner, kanim, sign_in):
    row = SpecialDayFactory(office=kanim, reason="=HYPERLINK(1)")
    other = SpecialDayFactory(reason="rahasia")

    response = act(sign_in(planner), "offices_specialday", "export_csv", row, other)

    text = response.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "rahasia" not in text
    assert AuditEvent.objects.get(act="export").detail == {
        "rows": 1,
        "offices": [kanim.code],
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+62 811", "'+62 811"),
        ("-6.2", "-6.2"),
        ("-6.2+1", "'-6.2+1"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        (" =1", "' =1"),
        (time(8), "08:00:00"),
    ],
)
def test_cell_is_made_safe(value: object, written: str):
    assert safe(value) == written


def test_shortcut_is_shown_to_who_may_use_it(officer, kanim, sign_in, monkeypatch):
    monkeypatch.setattr(admin.site._wrapped, "shortcuts", [])
    admin.site.add_shortcut("Cepat", "admin:offices_office_changelist", "kernel.view_auditevent")

    assert "Cepat" in sign_in(officer("HEAD", kanim)).get("/admin/").content.decode()
    assert "Cepat" not in sign_in(officer("COUNTER", kanim)).get("/admin/").content.decode()


def test_list_takes_few_queries(planner, kanim, sign_in, django_assert_max_num_queries):
    for weekday in range(7):
        OpeningHoursFactory(office=kanim, weekday=weekday)
    client = sign_in(planner)

    with django_assert_max_num_queries(13):
        client.get(reverse("admin:offices_openinghours_changelist"))


def test_hours_saved_unchanged_do_nothing_and_say_so(planner, kanim, sign_in):
    client = sign_in(planner)
    wish = {"office": kanim.pk, "weekday": 0, "valid_from": soon(), **HOURS, **WHY_FIELDS}
    assert add(client, "offices_openinghours", **wish).status_code == 302
    row, logged = OpeningHours.objects.get(), AuditEvent.objects.count()

    path = reverse("admin:offices_openinghours_change", args=[row.pk])
    page = client.post(path, HOURS | WHY_FIELDS | {"valid_to": ""})

    assert "Tidak ada yang berubah" in str(errors(page))
    assert AuditEvent.objects.count() == logged


def test_hours_set_by_hand_are_named_on_the_form(planner, kanim, sign_in):
    slot = SlotFactory(
        release__office=kanim, starts_at=datetime(2030, 1, 7, 1, tzinfo=UTC), by_hand_at=LONG_AGO
    )
    wish = {"office": kanim.pk, "weekday": 0, "valid_from": soon(), **HOURS, **WHY_FIELDS}
    client = sign_in(planner)

    page = add(client, "offices_openinghours", **wish)

    assert f"{formatting.day(slot.day)} {slot.hour:%H.%M}" in page.content.decode()
    assert not OpeningHours.objects.exists()
    assert add(client, "offices_openinghours", **wish, by_hand="keep").status_code == 302
    assert OpeningHours.objects.exists()


def test_the_log_is_read_in_words(officer, kanim, sign_in):
    audit.record("nik.read", actor_id=None, stream=kanim.code, reason="other")

    page = sign_in(officer("HEAD", kanim)).get("/admin/kernel/auditevent/").content.decode()

    assert "membaca NIK" in page
    assert ">nik.read<" not in page
    assert "Lainnya" in page


@pytest.mark.parametrize(("offices", "is_select"), [(3, False), (17, True)])
def test_many_offices_are_filtered_by_a_select(officer, sign_in, offices, is_select):
    made = [OfficeFactory() for _number in range(offices)]
    client = sign_in(officer("SISTIK"))

    page = client.get("/admin/offices/holiday/", {"state__exact": "CONFIRMED"}).content.decode()
    chosen = client.get("/admin/offices/holiday/", {"office__id__exact": made[0].pk})
    of_all = client.get("/admin/offices/holiday/", {"office__id__exact": ""})

    assert ('<select name="office__id__exact"' in page) is is_select
    assert 'name="state__exact" value="CONFIRMED"' in page
    assert (f'<option value="{made[0].pk}" selected>' in chosen.content.decode()) is is_select
    assert of_all.status_code == 200


def test_who_has_one_office_neither_reads_nor_picks_it(planner, kanim, ulp, officer, sign_in):
    OpeningHoursFactory(office=ulp)
    alone = sign_in(officer("PLANNER", ulp))

    assert "column-office" not in alone.get("/admin/offices/openinghours/").text
    form = alone.get("/admin/offices/openinghours/add/").text
    assert f'<option value="{ulp.pk}" selected>' in form
    assert "related-widget-wrapper" not in form
    assert "column-office" in sign_in(planner).get("/admin/offices/openinghours/").text


def test_figures_are_offered_in_words_and_only_those_one_may_set(officer, kanim, sign_in):
    form = sign_in(officer("HEAD", kanim)).get("/admin/kernel/policyvalue/add/").text
    options = form.partition('name="key"')[2].partition("</select>")[0]
    mine = {key for key, figure in FIGURES.items() if not figure.national_only}

    assert set(re.findall(r'<option value="(\w+)"', options)) == mine
    assert "Seluruh Indonesia" not in form
    assert f'<option value="{kanim.pk}" selected>' in form


def test_every_page_of_the_admin_leads_to_the_screens(officer, kanim, sign_in):
    page = sign_in(officer("COUNTER", kanim)).get("/admin/offices/office/").text
    screens = page.partition('<nav class="screens"')[2].partition("</nav>")[0]
    assert reverse("desk:start") in screens
    assert reverse("planning:start") not in screens
