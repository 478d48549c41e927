"""Compiles the code of a package without running it: a slip is found when the package is checked, not in its first training."""
import json
import os
import platform
import sys
import warnings

from ._findings import Finding

_FOREIGN = ("libs/", "wheels/")  # what is vendored may hold files for other versions of Python that nobody imports
_MAX_MEMORY = 2 << 30
_MAX_SECONDS = 20


def check(folder, files):
    """Returns a finding for each file of the package's own that this Python cannot compile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = sorted(file for file in files if file.endswith(".py") and not file.startswith(_FOREIGN))
        return [finding for file in own for finding in _check(folder, file)]


def _check(folder, file):
    with open(os.path.join(folder, *file.split("/")), "rb") as source:
        code = source.read()
    try:
        compile(code, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        yield _finding(file, error.lineno or None, error.msg)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        yield _finding(file, None, str(error) or type(error).__name__)


def _finding(file, line, problem):
    problem = problem[:1].upper() + problem[1:].rstrip(".")
    return Finding(file, line, "python-syntax", f"{problem}.", f"Correct it for Python {platform.python_version()}.")


def _limit():
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))


def main():
    """The node's side: the folder of a package as JSON in, one line of JSON out (findings). What is hostile ends this process, not the node."""
    folder = json.loads(sys.stdin.read())
    _limit()
    files = [os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/") for at, _, names in os.walk(folder) for name in names]
    print(json.dumps([finding._asdict() for finding in check(folder, files)]))
