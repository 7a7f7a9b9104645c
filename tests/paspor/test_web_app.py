"""The installable app: what its manifest, worker and page without a line answer, and to whom."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from paspor import web_app
from paspor.kernel import account_mark
from tests.factories import UserFactory
from tests.queueing.pages.visitors import browser_of

ROOT = Path(__file__).resolve().parents[2]
HEAD = ROOT / "templates" / "components" / "head.html"
TOKENS = ROOT / "static" / "css" / "tokens.css"


def shell(client):
    text = client.get("/sw.js").text
    return json.loads(re.match(r"const SHELL = (.*);\n", text).group(1))


def test_the_manifest_says_how_to_install_it(client):
    answer = client.get("/manifest.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "max-age" in answer.headers["Cache-Control"]
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]
    said = answer.json()
    assert (said["lang"], said["start_url"], said["scope"]) == ("id", "/", "/")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        file = Path(finders.find(icon["src"].removeprefix("/static/")))
        assert "{}x{}".format(*Image.open(BytesIO(file.read_bytes())).size) == icon["sizes"]


def test_its_colours_are_those_of_the_tokens():
    light, dark = re.findall(r'theme-color" content="(#\w+)"', HEAD.read_text())
    tokens = dict(re.findall(r"--(gray-25|gray-900|blue-400): (#\w+);", TOKENS.read_text()))

    assert (light, dark) == (tokens["gray-25"], tokens["gray-900"])
    assert (tokens["gray-25"], tokens["blue-400"]) == (web_app.BACKGROUND, web_app.BRAND)


def test_the_worker_is_asked_for_anew_and_answers_for_every_page(client):
    answer = client.get("/sw.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_all_that_the_worker_keeps_is_there(client):
    said = shell(client)

    assert all(finders.find(file.removeprefix("/static/")) for file in said["files"])
    assert client.get(said["page"]).status_code == 200


def test_a_deploy_that_changes_a_file_makes_a_new_store(client, monkeypatch):
    before = shell(client)["cache"]
    assert shell(client)["cache"] == before

    monkeypatch.setattr(web_app, "static", lambda name: f"/static/{name}?anew")

    assert shell(client)["cache"] != before
    assert shell(client)["cache"].startswith("paspor-shell-")


def test_the_page_without_a_line_is_the_same_for_everybody(client):
    page = client.get("/luring/")

    assert "no-cache" in page.headers["Cache-Control"]
    assert not page.cookies
    assert account_mark.HEADER not in page.headers
    assert page.text.count("<!--ticket-->") == 2
    assert "data-tickets hidden" in page.text


@pytest.mark.django_db
def test_they_cost_whoever_is_signed_in_no_query(django_assert_num_queries):
    browser = browser_of(UserFactory())
    with django_assert_num_queries(0):
        for path in ("/sw.js", "/luring/", "/manifest.webmanifest"):
            assert browser.get(path).status_code == 200


@pytest.mark.django_db
def test_a_page_tells_one_account_from_another_and_from_nobody(client):
    siti, budi = UserFactory(), UserFactory()

    def mark_of(browser):
        return browser.get("/").headers[account_mark.HEADER]

    first, second = mark_of(browser_of(siti)), mark_of(browser_of(budi))
    assert mark_of(browser_of(siti)) == first
    assert len({first, second, account_mark.NOBODY}) == 3
    assert mark_of(client) == account_mark.NOBODY
    browser = browser_of(siti)
    left = browser.post("/akun/logout/", follow=True)
    assert left.headers[account_mark.HEADER] == account_mark.NOBODY


@pytest.mark.django_db
def test_answers_that_anybody_may_hold_say_nothing_of_it():
    browser = browser_of(UserFactory())
    for path in ("/api/v1/offices", "/status.json", "/manifest.webmanifest", "/sw.js"):
        assert account_mark.HEADER not in browser.get(path).headers
