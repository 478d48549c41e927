"""Takes what code prints, warns and logs in a worker, line by line."""
import io
import logging
import os
import sys
import threading

_MAX_LINE = 8192


class _Lines(io.RawIOBase):
    def __init__(self, emit, descriptor):
        self._emit = emit
        self._descriptor = descriptor
        self._rest = b""
        self._lock = threading.RLock()

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        data = bytes(data)
        with self._lock:
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                self._send(line)
            while len(self._rest) > _MAX_LINE:
                line, self._rest = self._rest[:_MAX_LINE], self._rest[_MAX_LINE:]
                self._send(line)
        return len(data)

    def finish(self):
        with self._lock:
            rest, self._rest = self._rest, b""
            if rest:
                self._send(rest)

    def _send(self, line):
        # A progress bar writes over its line again and again: what was overwritten is not shown.
        shown = line.rstrip(b"\r").rpartition(b"\r")[2]
        for start in range(0, max(1, len(shown)), _MAX_LINE):
            self._emit(shown[start : start + _MAX_LINE].decode("utf-8", "replace"))


class _Text(io.TextIOWrapper):
    def close(self):
        """Closing the stream of everybody is nobody's right."""
        self.flush()


def install(emit):
    """Sends lines of sys.stdout and sys.stderr to emit(line, is_error); returns what sends unfinished lines."""
    original = sys.stdout, sys.stderr
    out, error = _Lines(lambda line: emit(line, False), 1), _Lines(lambda line: emit(line, True), 2)
    sys.stdout, sys.stderr = (
        _Text(lines, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True) for lines in (out, error)
    )

    for stream in original:
        stream.reconfigure(line_buffering=True)  # a line is one write: those of several children do not mix

    def in_forked_child():
        sys.stdout, sys.stderr = original

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_forked_child)

    def finish():
        out.finish()
        error.finish()

    return finish


class _Handler(logging.Handler):
    def emit(self, record):
        print(self.format(record), file=sys.stderr if record.levelno >= logging.WARNING else sys.stdout)


def install_logging():
    """Lets messages of the logging module from level INFO appear among the printed lines. Calling it again changes nothing."""
    root = logging.getLogger()
    if any(isinstance(handler, _Handler) for handler in root.handlers):
        return
    handler = _Handler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
