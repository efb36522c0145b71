"""One deadline over the whole of a vendor's call, whatever the vendor does with it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from promostack.core import http
from tests.stopwatch import Stopwatch

TIMEOUT_S = 0.5
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def server(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Takes one connection at a time and lets `answer` speak; the event tells it to end."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    answer(connection, over)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def dripping(start: bytes, rest: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        for index in range(len(rest)):
            if over.wait(0.1):
                return
            connection.sendall(rest[index : index + 1])

    return answer


def sending(whole: bytes) -> Callable[[socket.socket, threading.Event], None]:
    return lambda connection, over: connection.sendall(whole)


def silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait(10)


def test_a_whole_answer_is_given() -> None:
    with server(sending(HEAD + b"X-Note: A\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")) as url:
        answer = http.get(url, params={}, timeout_s=5)
    assert (answer.status, answer.headers["x-note"], answer.body) == (200, "A", b"hi")


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        dripping(b"", HEAD * 20),
        dripping(HEAD + b"Content-Length: 100\r\n\r\n", b"x" * 100),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 50),
    ],
    ids=["silent", "headers drip", "body drips", "chunks drip"],
)
def test_a_slow_vendor_is_left_at_the_deadline(answer) -> None:
    with server(answer) as url:
        watch = Stopwatch()
        with pytest.raises(http.VendorUnreachable):
            http.get(url, params={}, timeout_s=TIMEOUT_S)
        assert watch.seconds() < TIMEOUT_S + 0.5


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        b"no HTTP at all\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\nshort",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        HEAD + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000,
    ],
    ids=["nothing", "nonsense", "cut short", "broken chunks", "no gzip", "too large"],
)
def test_a_broken_answer_is_the_vendors_failure(whole: bytes) -> None:
    with server(sending(whole)) as url, pytest.raises(http.VendorUnreachable):
        http.get(url, params={}, timeout_s=5, max_bytes=4_000)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://name.invalid/", "http://[broken/"])
def test_an_address_without_a_server_is_the_vendors_failure(url: str) -> None:
    with pytest.raises(http.VendorUnreachable):
        http.get(url, params={}, timeout_s=5)


def test_a_redirect_is_not_followed() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with server(sending(head)) as url:
        assert http.get(url, params={}, timeout_s=5).status == 302
