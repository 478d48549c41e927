"""The process that runs workflow code for a host: one training, or one deployment's predictions. It may have to wait for its purpose.

The host starts it with the environment variable MLOPS_WORKER (JSON: address, token and limits) and holds the other end of
its standard input, on which it never writes: when that closes, the host is gone or wants this process gone, and it ends at once.
"""
import faulthandler
import json
import os
import signal
import sys
import threading

from . import _connection, _streams
from ._connection import Connection, map_file
from ._containment import Containment

_SET_SIGNAL = 10  # F_SETSIG of Linux; the fcntl module names it only from Python 3.12 on


def main():
    settings = json.loads(os.environ.pop("MLOPS_WORKER"))
    containment = Containment(settings)
    life = _tie_to_host()
    is_watched = containment.begin(life)
    if settings.get("site"):
        from . import _environment

        _environment.activate(settings["site"])
    faulthandler.enable(all_threads=False)
    connection = Connection(settings["address"])
    connection.send(_connection.HELLO, {"token": settings["token"], "process": os.getpid()})
    finish = _streams.install(lambda line, is_error: connection.send(_connection.LOG, {"line": line, "error": is_error}))
    _streams.install_logging()
    try:
        kind, payload = connection.receive()
        if kind == _connection.PREPARE:
            from . import _libraries

            _libraries.load(json.loads(payload)["libraries"])
            kind, payload = connection.receive()
        if not _close_off(containment, settings, kind, json.loads(payload), connection):
            return
        if not is_watched:
            threading.Thread(target=_end_with, args=(life,), name="mlops-life", daemon=True).start()
        if kind == _connection.TRAIN:
            _train(payload, connection, finish)
        elif kind == _connection.LOAD:
            _serve(payload, connection, finish)
    except (EOFError, ConnectionError):
        pass
    # Without the interpreter's own end, which takes seconds with large libraries loaded.
    os._exit(0)


def _close_off(containment, settings, kind, request, connection):
    """Leaves to the code nothing but what its work needs; before any of it is imported, and before there are other threads."""
    own = os.path.dirname(settings["address"])
    package, model = request["package"]["folder"], request["model"]
    try:
        measures = containment.complete([package, model], [own, model] if kind == _connection.TRAIN else [own])
    except PermissionError as error:
        connection.send(_connection.FAILED, {"message": str(error), "traceback": None})
        return False
    connection.send(_connection.CONTAINED, {"measures": measures})
    return True


def _train(request, connection, finish):
    from ._train import train

    cancelled = threading.Event()

    def listen():
        try:
            while connection.receive()[0] == _connection.CANCEL:
                cancelled.set()
        except (EOFError, OSError):
            pass
        os._exit(0)

    threading.Thread(target=listen, name="mlops-host", daemon=True).start()
    train(request, _Finishing(connection, finish), cancelled.is_set)


class _Finishing:
    """Sends lines without an end before the frame that ends the work."""

    def __init__(self, connection, finish):
        self._connection = connection
        self._finish = finish

    def send(self, kind, payload):
        if kind in (_connection.DONE, _connection.FAILED):
            self._finish()
        self._connection.send(kind, payload)


def _serve(request, connection, finish):
    from . import _libraries
    from ._serve import FAILED, Predictor

    predictor = Predictor()
    result = predictor.load(request.decode("utf-8"))
    if result != FAILED:
        connection.send(_connection.LOADED, {"libraries": _libraries.loaded()})
    bell = memoryview(bytearray(24)).cast("q")
    while True:
        finish()
        if result == FAILED:
            connection.send(_connection.FAILED, json.loads(predictor.failure))
        else:
            connection.answer(result)
        kind, payload = connection.receive_soon(bell)
        if kind == _connection.PREDICT:
            result = predictor.predict()
        elif kind == _connection.ATTACH:
            attached = json.loads(payload)
            memory = map_file(attached["columns"], writable=True)
            bell = memoryview(memory)[16:40].cast("q")
            result = predictor.attach(memory, json.dumps(attached["layout"]))
        elif kind == _connection.RESUME:
            result = predictor.resume(int.from_bytes(payload, "little"))
        else:
            return


def _tie_to_host():
    """Makes this process, and those it starts, end when the host ends or closes our standard input; returns the descriptor that then closes."""
    if hasattr(os, "setsid"):
        os.setsid()
    life = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform.startswith("linux"):
        try:
            import fcntl

            # The kernel kills the group even while native code holds the interpreter. PR_SET_PDEATHSIG would not do: it is
            # about the thread that started us, and the threads of the host's pool come and go.
            fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpgrp())
            fcntl.fcntl(life, _SET_SIGNAL, signal.SIGKILL)
            fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
        except OSError:
            pass
    return life


def _end_with(life):
    try:
        while os.read(life, 1):
            pass
    except OSError:
        pass
    os._exit(0)
