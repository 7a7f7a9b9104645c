"""A session that ends at the counter: nothing is done, that is said, and the page comes back."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.errors import PostEnded
from offices.models import OfficerPost
from offices.rules import Act
from offices.services import authority
from paspor.kernel import kept_forms
from paspor.kernel.errors import NotAllowed
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
OVER = "Sesi Anda sudah berakhir"


@pytest.fixture
def calling(office) -> str:
    return reverse("desk:calling", args=[office.code])


@pytest.fixture
def call(office) -> str:
    return reverse("desk:call", args=[office.code])


def send(client: Client, path: str, page: str, **said):
    return client.post(path, said, headers={"Referer": f"{HOST}{page}"})


def test_an_act_comes_back_to_the_page_it_was_pressed_on(calling, call):
    answer = send(Client(), call, f"{calling}?dari=1", act="next")

    assert answer.url.endswith(f"next={calling}%3Fdari%3D1")
    assert [OVER in str(said) for said in get_messages(answer.wsgi_request)] == [True]


def test_a_second_factor_that_is_too_old_does_the_same(officer, office, sign_in, calling, call):
    client = sign_in(officer("COUNTER", office), second_factor=False)
    assert send(client, call, calling, act="next").url.endswith(f"next={calling}")


@pytest.mark.parametrize("page", ["", "https://tipu.example/loket/"])
def test_without_a_page_of_ours_it_is_the_first_one(call, page):
    answer = Client().post(call, {"act": "next"}, headers={"Referer": page})
    assert answer.url.endswith(f"next={reverse('admin:index')}")


def test_whoever_signs_out_is_signed_out(calling):
    answer = send(Client(), reverse("admin:logout"), calling)
    assert (answer.url, list(get_messages(answer.wsgi_request))) == (reverse("admin:index"), [])


def test_a_citizen_is_told_nothing_of_sessions(sign_in, calling, call):
    answer = send(sign_in(UserFactory()), call, calling, act="next")
    assert list(get_messages(answer.wsgi_request)) == []


def end_post(office, user) -> None:
    OfficerPost.objects.filter(user=user, office=office).update(ends_at=timezone.now())


def test_an_ended_post_says_so_and_that_nothing_was_done(officer, office, sign_in, calling, call):
    user = officer("COUNTER", office)
    client = sign_in(user)
    end_post(office, user)

    for answer in (
        client.get(calling, follow=True),
        client.post(call, {"act": "next"}, follow=True),
    ):
        text = answer.content.decode()
        assert answer.status_code == 403
        assert "Penugasan Anda sudah berakhir" in text
        assert "tidak dilakukan" in text


def test_whoever_still_serves_elsewhere_is_told_of_the_post_here(
    officer, office, sign_in, calling, call
):
    user = officer("COUNTER", office)
    other = OfficerPostFactory(user=user, office=OfficeFactory(), role="COUNTER").office
    client = sign_in(user)
    end_post(office, user)

    assert [client.get(calling).status_code, client.post(call).status_code] == [403, 403]
    assert f"({office.name}) berakhir" in client.get(calling).content.decode()
    assert client.get(reverse("desk:calling", args=[other.code])).status_code == 200
    stranger = reverse("desk:calling", args=[OfficeFactory().code])
    assert client.get(stranger).status_code == 404


def test_a_service_names_the_post_that_covered_the_act(officer, office):
    user = officer("COUNTER", office)
    end_post(office, user)
    asked = {"officer": user, "office": office, "now": timezone.now()}

    with pytest.raises(PostEnded):
        authority.require(act=Act.SERVE, **asked)
    with pytest.raises(NotAllowed) as refused:
        authority.require(act=Act.CLOSE_DAY, **asked)
    assert refused.value.code == "not_allowed"


def test_what_was_typed_is_there_again_and_was_never_readable(counter, office):
    path = reverse("desk:walk-in", args=[office.code])
    counter.get(path)
    person = {
        "orang-TOTAL_FORMS": "1",
        "orang-0-name": "Sari Dewi",
        "orang-0-nik": "9901014107900001",
    }
    stranger = Client()
    send(stranger, path, path, **person, note="Datang bersama saudaranya")
    kept = Session.objects.get(pk=stranger.session.session_key)
    assert "Sari" not in str(kept.get_decoded())

    session = counter.session
    session[kept_forms.KEPT] = stranger.session[kept_forms.KEPT]  # signing in keeps what is in it
    session.save()
    text = counter.get(path).content.decode()

    assert 'value="Sari Dewi"' in text
    assert "Datang bersama saudaranya" in text
    assert 'value="Sari Dewi"' not in counter.get(path).content.decode()
