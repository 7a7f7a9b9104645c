"""A ticket stands on the phone where there is no line, and goes when its owner does."""

import re

from playwright.sync_api import expect

from tests.queueing.pages.visitors import family_booking, owner

# Not opened before: the browser itself may show availability of some seconds ago.
ELSEWHERE = "/kantor/?orang=3"
KEPT = """async (path) => {
  const found = async () => (await caches.match(path)) !== undefined;
  for (let tries = 0; tries < 200 && !(await found()); tries += 1)
    await new Promise((done) => setTimeout(done, 50));
  return found();
}"""
# Another like it, of a day that is over.
KEEP_OLD = """async (path) => {
  const store = await caches.open("paspor-tickets");
  const headers = new Headers((await store.match(path)).headers);
  headers.set("Paspor-Keep-Until", "1700000000");
  await store.put("/janji/LAMA2345/tiket/", new Response("", { headers }));
}"""
GONE = """async (path) => {
  for (let tries = 0; tries < 200 && (await caches.match(path)); tries += 1)
    await new Promise((done) => setTimeout(done, 50));
  return (await caches.match(path)) === undefined;
}"""
IN_ENGLISH = """async () => {
  const name = (await caches.keys()).find((name) => name.startsWith("paspor-shell-"));
  const shell = await caches.open(name);
  const page = await shell.match("/luring/");
  const text = (await page.text()).replace('<html lang="id"', '<html lang="en"');
  await shell.put("/luring/", new Response(text, { headers: { "Content-Language": "en" } }));
}"""
LANGUAGE = """async (language) => {
  const kept = async () => (await caches.match("/luring/")).text();
  const said = async () => /<html lang="(\\w+)"/.exec(await kept())[1];
  for (let tries = 0; tries < 100 && (await said()) !== language; tries += 1)
    await new Promise((done) => setTimeout(done, 50));
  return said();
}"""
ALL_KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("paspor-tickets"));
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


def shown(code):
    return f"{code[:4]}-{code[4:]}"


def is_kept(page, code):
    return page.evaluate(KEPT, f"/janji/{code}/tiket/")


def read_it_offline(visitor, code):
    page = visitor.page
    visitor.context.set_offline(True)
    page.goto(f"/janji/{code}/")
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()
    expect(page.get_by_text(re.compile("Disimpan .+; tanpa sambungan"))).to_be_visible()
    expect(page.get_by_text(shown(code), exact=True)).to_be_visible()
    assert page.evaluate("document.fonts.load('16px Inter').then((found) => found.length)") == 1
    visitor.check()
    page.goto(ELSEWHERE)
    expect(page.get_by_role("heading", name="Tidak ada sambungan")).to_be_visible()
    visitor.check()
    visitor.press(page.get_by_role("link", name=shown(code)))
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()


def sign_out(visitor):
    page = visitor.page
    visitor.context.set_offline(False)
    page.goto("/")
    page.locator("summary", has_text="Menu").click()
    visitor.press(page.locator(".header__panel").get_by_role("button", name="Keluar"))


def call_off(booking):
    who = [place.applicant.code for place in booking.places.all()]
    owner(booking).post(f"/janji/{booking.code}/batal/", {"who": who})


def sign_in_another(visitor, first, second):
    """The session of the first ended elsewhere."""
    for booking in (first, second):
        visitor.sign_in(booking.account)
        visitor.page.goto(f"/janji/{booking.code}/")
        assert is_kept(visitor.page, booking.code)


def test_a_ticket_is_read_without_a_line_and_forgotten_when_its_owner_goes(visit, portal):
    booking = family_booking(2)
    code = booking.code
    visitor = visit(width=360, user=booking.account)
    page = visitor.page
    page.goto(f"/janji/{code}/")
    visitor.check()
    assert is_kept(page, code)
    visitor.press(page.get_by_role("link", name="Layar penuh"))
    expect(page.get_by_text("tanpa sambungan")).to_be_hidden()
    visitor.check()
    page.evaluate(KEEP_OLD, f"/janji/{code}/tiket/")
    page.goto("/kantor/")
    assert page.evaluate(ALL_KEPT) == [f"/janji/{code}/tiket/"]

    read_it_offline(visitor, code)
    sign_out(visitor)

    assert page.evaluate(ALL_KEPT) == []
    visitor.context.set_offline(True)
    page.goto(f"/janji/{code}/")
    expect(page.get_by_role("heading", name="Tidak ada sambungan")).to_be_visible()
    expect(page.get_by_text("tersimpan di ponsel")).to_be_hidden()

    visitor.context.set_offline(False)
    other = family_booking(1)
    sign_in_another(visitor, booking, other)
    assert page.evaluate(ALL_KEPT) == [f"/janji/{other.code}/tiket/"]
    call_off(other)
    page.goto("/janji/")
    assert page.evaluate(GONE, f"/janji/{other.code}/tiket/")
    assert visitor.troubles == []


def test_who_changes_the_language_reads_it_without_a_line_too(visit):
    booking = family_booking(1)
    visitor = visit(width=360, user=booking.account)
    page = visitor.page
    page.goto(f"/janji/{booking.code}/")
    assert is_kept(page, booking.code)
    # As after a change of language, but for the newer worker that a browser finds in time.
    page.evaluate(IN_ENGLISH)
    assert page.evaluate(LANGUAGE, "en") == "en"

    page.goto("/")

    assert page.evaluate(LANGUAGE, "id") == "id"
