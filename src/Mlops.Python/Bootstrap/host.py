"""Runs once inside the interpreter of a .NET process, before anything else. Names starting with `_mlops` are ours."""
import faulthandler
import io
import linecache
import os
import pickle
import sys
import traceback
import types
from sys import getrefcount  # noqa: F401 - called by the host

_OWN_FILE = __file__
_MAX_MESSAGE = 4_000
_MAX_TRACEBACK = 60_000


class _HostStream(io.RawIOBase):
    """Hands every write to the host, which cuts it into lines."""

    def __init__(self, emit, is_error):
        self._emit = emit
        self._is_error = is_error

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        self._emit(self._is_error, data)
        return len(data)


class _HostText(io.TextIOWrapper):
    def __init__(self, emit, is_error):
        # Lone surrogates (undecodable file names, for instance) are shown escaped: printing never fails.
        super().__init__(
            _HostStream(emit, is_error), encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True
        )

    def close(self):
        """All code of the process shares this stream: closing it for everybody is nobody's right."""
        self.flush()


def prepare(executable, search_path, switch_interval, emit):
    """Makes the interpreter look as if `executable` had been started."""
    sys.executable = executable
    if not hasattr(sys, "argv") or not sys.argv:
        sys.argv = [""]
    sys.path = [path for path in sys.path if path]
    sys.path.extend(path for path in search_path if path not in sys.path)
    if switch_interval > 0:
        sys.setswitchinterval(switch_interval)

    # .NET turns a fault at a null reference into an exception; Python's handler in its place would end the process.
    faulthandler.disable()
    faulthandler.enable = lambda *arguments, **keywords: None

    original = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _HostText(emit, False), _HostText(emit, True)
    sys.stdin = io.StringIO("")  # input() gets an EOFError instead of waiting for a console that nobody watches

    def in_forked_child():
        # The .NET runtime does not survive a fork: a child that prints must not call it.
        sys.stdout, sys.stderr = original

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_forked_child)


def add_search_path(paths):
    for path in reversed(paths):
        if path not in sys.path:
            sys.path.insert(0, path)


def execute_module(name, source, file_name):
    code = compile(source, file_name, "exec", dont_inherit=True)
    linecache.cache[file_name] = (len(source), None, source.splitlines(True), file_name)
    module = types.ModuleType(name)
    module.__file__ = file_name
    module.__package__ = name.rpartition(".")[0]
    previous = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)
    except BaseException:
        if previous is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = previous
        raise
    return module


def describe(error):
    """Returns (type, message, traceback text, file, line)."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__qualname__
    try:
        message = str(error)
    except Exception as problem:
        message = "<str() of the exception failed: %s>" % type(problem).__name__

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == _OWN_FILE:
        trace = trace.tb_next
    try:
        text = "".join(traceback.format_exception(kind, error, trace))
    except Exception as problem:
        text = "%s: %s\n<the traceback could not be formatted: %s>\n" % (name, message, type(problem).__name__)

    file_name, line = _where(error, trace)
    if len(message) > _MAX_MESSAGE:
        message = message[:_MAX_MESSAGE] + "…"
    if len(text) > _MAX_TRACEBACK:
        text = text[: _MAX_TRACEBACK // 6] + "\n…\n" + text[-_MAX_TRACEBACK * 5 // 6 :]
    return name, message, text, file_name, line


def _where(error, trace):
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    if trace is None:
        return None, 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno or 0


def new_block(size):
    return bytearray(size)


def view_of(block, item_format, shape, writable):
    view = memoryview(block).cast("B")
    view = view.cast(item_format, shape) if shape else view.cast(item_format)
    return view if writable else view.toreadonly()


def as_ndarray(view):
    import numpy

    return numpy.asarray(view)


def view_of_memory(memory, item_format):
    # A memoryview of a memoryview shares its buffer, and releasing one would tell nothing about the other. Through a PickleBuffer it
    # is a buffer of its own, which `memory` counts.
    return memoryview(pickle.PickleBuffer(memory)).cast(item_format)


def try_release(view, memory):
    """False while something, for instance an array kept by user code, still looks at the memory."""
    try:
        view.release()
        memory.release()
        return True
    except BufferError:
        return False
