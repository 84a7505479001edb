"""Asking the time-stamp service, over one connection that stays open: a new one costs as much as the stamp itself."""

import asyncio

import requests
from asn1crypto import tsp
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

DIGEST = "sha256"
REPLY = "application/timestamp-reply"


class KeptTimeStamper(HTTPTimeStamper):
    """The engine's client, which opens a connection and a thread for each stamp. One per process."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout=timeout)
        self._session = requests.Session()
        self._size = 0

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the answer to a request. Raises TimestampRequestError.

        It waits without giving way: whoever seals has one document on its loop.
        """
        try:
            answer = self._asked(req.dump())
        except OSError as error:
            raise TimestampRequestError("Error in communication with timestamp server") from error
        if answer.headers.get("Content-Type") != REPLY:
            raise TimestampRequestError("Timestamp server response is malformed.", answer)
        return tsp.TimeStampResp.load(answer.content)

    def stamp_size(self) -> int:
        """Return the bytes of a stamp. The service is asked once: its answers differ by time and number alone."""
        if not self._size:
            self._size = len(asyncio.run(self.async_dummy_response(DIGEST)).dump())
        return self._size

    def _asked(self, body: bytes) -> requests.Response:
        try:
            return self._posted(body)
        except requests.Timeout:
            raise
        except requests.ConnectionError:
            # The service may have closed a connection that had not served for a while, as we were writing.
            return self._posted(body)

    def _posted(self, body: bytes) -> requests.Response:
        return self._session.post(self.url, body, headers=self.request_headers(), timeout=self.timeout)
