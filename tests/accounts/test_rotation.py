"""New keys while the portal runs."""

import base64
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import selectors
from accounts.models import Applicant, Person
from accounts.services import people, personal_data, rotation
from paspor.kernel import cipher
from tests.accounts.applicants import NOW, add
from tests.at_once import at_once
from tests.factories import UserFactory, invented_nik

NEW = base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def two_people(db: None) -> list[Applicant]:
    return [add(UserFactory(), 1, kk="3171990101100001"), add(UserFactory(), 2)]


def test_data_keys_are_rotated_and_the_old_one_can_go(two_people: list[Applicant], settings: Any):
    old = settings.DATA_KEYS
    settings.DATA_KEYS = f"baru:{NEW},{old}"

    call_command("rotate_data_keys")

    settings.DATA_KEYS = f"baru:{NEW}"
    rows = Applicant.objects.order_by("pk")
    assert [people.open_nik(row) for row in rows] == [invented_nik(1), invented_nik(2)]
    assert people.open_kk(rows[0]) == "3171990101100001"
    assert {row.nik_key for row in rows} == {"baru"}
    assert rotation.reencrypt(lambda *_: None) == 0


def test_rows_without_digests_of_parts_get_them(two_people: list[Applicant]):
    stems = list(Applicant.objects.order_by("pk").values_list("nik_stem", flat=True))
    assert stems[0] == stems[1] != ""
    Applicant.objects.update(nik_stem="", nik_region="")

    call_command("rotate_data_keys")

    rows = Applicant.objects.order_by("pk")
    assert list(rows.values_list("nik_stem", flat=True)) == stems
    assert "" not in rows.values_list("nik_region", flat=True)


def test_a_rotation_goes_on_where_it_was_stopped(
    two_people: list[Applicant], settings: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rotation, "BATCH", 1)
    settings.DATA_KEYS = f"baru:{NEW},{settings.DATA_KEYS}"

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.reencrypt(stop)
    assert Applicant.objects.filter(nik_key="baru").count() == 1
    assert rotation.reencrypt(lambda *_: None) == 1


def test_a_key_removed_too_early_is_named(two_people: list[Applicant], settings: Any):
    settings.DATA_KEYS = f"baru:{NEW}"
    with pytest.raises(CommandError, match="needs the data key"):
        call_command("rotate_data_keys")


def test_the_digest_key_is_changed_in_three_steps(two_people: list[Applicant], settings: Any):
    first, second = (row.person for row in two_people)
    old = settings.PERSON_DIGEST_KEY

    def everyone_is_found() -> None:
        assert people.find_or_make_person(invented_nik(1)) == first
        assert people.find_or_make_person(invented_nik(2)) == second

    settings.PERSON_DIGEST_KEY_NEXT = NEW
    everyone_is_found()
    call_command("rotate_person_digest", "fill")
    everyone_is_found()
    settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT = NEW, old
    everyone_is_found()
    call_command("rotate_person_digest", "finish")
    everyone_is_found()
    settings.PERSON_DIGEST_KEY_NEXT = ""
    everyone_is_found()
    assert Person.objects.count() == 2
    assert not Person.objects.exclude(digest_next=None).exists()


def test_who_was_erased_half_way_is_still_known(two_people: list[Applicant], settings: Any):
    old, erased = settings.PERSON_DIGEST_KEY, two_people[0]
    settings.PERSON_DIGEST_KEY_NEXT = NEW
    rotation.fill_next_digests(lambda *_: None)
    personal_data.erase(user=erased.account, now=NOW)
    settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT = NEW, old
    rotation.finish_digests(lambda *_: None)
    settings.PERSON_DIGEST_KEY_NEXT = ""
    assert selectors.person_with_nik(invented_nik(1)) == erased.person


def test_filling_without_a_next_key_is_refused(two_people: list[Applicant]):
    with pytest.raises(CommandError, match="PERSON_DIGEST_KEY_NEXT"):
        call_command("rotate_person_digest", "fill")


def test_finishing_before_filling_changes_nobody(two_people: list[Applicant], settings: Any):
    before = set(Person.objects.values_list("digest", flat=True))
    settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT = NEW, settings.PERSON_DIGEST_KEY
    assert rotation.finish_digests(lambda *_: None) == 0
    assert set(Person.objects.values_list("digest", flat=True)) == before


class NodeSettings:
    """Settings that differ by thread, as between nodes half of which were exchanged."""

    def __init__(self, real: Any) -> None:
        self._real, self._node = real, threading.local()

    def exchange(self) -> None:
        self._node.exchanged = True

    def __getattr__(self, name: str) -> Any:
        keys = {
            "PERSON_DIGEST_KEY": self._real.PERSON_DIGEST_KEY,
            "PERSON_DIGEST_KEY_NEXT": NEW,
        }
        if getattr(self._node, "exchanged", False):
            keys = dict(zip(keys, reversed(keys.values()), strict=True))
        return keys.get(name) or getattr(self._real, name)


def test_one_nik_is_one_person_while_only_half_of_the_nodes_were_exchanged(
    committed_db: str, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    nodes = NodeSettings(settings)
    for module in (people, selectors, cipher):
        monkeypatch.setattr(module, "settings", nodes)

    def on_an_exchanged_node() -> Person:
        nodes.exchange()
        return people.find_or_make_person(invented_nik(1))

    def on_another() -> Person:
        return people.find_or_make_person(invented_nik(1))

    made = at_once([on_another, on_an_exchanged_node] * 4)
    assert len({person.pk for person in made}) == 1
    assert Person.objects.count() == 1
