"""Frames between host and worker: length (4 bytes, little-endian, of what follows), kind (1 byte), payload."""
import mmap
import os
import socket
import struct
import threading
import time

from ._errors import to_json

# The numbers are those of WorkerFrame in the host.
TRAIN, LOAD, ATTACH, PREDICT, RESUME, CANCEL, PREPARE = 1, 2, 3, 4, 5, 6, 7
HELLO, PROGRESS, METRIC, LOG, DONE, FAILED, ANSWERED, CONTAINED, LOADED = 64, 65, 66, 67, 68, 69, 70, 71, 72

_HEAD = struct.Struct("<IB")
_ANSWER = struct.Struct("<IBq")
_LOOKS = 1200  # some 50 microseconds: less than it takes to wake a process
_SOON = 0.0001
_MOVE_INTERVAL = 0.01
_CALL, _BEGUN, _SLEEPER = range(3)  # as CallBell in the host has them


class Connection:
    def __init__(self, address):
        if ":" in address and not address.startswith("/"):
            name, _, port = address.rpartition(":")
            self._socket = socket.create_connection((name, int(port)))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(address)
        self._lock = threading.Lock()
        self._head = memoryview(bytearray(_HEAD.size))
        self._process = os.getpid()
        self._is_busy = False
        self._calls = 0
        self._moved = 0.0

    def send(self, kind, payload):
        """Sends a frame whose payload is JSON. Does nothing in a forked child: the stream is its parent's."""
        data = to_json(payload).encode("utf-8")
        if os.getpid() == self._process:
            with self._lock:
                self._socket.sendall(_HEAD.pack(len(data) + 1, kind) + data)

    def answer(self, value):
        self._must_be_own()
        with self._lock:
            self._socket.sendall(_ANSWER.pack(9, ANSWERED, value))

    def receive_soon(self, bell):
        """As ``receive``, but looks for a moment whether the host has rung for another call, when calls come one right after the other
        lately: going to sleep and being woken takes longer than the call itself. Tells the host as soon as a call has begun."""
        following = self._calls + 1
        if self._is_busy and (not bell[_SLEEPER] or self._leave_core(bell[_SLEEPER] - 1)):
            for _ in range(_LOOKS):
                if bell[_CALL] >= following:
                    bell[_BEGUN] = following
                    break
        since = time.perf_counter()
        frame = self.receive()
        self._is_busy = time.perf_counter() - since < _SOON
        if frame[0] == PREDICT:
            self._calls = bell[_BEGUN] = following
        return frame

    def _leave_core(self, core):
        """Goes to another core than the one where the host sleeps, and says whether it did: where both share one, each waits until the other
        sleeps, and the system, which takes two busy processes for a busy machine, may leave it at that. Not often, for it knows better what else runs."""
        now = time.perf_counter()
        if now - self._moved < _MOVE_INTERVAL or not hasattr(os, "sched_setaffinity"):
            return False
        self._moved = now
        try:
            cores = os.sched_getaffinity(0)
            if len(cores) < 2:
                return False
            os.sched_setaffinity(0, cores - {core})
            os.sched_setaffinity(0, cores)
        except OSError:
            return False
        return True

    def receive(self):
        """Returns (kind, payload); raises EOFError when the host is gone."""
        self._must_be_own()
        self._fill(self._head)
        length, kind = _HEAD.unpack(self._head)
        if length == 1:
            return kind, b""
        payload = bytearray(length - 1)
        self._fill(memoryview(payload))
        return kind, payload

    def _must_be_own(self):
        """A forked child whose code came back to us ends: it must not speak or listen in its parent's place."""
        if os.getpid() != self._process:
            raise EOFError

    def _fill(self, view):
        read = 0
        while read < len(view):
            count = self._socket.recv_into(view[read:] if read else view)
            if count == 0:
                raise EOFError
            read += count


def map_file(path, writable):
    """Maps a file of the host and removes its name, so that nothing is left of it when both sides are gone."""
    with open(path, "r+b" if writable else "rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ)
    if os.name != "nt":
        os.remove(path)
    return memory
