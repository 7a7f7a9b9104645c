"""A security key that Chromium pretends to have."""

from tests.browser.visitor import Visitor

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in_a_key(visitor: Visitor) -> None:
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def send(visitor: Visitor) -> None:
    visitor.press(visitor.page.locator("main form button[type=submit]").first)
