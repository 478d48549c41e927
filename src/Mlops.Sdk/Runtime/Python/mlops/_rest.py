"""HTTP with a node, by the standard library alone."""
from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import urllib.parse
import uuid
from typing import Any, BinaryIO, Iterator, Mapping, Sequence

_PAUSES = (0.2, 1.0)
_CHUNK = 1 << 20


class MlopsError(Exception):
    """A node refused a request, could not be reached, or could not do what was asked. Its text says what, why and what helps.

    ``status`` is the status code of the answer, None when there was none; ``detail``, ``remedy`` and ``errors`` are the parts of the text.
    """

    def __init__(self, detail: str, remedy: str | None = None, status: int | None = None, errors: Sequence[str] = ()) -> None:
        self.detail = detail
        self.remedy = remedy
        self.status = status
        self.errors = list(errors)
        super().__init__("\n".join([" ".join(part for part in (detail, remedy) if part), *self.errors]))


class Rest:
    """Sends requests. A request that changes something carries an idempotency key, so sending it again after a lost connection does nothing twice."""

    def __init__(self, url: str, token: str | None, ca_file: str | None, timeout: float) -> None:
        parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MlopsError(f"'{url}' is no address of a node.", "Write it like http://127.0.0.1:8080.")
        self.url = url
        self._host = parts.hostname
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None

    def get(self, path: str, **query: Any) -> Any:
        return self.json("GET", path, query=query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.json("POST", path, body, query=query)

    def json(self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """Sends JSON, or a file when the body is one, and returns the JSON of the answer."""
        with self.open(method, path, body, query, headers) as response:
            text = response.read()
        return json.loads(text) if text else None

    def list(self, path: str, **query: Any) -> list[Any]:
        """Reads a whole list, page by page."""
        everything: list[Any] = []
        while True:
            with self.open("GET", path, None, {**query, "limit": 1000, "offset": len(everything)}) as response:
                everything += json.loads(response.read())
                if response.getheader("Link") is None:
                    return everything

    def save(self, path: str, target: BinaryIO, **query: Any) -> None:
        with self.open("GET", path, None, query) as response:
            while block := response.read(_CHUNK):
                target.write(block)

    def events(self, path: str, **query: Any) -> Iterator[tuple[str, Any]]:
        """Yields (name, data) of server-sent events until the node ends them."""
        with self.open("GET", path, None, query) as response:
            name, data = "message", None
            while line := response.readline():
                text = line.decode("utf-8").rstrip("\r\n")
                if not text and data is not None:
                    yield name, json.loads(data)
                    name, data = "message", None
                elif text.startswith("event: "):
                    name = text[7:]
                elif text.startswith("data: "):
                    data = text[6:]

    def open(self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        """Returns the answer, whose content has not been read; the caller closes it."""
        sent = {"Accept": "application/json", "Connection": "close", **(headers or {})}
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        if method == "POST":
            sent["Idempotency-Key"] = uuid.uuid4().hex
        if body is not None and not hasattr(body, "read"):
            body = json.dumps(body, allow_nan=False).encode()
            sent["Content-Type"] = "application/json"
        place = self._place(path, query or {})
        for pause in (*_PAUSES, None):
            try:
                return self._send(method, place, body, sent)
            except (OSError, http.client.HTTPException) as error:
                if pause is None or isinstance(error, (ssl.SSLError, socket.gaierror)) or method not in ("GET", "POST", "PUT", "DELETE"):
                    raise self._lost(method, path, error) from error
                time.sleep(pause)
                if hasattr(body, "seek"):
                    body.seek(0)
        raise AssertionError("the last attempt raises")

    def _send(self, method: str, place: str, body: Any, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        if self._tls is not None:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        connection.request(method, place, body, dict(headers), encode_chunked=hasattr(body, "read") and "Content-Length" not in headers)
        response = connection.getresponse()
        if response.status < 400:
            return response
        with response:
            raise _refused(response.status, response.reason, response.read())

    def _place(self, path: str, query: Mapping[str, Any]) -> str:
        written = {name: "true" if value is True else "false" if value is False else value for name, value in query.items() if value is not None}
        return f"{self._prefix}{path if path.startswith('/') else '/api/v1/' + path}" + ("?" + urllib.parse.urlencode(written) if written else "")

    def _lost(self, method: str, path: str, error: Exception) -> MlopsError:
        return MlopsError(
            f"{method} {path} at {self.url} failed: {type(error).__name__}: {error}.".replace("..", "."),
            "Look whether the node runs and the address is right; for https with a certificate of your own give ca_file.",
        )


def segment(name: str) -> str:
    """Writes a name as one segment of a path."""
    return urllib.parse.quote(name, safe="")


def _refused(status: int, reason: str, content: bytes) -> MlopsError:
    try:
        problem = json.loads(content)
        return MlopsError(problem.get("detail") or problem["title"], problem.get("remedy"), status, problem.get("errors") or ())
    except (ValueError, KeyError, AttributeError):
        return MlopsError(f"The node, or something before it, answered {status} {reason}.", None, status)
