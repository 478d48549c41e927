# Run by the locator as `python -c <this> <module>...`: prints one marked line of JSON about the interpreter.
# The first part is written so that old interpreters get as far as telling their version.
import json
import sys


def library_candidates():
    import os
    import sysconfig

    def variable(name):
        return sysconfig.get_config_var(name) or ""

    if os.name == "nt":
        name = "python%d%d.dll" % sys.version_info[:2]
        return [os.path.join(folder, name) for folder in (sys.base_prefix, os.path.dirname(sys.executable))]
    version = variable("LDVERSION") or "%d.%d" % sys.version_info[:2]
    names = [variable("INSTSONAME"), variable("LDLIBRARY")]
    names += ["libpython%s%s" % (version, end) for end in (".so.1.0", ".so", ".dylib")]
    folders = [variable("LIBDIR"), os.path.join(variable("LIBDIR"), variable("MULTIARCH"))]
    folders += [os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64"), variable("LIBPL")]
    if variable("PYTHONFRAMEWORKPREFIX"):
        folders.insert(0, variable("PYTHONFRAMEWORKPREFIX"))
    paths = [os.path.join(folder, name) for name in names for folder in folders if folder and name]
    return [path for path in dict.fromkeys(paths) if not path.endswith(".a")]


def import_errors(modules):
    import importlib

    errors = {}
    for name in modules:
        try:
            importlib.import_module(name)
        except BaseException as error:
            errors[name] = "%s: %s" % (type(error).__name__, error)
    return errors


def report(modules):
    about = {"version": list(sys.version_info[:3]), "executable": sys.executable}
    if sys.version_info < (3, 9):
        return about
    import os
    import struct
    import sysconfig

    about["prefix"] = sys.prefix
    about["basePrefix"] = sys.base_prefix
    about["bits"] = struct.calcsize("P") * 8
    about["implementation"] = sys.implementation.name
    about["freeThreaded"] = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    about["searchPath"] = [path for path in sys.path if path]
    candidates = library_candidates()
    about["libraries"] = candidates
    about["library"] = next((path for path in candidates if os.path.isfile(path)), None)
    about["importErrors"] = import_errors(modules)
    return about


# `-c` puts the working directory first: a file that happens to lie there must not count as an installed module.
if sys.path and sys.path[0] == "":
    del sys.path[0]
line = json.dumps(report(sys.argv[1:]))
sys.stdout.write("\nMLOPS-PROBE:" + line + "\n")
sys.stdout.flush()
