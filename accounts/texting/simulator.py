"""A gateway for demonstrations and tests, whose temper can be switched while it runs."""

from enum import StrEnum
from time import sleep

from accounts.tempers import Switch
from accounts.texting.interface import GatewayAway, GatewayBusy, NumberRefused, Text

SLOW_SECONDS = 8


class Temper(StrEnum):
    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    BUSY = "busy"
    REFUSING = "refusing"


switch = Switch("texting:temper", Temper)
temper, set_temper = switch.now, switch.set


class Simulator:
    """Takes a text and delivers it nowhere: the demo's mailbox page shows it."""

    def send(self, text: Text) -> str:
        now = temper()
        if now is Temper.DOWN:
            raise GatewayAway("down")
        if now is Temper.BUSY:
            raise GatewayBusy("429")
        if now is Temper.REFUSING:
            raise NumberRefused("422 invalid_number")
        if now is Temper.SLOW:
            sleep(SLOW_SECONDS)
        return "200 simulated"
