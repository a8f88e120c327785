# ruff: noqa: N818 - the names say what happened (Rejected, NotFound), as the product's contract has them
"""What can go wrong between this program and Whisul.

    WhisulError                   .sentence: for the user, with the mend; .status: of the answer, None without one
    ├── ConfigurationProblem      address, proxy or certificate settings cannot be used; nothing was sent
    ├── Rejected                  400 and its like: Whisul wants another prompt; .message: Whisul's own words
    ├── KeyRefused                401, 403: nothing more is sent with this key
    │   └── KeyMissing            there is no key; nothing was sent
    ├── NotFound                  404, 410: no such job, or it has expired
    ├── Limited                   429; .retry_after: seconds that Whisul asked for, or None
    ├── Unavailable               5xx and transport; .sent: False when surely not one byte of the request left
    └── BadReply                  an answer that is not the documented shape; .sent: always True

`str(error)` is the sentence. It holds own words and text that `domain.clean` has cleaned, never the key.
"""

from __future__ import annotations


class WhisulError(Exception):
    """A call to Whisul that did not bring what was asked for."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class ConfigurationProblem(WhisulError):
    """The address, the proxy or the certificates that were configured cannot be used."""


class Rejected(WhisulError):
    """Whisul refuses this request as it stands; sending it again unchanged is useless."""

    def __init__(self, message: str | None = None, *, status: int = 400) -> None:
        self.message = message or f"Whisul rejected the request ({status}). Change the prompt and send it again."
        super().__init__(self.message, status=status)


class KeyRefused(WhisulError):
    """Whisul does not accept the API key."""

    def __init__(self, sentence: str = "", *, status: int | None = 401) -> None:
        mend = "Check WHISUL_API_KEY or api_key in the settings, or make a new key on whisul.com."
        super().__init__(sentence or f"Whisul refused the API key ({status}). {mend}", status=status)


class KeyMissing(KeyRefused):
    """There is no API key, so nothing was sent."""

    def __init__(self) -> None:
        super().__init__("There is no API key. Set WHISUL_API_KEY, or api_key in the settings.", status=None)


class NotFound(WhisulError):
    """Whisul does not know what was asked for."""

    def __init__(self, sentence: str = "", *, status: int | None = 404) -> None:
        super().__init__(
            sentence or "Whisul does not know this job: it has expired, or the id is wrong.", status=status
        )


class Limited(WhisulError):
    """Too many requests; `retry_after` is in seconds, None when Whisul did not say."""

    def __init__(self, retry_after: float | None = None) -> None:
        wait = "a while" if retry_after is None else f"{retry_after:.0f} s"
        super().__init__(f"Whisul is limiting requests (429). Nothing more is sent for {wait}.", status=429)
        self.retry_after = retry_after


class Unavailable(WhisulError):
    """Whisul could not answer; with `sent` it may still have taken the request.

    `reason` is a clause of own words: "the connection was refused".
    """

    def __init__(self, *, sent: bool, status: int | None = None, reason: str = "") -> None:
        if reason and sent:
            sentence = f"No usable answer came from Whisul: {reason}. Check the network."
        elif reason:
            sentence = f"Whisul cannot be reached: {reason}. Nothing was sent. Check the network and the base URL."
        else:
            sentence = f"Whisul has trouble on its side (it answered {status}). If it lasts, look at its status page."
        super().__init__(sentence, status=status)
        self.sent = sent
        self.reason = reason


class BadReply(WhisulError):
    """An answer that is not what the documents describe; `reason` is a clause of own words."""

    def __init__(self, reason: str, *, sent: bool = True, status: int | None = None) -> None:
        mend = "Check that the base URL is that of the Whisul API and that no proxy or login page stands between."
        super().__init__(f"The answer is not one of Whisul's: {reason}. {mend}", status=status)
        self.reason = reason
        self.sent = sent
