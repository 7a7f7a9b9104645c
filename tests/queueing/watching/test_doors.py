"""Pages and API of watches: asking, the list, and the letter's link that stops them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from queueing.watching import links
from queueing.watching.models import Watch
from queueing.watching.policies import WATCHES_PER_ACCOUNT
from tests.factories import SpecialDayFactory, UserFactory, WatchFactory
from tests.live import token_for
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import browser_of, near_day, near_hour, working_office

pytestmark = pytest.mark.django_db


def phone_of(account):
    phone = APIClient()
    phone.credentials(HTTP_X_SESSION_TOKEN=token_for(account))
    return phone


def form_for(office, **fields):
    usual = {"radius": "100", "orang": "4", "paspor": "REGULAR", "sebelum": str(near_day(20))}
    return {"dekat": office.code} | usual | fields


def test_from_a_full_list_one_comes_to_the_filled_form_and_is_listed(client):
    office = working_office()
    near_hour(office, capacity=1)
    listed = client.get(f"/kantor/?dekat={office.code}&radius=100&orang=4")
    href = listed.context["watch_href"]
    browser = browser_of(UserFactory())

    page = browser.get(href)
    done = browser.post(href, form_for(office), follow=True)

    assert page.context["form"]["radius"].value() == "100"
    assert "Kabari saya bila ada tempat" in listed.content.decode()
    assert "4 orang · Paspor biasa · sampai 100 km dari sini" in done.content.decode()
    assert "Kabar yang ditunggu" in browser.get("/janji/").content.decode()


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("jenis=REPLACEMENT", True),
        ("paspor=ELECTRONIC", False),
        ("sebelum=2020-01-01", False),
        ("sebelum=9999-12-31", False),
        ("jalur=PRIORITY", False),
        ("dekat=", False),
    ],
)
def test_it_is_offered_where_it_would_be_taken_and_keeps_the_kind(client, query, offered):
    office = working_office(passport_types=["REGULAR"])

    listed = client.get(f"/kantor/?dekat={office.code}&{query}")
    page = client.get(f"/kantor/{office.code}/?{query}")

    assert bool(listed.context["watch_href"]) is offered
    assert ("Kabari saya bila ada tempat" in listed.content.decode()) is offered
    if "dekat" not in query:
        assert bool(page.context["watch_href"]) is offered
    if offered:
        assert query in listed.context["watch_href"]
        form = browser_of(UserFactory()).get(listed.context["watch_href"]).context["form"]
        assert (form["dekat"].value(), form["paspor"].value()) == (office.code, "REGULAR")


def test_an_office_found_by_its_name_is_offered_by_itself(client):
    full = near_hour(working_office(name="Uji Penuh"), capacity=1).office
    near_hour(working_office(name="Uji Jauh", province="Lain"), capacity=9)

    listed = client.get("/kantor/?q=Uji Penuh&orang=4&jenis=REPLACEMENT&radius=100")
    form = browser_of(UserFactory()).get(listed.context["watch_href"]).context["form"]

    assert "Kabari saya bila ada tempat" in listed.content.decode()
    asked = [form[name].value() for name in ("dekat", "radius", "orang", "paspor")]
    assert asked == [full.code, None, "4", "REGULAR"]


def test_of_several_found_by_name_the_form_asks_which(client):
    for name in ("Uji Satu", "Uji Dua"):
        near_hour(working_office(name=name), capacity=1)

    by_name = client.get("/kantor/?q=Uji&orang=4")
    everywhere = client.get("/kantor/?orang=4")

    assert "Kabari saya bila ada tempat" in by_name.content.decode()
    assert by_name.context["watch_href"] == "/kabar/baru/?orang=4"
    assert everywhere.context["watch_href"] == ""


def test_where_there_is_room_already_the_page_leads_to_it(client):
    slot = near_hour(capacity=5)
    office = slot.office
    browser = browser_of(UserFactory())

    answer = browser.post(f"/kabar/baru/?dekat={office.code}", form_for(office))
    kind_known = browser.post("/kabar/baru/?jenis=LOST", form_for(office))

    assert (answer.status_code, answer.context["form"].errors) == (409, {})
    assert "Tidak perlu menunggu: ada tempat pada" in answer.content.decode()
    href = answer.context["instead"]["href"]
    last = near_day(20)
    assert href == (
        f"/kantor/{office.code}/{slot.day}/?orang=4&jenis=&paspor=REGULAR&sebelum={last}"
    )
    assert "jenis=LOST" in kind_known.context["instead"]["href"]
    assert f'href="{href.replace("&", "&amp;")}"' in answer.content.decode()
    assert client.get(href).status_code == 200


def test_whoever_comes_from_the_letter_is_asked_for_what_they_come(client):
    slot = near_hour()
    path = f"/kantor/{slot.office.code}/{slot.day}/"

    asked = client.get(f"{path}?orang=2&jenis=")
    chosen = client.get(f"{path}?orang=2&jenis=REPLACEMENT")

    assert "Untuk keperluan apa?" in asked.content.decode()
    assert "/pesan/" not in asked.content.decode()
    assert "Untuk keperluan apa?" not in chosen.content.decode()
    assert f"{slot.code}/?orang=2&amp;jenis=REPLACEMENT" in chosen.content.decode()


@pytest.mark.parametrize("kind", ["jenis=", "jenis=REPLACEMENT"])
def test_where_a_letter_leads_full_is_said_first_and_one_press_asks_again(kind):
    slot = near_hour(capacity=1)
    path, last = f"/kantor/{slot.office.code}/{slot.day}/", near_day(20)
    browser = browser_of(UserFactory())

    page = browser.get(f"{path}?orang=2&paspor=REGULAR&sebelum={last}&{kind}")
    offered = page.context["watch"]
    done = browser.post(offered.href, offered.fields, follow=True)

    text = page.content.decode()
    assert "Untuk keperluan apa?" not in text
    assert text.index("Tidak ada jam dengan tempat") < text.index('<details class="disclosure"')
    assert f'action="{offered.href.replace("&", "&amp;")}"' in text
    assert "Dicatat." in done.content.decode()
    made = Watch.objects.get()
    told = (made.office, made.radius_km, made.people, made.passport_type, made.until)
    assert told == (slot.office, 0, 2, "REGULAR", last)


def test_the_wish_of_a_letter_is_asked_again_with_its_circle():
    town, slot = working_office(), near_hour(capacity=1)
    browser = browser_of(UserFactory())
    asked = f"orang=2&sebelum={near_day(20)}&dekat={town.code}&radius=500&jenis="

    offered = browser.get(f"/kantor/{slot.office.code}/{slot.day}/?{asked}").context["watch"]
    browser.post(offered.href, offered.fields)

    made = Watch.objects.get()
    assert (made.office, made.radius_km, made.people) == (town, 500, 2)
    assert f"di {town.name} atau sampai 500 km darinya" in offered.text


def test_a_letter_read_after_its_day_asks_again_too(client):
    office = working_office()
    path = f"/kantor/{office.code}/{near_day(-1)}/?orang=2&jenis="

    late = client.get(f"{path}&sebelum={near_day(20)}")
    over = client.get(f"{path}&sebelum={near_day(-1)}")

    assert late.context["watch"].fields["sebelum"] == str(near_day(20))
    assert "Kabari saya bila ada tempat" in late.content.decode()
    assert not over.context["watch"]


def test_a_full_day_without_a_last_day_leads_to_the_form_and_one_with_room_offers_nothing(client):
    slot = near_hour(capacity=2)
    path = f"/kantor/{slot.office.code}/{slot.day}/"

    full = client.get(f"{path}?orang=3").context["watch"]
    free = client.get(f"{path}?orang=2").context["watch"]
    moving = client.get(f"{path}?orang=3&ganti=ABCD").context["watch"]

    assert (full.fields, bool(free), bool(moving)) == ({}, False, False)
    assert full.href == f"/kabar/baru/?orang=3&dekat={slot.office.code}&paspor=REGULAR"


def test_a_stranger_signs_in_first(client):
    answer = client.get("/kabar/baru/?dekat=X")

    assert answer.url == "/akun/login/?next=/kabar/baru/%3Fdekat%3DX"


@pytest.mark.parametrize("last", ["2020-01-01", "2999-12-31"])
def test_a_refusal_is_told_at_its_field_and_once(last):
    office = working_office()
    page = browser_of(UserFactory()).post("/kabar/baru/", form_for(office, sebelum=last))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["sebelum"]


def test_a_span_without_service_is_told_at_the_field_and_offered_nowhere(client):
    office = working_office()
    for days in range(2):
        SpecialDayFactory(office=office, day=near_day(days))
    said = form_for(office, radius="0", sebelum=str(near_day(1)))
    wish = {"office": office.code, "until": str(near_day(1))}

    page = browser_of(UserFactory()).post("/kabar/baru/", said)
    answer = phone_of(UserFactory()).post("/api/v1/watches", wish, format="json")
    listed = client.get(f"/kantor/{office.code}/?sebelum={near_day(1)}")

    assert list(page.context["form"].errors) == ["sebelum"]
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "nothing_served")
    assert (told["office"], told["day"]) == (office.code, str(near_day(2)))
    assert list(told["fields"]) == ["until"]
    assert listed.context["watch_href"] == ""
    assert client.get(f"/kantor/{office.code}/?sebelum={near_day(2)}").context["watch_href"]


def test_who_waits_for_too_many_is_led_to_them():
    set_figure(WATCHES_PER_ACCOUNT, 1)
    watch, office = WatchFactory(), working_office()

    page = browser_of(watch.account).post("/kabar/baru/", form_for(office))

    assert (page.status_code, page.context["form"].errors) == (409, {})
    assert "Akun ini sudah menunggu 1 kabar." in page.content.decode()
    assert '<a href="/kabar/">Lihat yang ditunggu</a>' in page.content.decode()


def test_the_list_stops_one_and_nobody_else_can():
    watch = WatchFactory()
    path = reverse("watching:stop", args=[watch.code])

    assert browser_of(UserFactory()).post(path).status_code == 404
    browser_of(watch.account).post(path)

    assert not Watch.objects.exists()


def told_watch(**fields):
    told = {"told_at": timezone.now(), "told_office": working_office(name="B Dekat")}
    return WatchFactory(**{"radius_km": 100, "told_day": near_day(3)} | told | fields)


def test_what_was_told_says_where_and_when_and_is_asked_for_again_by_one_press():
    watch = told_watch(people=2)
    browser = browser_of(watch.account)

    [row] = browser.get("/kabar/").context["rows"]
    hours = browser.get(row["hours_href"])
    done = browser.post(row["again_href"], row["again"], follow=True)

    assert f"{near_day(3).year} di B Dekat" in row["told"]
    assert hours.request["PATH_INFO"] == f"/kantor/{watch.told_office.code}/{near_day(3)}/"
    assert hours.status_code == 200
    again, told = done.context["rows"]
    assert (again["is_waiting"], told["again_href"]) == (True, "")
    new = Watch.objects.get(told_at=None)
    assert (new.kind, new.until) == (watch.kind, watch.until)


def test_of_a_day_that_is_over_no_hours_are_shown_and_a_new_last_day_is_asked():
    told = told_watch(told_day=near_day(-2), until=near_day(-2))

    [row] = browser_of(told.account).get("/kabar/").context["rows"]

    assert (row["hours_href"], row["again"]) == ("", {})
    form = browser_of(told.account).get(row["again_href"]).context["form"]
    assert (form["radius"].value(), form["sebelum"].value()) == ("100", None)


def test_what_ended_without_a_word_says_so_on_the_page_of_visits():
    watch = WatchFactory(until=near_day(-2))
    browser = browser_of(watch.account)

    for path in ("/janji/", "/kabar/"):
        page = browser.get(path).content.decode()
        assert "Tidak ada kabar sampai" in page
        assert "Berakhir" in page


def test_the_account_and_the_help_lead_to_the_list(client):
    for browser, path in ((browser_of(UserFactory()), "/akun/"), (client, "/bantuan/")):
        assert 'href="/kabar/"' in browser.get(path).content.decode()


def test_the_letter_s_link_acts_only_when_its_button_is_pressed(client):
    mine, told = WatchFactory(), WatchFactory()
    others = WatchFactory()
    Watch.objects.filter(pk=told.pk).update(account=mine.account, told_at=told.created_at)
    path = reverse("watching:stop-all", args=[links.token_of(mine.account_id)])

    page = client.get(path).content.decode()
    assert mine.office.name in page
    assert mine.account.email not in page
    assert Watch.objects.count() == 3

    after = client.post(path, follow=True).content.decode()

    assert "Tidak ada yang ditunggu" in after
    assert set(Watch.objects.values_list("pk", flat=True)) == {told.pk, others.pk}


@pytest.mark.parametrize("token", ["x", "WzFd:made-up"])
def test_a_link_that_is_not_ours_stops_nothing(client, token):
    WatchFactory()

    page = client.post(reverse("watching:stop-all", args=[token]))

    assert page.status_code == 404
    assert "Salin seluruhnya dari suratnya." in page.content.decode()
    assert Watch.objects.count() == 1


def test_the_api_asks_lists_and_stops():
    phone, office = phone_of(UserFactory()), working_office()
    wish = {"office": office.code, "radius_km": 100, "people": 4, "until": str(near_day(20))}

    made = phone.post("/api/v1/watches", wish, format="json")
    listed = phone.get("/api/v1/watches").json()["results"]
    gone = phone.delete(f"/api/v1/watches/{made.json()['code'].lower()}")
    again = phone.delete(f"/api/v1/watches/{made.json()['code']}")

    assert (made.status_code, listed) == (201, [made.json()])
    assert (listed[0]["state"], listed[0]["office"]["code"]) == ("waiting", office.code)
    assert (gone.status_code, again.status_code) == (204, 404)
    assert again.json()["code"] == "watch_unknown"


def test_the_api_says_what_was_told():
    watch = told_watch()

    [listed] = phone_of(watch.account).get("/api/v1/watches").json()["results"]

    assert listed["state"] == "told"
    told = (listed["told_office"]["name"], listed["told_day"])
    assert told == ("B Dekat", str(near_day(3)))


@pytest.mark.parametrize(
    ("field", "value"), [("radius_km", 7), ("people", 6), ("until", "besok"), ("x", 1)]
)
def test_a_wish_that_is_not_one_is_422_and_names_the_field(field, value):
    wish = {"office": working_office().code, "until": str(near_day(20))} | {field: value}
    phone = phone_of(UserFactory())

    answer = phone.post("/api/v1/watches", wish, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_who_is_suspended_is_led_to_the_appeal():
    office = working_office()
    near_hour(office, capacity=1)
    browser = browser_of(UserFactory(suspended_at=timezone.now()))

    answer = browser.post("/kabar/baru/", form_for(office)).content.decode()

    assert 'href="/keberatan/"' in answer.split("Kabar tidak menahan tempat")[0]
