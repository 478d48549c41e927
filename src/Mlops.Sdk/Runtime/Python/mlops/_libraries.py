"""Libraries of the interpreter that models commonly use: what a worker may import while it waits, before it knows for which package.

That happens before the worker is contained. So only the interpreter's own libraries count, and only those named here, whatever
a package says that it uses.
"""
import importlib
import os
import sys

NAMES = ("numpy", "scipy", "sklearn", "pandas", "torch", "tensorflow", "xgboost", "lightgbm", "statsmodels")
_NEVER = {"__main__", "tests", "conftest", "setup"}
_THREADS = "/proc/self/task"


def loaded():
    """Returns the modules of these libraries that are loaded, in the order of their import."""
    return [name for name in list(sys.modules) if _may_load(name)]


def load(names):
    """Imports modules that another worker has used. Ends the process when a library starts threads: these would escape containment."""
    from . import _serve  # noqa: F401 - what every prediction needs

    for name in names:
        if _may_load(name):
            try:
                importlib.import_module(name)
            except Exception:
                pass  # the package that needs it hears of it
    if os.path.isdir(_THREADS) and len(os.listdir(_THREADS)) > 1:
        os._exit(0)


def _may_load(name):
    first, *others = name.split(".")
    return first in NAMES and _NEVER.isdisjoint(others)
