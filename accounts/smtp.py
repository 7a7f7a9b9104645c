"""Django's SMTP backend, which also signs letters and keeps what the server said of them."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from accounts import dkim_signing


class _Hearing:
    """The reply to the last DATA: where a relay names the letter in its own log."""

    said = ""

    def sendmail(
        self, from_addr: str, to_addrs: Any, msg: bytes, *args: Any, **kwargs: Any
    ) -> dict[str, tuple[int, bytes]]:
        letter = dkim_signing.signed(msg)
        return super().sendmail(from_addr, to_addrs, letter, *args, **kwargs)  # type: ignore[misc]

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, answer = super().data(msg)  # type: ignore[misc]
        self.said = f"{code} {answer.decode(errors='replace')}"
        return code, answer


class HearingSMTP(_Hearing, smtplib.SMTP):
    pass


class HearingSSL(_Hearing, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return HearingSSL if self.use_ssl else HearingSMTP

    @property
    def said(self) -> str:
        """The server's reply to the letter it took last, "" where there is none."""
        return getattr(self.connection, "said", "")

    def answers(self) -> bool:
        """Whether the open connection is of use: sign-in and all have gone well."""
        return self.connection is not None and self.connection.noop()[0] == 250
