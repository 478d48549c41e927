"""Turns whatever workflow code raises into a message for people and a traceback without our own frames."""
import json
import os
import sys
import traceback

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_MAX_TRACEBACK = 60_000


class WorkflowError(Exception):
    """The package is at fault in a way that its own traceback would not explain."""


def describe(error, package, doing):
    """Returns {message, traceback}; the message is one line and names workflow, place and cause."""
    if isinstance(error, WorkflowError):
        text = str(error)
    elif isinstance(error, SyntaxError) and error.filename:
        text = f"{package.relative(error.filename)}, line {error.lineno}: {type(error).__name__}: {error.msg}"
    else:
        text = f"{doing} raised {_summary(error)}{_place(error, package)}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        text += f". Put the module into libs/ of the package, or install it for {sys.executable}"
    end = "" if text.endswith((".", "!", "?")) else "."
    explains_itself = isinstance(error, WorkflowError) and error.__cause__ is None
    return {"message": f"Workflow {package.title}: {text}{end}", "traceback": None if explains_itself else _format(error)}


def to_json(value):
    """Returns JSON that any reader takes: a lone surrogate, legal in a str, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _summary(error):
    name = type(error).__qualname__
    try:
        text = str(error)
    except Exception as problem:
        text = f"<str() of the exception failed: {type(problem).__name__}>"
    first = text.strip().split("\n", 1)[0][:500]
    return f"{name}: {first}" if first else name


def _place(error, package):
    """The innermost line of the package itself: the author's, not NumPy's."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if package.owns(file):
            place = f" ({package.relative(file)}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return place


def _format(error):
    described = traceback.TracebackException.from_exception(error)
    _strip(described, set())
    text = "".join(described.format())
    if len(text) > _MAX_TRACEBACK:
        text = text[: _MAX_TRACEBACK // 6] + "\n…\n" + text[-_MAX_TRACEBACK * 5 // 6 :]
    return text


def _strip(described, seen):
    if described is None or id(described) in seen:
        return
    seen.add(id(described))
    described.stack[:] = [frame for frame in described.stack if not _is_ours(frame.filename)]
    for other in (described.__cause__, described.__context__, *(getattr(described, "exceptions", None) or ())):
        _strip(other, seen)


def _is_ours(file):
    return file.startswith(_OURS) or file.startswith("<frozen importlib")
