"""Loads workflow packages under private module names, so that two of them in one process never meet.

The module ``helpers`` of a package is ``_wf.<id>.helpers``: a finder serves those names from the package's folder and its
``libs/``, and code of the package runs with an ``__import__`` of its own that looks into the package first. The id depends on
name, version and digest only, because pickles record module names.
"""
import builtins
import importlib.util
import os
import re
import sys
import types
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, ModuleSpec, SourceFileLoader

from ._errors import WorkflowError

_ROOT = "_wf"
_packages = {}
_finders = {}


class Package:
    """A package that is in use; ``acquire`` and ``release`` count its users."""

    def __init__(self, name, version, digest, folder):
        self.id = re.sub(r"\W", "_", f"{name}_{version}_{digest[:12]}")
        self.title = f"'{name}' {version}"
        self.folder = os.path.abspath(folder)
        self.root = f"{_ROOT}.{self.id}"
        self.users = 0
        self.builtins = dict(vars(builtins), __import__=self._import)
        self._owned = {}

    @property
    def search_path(self):
        return [self.folder, os.path.join(self.folder, "libs")]

    def workflow(self):
        """Imports workflow.py."""
        if not os.path.isfile(os.path.join(self.folder, "workflow.py")):
            raise WorkflowError("the package has no workflow.py; it holds train(data, params, run) and predict(model, batch)")
        return builtins.__import__(f"{self.root}.workflow", fromlist=["workflow"])

    def function(self, name, signature=None):
        """Returns a function of workflow.py; None when it has none and no signature says that it must."""
        function = getattr(self.workflow(), name, None)
        if function is None and signature is not None:
            raise WorkflowError(f"workflow.py has no function '{name}'; define {name}({signature})")
        if function is not None and not callable(function):
            raise WorkflowError(f"'{name}' in workflow.py is {type(function).__name__}, not a function")
        return function

    def owns(self, file):
        return file.startswith(self.folder + os.sep)

    def relative(self, file):
        return os.path.relpath(file, self.folder) if self.owns(file) else file

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        if level != 0 or not self._has(name.partition(".")[0]):
            return builtins.__import__(name, globals, locals, fromlist, level)
        module = builtins.__import__(f"{self.root}.{name}", globals, locals, fromlist or ("__name__",), 0)
        return module if fromlist else sys.modules[f"{self.root}.{name.partition('.')[0]}"]

    def _has(self, top):
        known = self._owned.get(top)
        if known is None:
            spec = _find(f"{self.root}.{top}", self.search_path)
            # A mere folder (data, wheels) is a module only where nothing else goes by that name.
            known = spec is not None and (spec.loader is not None or not _exists(top))
            self._owned[top] = known
        return known


class _Source(SourceFileLoader):
    def path_stats(self, path):
        # No byte code is read or written: a package folder is read-only, and what was checked is what runs.
        raise OSError

    def exec_module(self, module):
        module.__dict__["__builtins__"] = _packages[module.__name__.split(".")[1]].builtins
        super().exec_module(module)


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return _find(name, path) if path is not None and name.startswith(_ROOT + ".") else None


def _find(name, folders):
    portions = []
    for folder in folders:
        finder = _finders.get(folder)
        if finder is None:
            finder = _finders[folder] = FileFinder(folder, (_Source, [".py"]), (ExtensionFileLoader, EXTENSION_SUFFIXES))
        spec = finder.find_spec(name)
        if spec is not None and spec.loader is not None:
            return spec
        if spec is not None:
            portions += spec.submodule_search_locations
    if not portions:
        return None
    namespace = ModuleSpec(name, None, is_package=True)
    namespace.submodule_search_locations = portions
    return namespace


def _exists(name):
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


_import_by_name = importlib.import_module


def _import_module(name, package=None):
    """What importlib.import_module is while packages are in use: for code of a package it looks into the package first."""
    caller = sys._getframe(1).f_globals.get("__name__", "")
    owner = _packages.get(caller.split(".")[1]) if caller.startswith(f"{_ROOT}.") else None
    if owner is not None and not name.startswith(".") and owner._has(name.partition(".")[0]):
        name = f"{owner.root}.{name}"
    return _import_by_name(name, package)


def _module(name, path):
    module = types.ModuleType(name)
    module.__path__ = path
    sys.modules[name] = module
    return module


def acquire(name, version, digest, folder):
    """Returns the package, made known to the import system; each call is matched by ``release``."""
    if _ROOT not in sys.modules:
        _module(_ROOT, [])
        sys.meta_path.insert(0, _Finder)
        importlib.import_module = _import_module
    package = Package(name, version, digest, folder)
    package = _packages.setdefault(package.id, package)
    if package.users == 0:
        setattr(sys.modules[_ROOT], package.id, _module(package.root, package.search_path))
    package.users += 1
    return package


def release(package):
    """Forgets the package's modules when this was its last user."""
    package.users -= 1
    if package.users > 0:
        return
    _packages.pop(package.id, None)
    vars(sys.modules[_ROOT]).pop(package.id, None)
    for name in [name for name in sys.modules if name == package.root or name.startswith(package.root + ".")]:
        del sys.modules[name]
    for folder in [folder for folder in _finders if folder == package.folder or package.owns(folder)]:
        del _finders[folder]
