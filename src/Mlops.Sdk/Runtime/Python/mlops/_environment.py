"""The environment of a package: its wheels, unpacked offline into one folder, and its requirements, checked.

The node runs this in a process of its own and keeps the folder by the content of the wheels; ``python -m mlops test`` does the same
into a temporary one. Nothing of the wheels runs here.
"""
import compileall
import importlib.metadata
import json
import os
import platform
import py_compile
import re
import sys
import sysconfig

from . import _manifest, _source
from ._findings import Finding, PackageError, quote

_NAME = re.compile(r"([A-Za-z0-9_.]+)-([A-Za-z0-9_.!+]+)(?:-[0-9][A-Za-z0-9_.]*)?-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)\.whl")
_active = None


def activate(folder):
    """Puts an environment before the interpreter's own packages, after the standard library."""
    global _active
    _active = folder
    at = next((at for at, path in enumerate(sys.path) if path.endswith(("site-packages", "dist-packages"))), len(sys.path))
    sys.path.insert(at, folder)


def versions():
    """Returns name -> version of what the active environment brings."""
    found = importlib.metadata.distributions(path=[_active]) if _active else ()
    return {distribution.metadata["Name"]: distribution.version for distribution in found}


def wheels_of(folder):
    """Returns the files of wheels/, sorted."""
    wheels = os.path.join(folder, "wheels")
    return sorted(f"wheels/{name}" for name in os.listdir(wheels) if not name.startswith(".")) if os.path.isdir(wheels) else []


def build(package, target, requirements):
    """Unpacks the wheels of a package folder into a folder that it makes, and checks the requirements. Raises PackageError."""
    os.makedirs(target)
    findings, seen = [], {}
    for wheel in wheels_of(package):
        findings += _unpack(package, wheel, target, seen)
    if not findings:
        findings += check_requirements(requirements, target)
    if findings:
        raise PackageError(findings)


def check_wheel_name(wheel):
    """Returns a finding when a wheel cannot serve on this machine, else None."""
    match = _NAME.fullmatch(wheel.rpartition("/")[2])
    if match is None:
        return Finding(wheel, None, "wheel-name", "This is not the name of a wheel.", "Keep only wheels in wheels/, named as 'pip download' or 'pip wheel' leave them.")
    tags = {f"{python}-{abi}-{system}" for python in match[3].split(".") for abi in match[4].split(".") for system in match[5].split(".")}
    accepted = accepted_tags()
    if tags.isdisjoint(accepted):
        shown = ", ".join([f"{t}" for t in accepted[:3]] + ["…"] + [accepted[-1]])
        return Finding(
            wheel, None, "wheel-platform", f"The wheel is for {', '.join(sorted(tags)[:4])}; this machine runs Python {platform.python_version()} on {_platforms()[0]}.",
            f"Add a wheel with one of the {len(accepted)} tags that are accepted here: {shown}.")
    return None


def accepted_tags():
    """Returns the wheel tags of this interpreter, the most specific first (packaging.python.org, platform compatibility tags)."""
    major, minor = sys.version_info[:2]
    cpython = f"cp{major}{minor}"
    systems = _platforms()
    tags = [f"{cpython}-{abi}-{system}" for abi in (cpython, "abi3", "none") for system in systems]
    tags += [f"cp{major}{older}-abi3-{system}" for older in range(minor - 1, 1, -1) for system in systems]
    generic = [f"py{major}{minor}", f"py{major}", *(f"py{major}{older}" for older in range(minor - 1, -1, -1))]
    tags += [f"{python}-none-{system}" for python in generic for system in systems]
    return tags + [f"{python}-none-any" for python in (cpython, *generic)]


def _platforms():
    own = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if not own.startswith("linux_"):
        return [own] if not own.startswith("macosx_") else _macs(own)
    machine = own[len("linux_"):]
    library, version = platform.libc_ver()
    if library != "glibc":
        return [f"musllinux_1_{minor}_{machine}" for minor in range(5, -1, -1)] + [own]
    found = []
    for minor in range(int(version.split(".")[1]), 4, -1):
        found.append(f"manylinux_2_{minor}_{machine}")
        old = {17: "2014", 12: "2010", 5: "1"}.get(minor)
        if old:
            found.append(f"manylinux{old}_{machine}")
    return found + [own]


def _macs(own):
    _, major, minor, machine = re.fullmatch(r"(macosx)_(\d+)_(\d+)_(.+)", own).groups()
    release = platform.mac_ver()[0].split(".")
    majors = range(max(int(release[0]), int(major)), 10, -1)
    return [f"macosx_{m}_0_{kind}" for m in majors for kind in (machine, "universal2")] + [f"macosx_10_{m}_{kind}" for m in range(16, 8, -1) for kind in (machine, "universal2")]


def _unpack(package, wheel, target, seen):
    refused = check_wheel_name(wheel)
    if refused is not None:
        return [refused]
    name = _normal(_NAME.fullmatch(wheel.rpartition("/")[2])[1])
    if name in seen:
        return [Finding(wheel, None, "wheel-twice", f"The package {quote(name)} is in {quote(seen[name])} as well.", "Keep one of them.")]
    seen[name] = wheel
    try:
        with _source.open_zip(os.path.join(package, *wheel.split("/")), wheel) as archive:
            index = _source.index_zip(archive, f"{wheel}!", is_ignored=lambda path: False)
            if not index.findings:
                placed = _source.Index(f"{wheel}!")
                placed.findings = index.findings
                for path, opener in index.files.items():
                    place = _place(path)
                    if place is not None and os.path.exists(os.path.join(target, *place.split("/"))):
                        index.refuse(path, "wheel-collision", "Another wheel has this file.", "Keep one of the two wheels.")
                    elif place is not None:
                        placed.files[place] = opener
                _source.copy(placed, target)
            return index.findings
    except PackageError as error:
        return error.findings


def _place(path):
    """Where a file of a wheel belongs; None for scripts, headers and data, which nobody imports."""
    top, _, rest = path.partition("/")
    if not top.endswith(".data"):
        return path
    kind, _, inside = rest.partition("/")
    return inside if kind in ("purelib", "platlib") and inside else None


# Requirements


def check_requirements(requirements, folder=None):
    """Returns findings for what neither the environment nor the interpreter has."""
    findings = []
    for requirement in requirements:
        name, clauses = parse_requirement(requirement)
        version = _installed(name, folder)
        remedy = "Put its wheel into wheels/, or install it for the node's Python."
        if version is None:
            findings.append(Finding(_manifest.FILE, None, "requirement-missing", f"{quote(requirement)} is required, but {sys.executable} has no {name}.", remedy))
        elif not all(_satisfies(version, *clause) for clause in clauses):
            findings.append(Finding(_manifest.FILE, None, "requirement-version", f"{quote(requirement)} is required, but {name} is {version} here.", remedy))
    return findings


def parse_requirement(text):
    """Returns (name, [(operator, version)])."""
    name = re.match(r" *([A-Za-z0-9._-]*[A-Za-z0-9])", text)[1]
    return name, re.findall(r"(==|!=|<=|>=|<|>|~=) *([0-9A-Za-z.*+!-]+)", text)


def _installed(name, folder):
    for path in ([folder] if folder else []), None:
        if path == []:
            continue
        kwargs = {} if path is None else {"path": path}
        for distribution in importlib.metadata.distributions(**kwargs):
            if _normal(distribution.metadata["Name"] or "") == _normal(name):
                return distribution.version
    return None


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _satisfies(version, operator, wanted):
    if wanted.endswith(".*") and operator in ("==", "!="):
        prefix = _release(wanted[:-2])
        return ((_release(version) + [0] * len(prefix))[: len(prefix)] == prefix) == (operator == "==")
    have, want = _key(version), _key(wanted)
    if operator == "~=":
        prefix = _release(wanted)[:-1]
        return have >= want and _release(version)[: len(prefix)] == prefix
    return {"==": have == want, "!=": have != want, "<=": have <= want, ">=": have >= want, "<": have < want, ">": have > want}[operator]


def _release(version):
    return [int(part) for part in re.match(r"(?:\d+!)?(\d+(?:\.\d+)*)?", version)[1].split(".")] if re.match(r"(?:\d+!)?\d", version) else [0]


def _key(version):
    """Orders versions as PEP 440 does for releases, pre-, post- and development releases; local parts do not count."""
    version = version.lower().lstrip("v").partition("+")[0]
    epoch = int(match[1]) if (match := re.match(r"(\d+)!", version)) else 0
    release = _release(version)
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    pre = re.search(r"[.\d_-](a|alpha|b|beta|rc|c|pre|preview)[._-]?(\d*)", version)
    post, dev = re.search(r"(?:post|rev|r)[._-]?(\d*)$|-(\d+)$", version), re.search(r"dev[._-]?(\d*)", version)
    if pre:
        stage = ({"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}.get(pre[1], pre[1]), int(pre[2] or 0))
    else:
        stage = ("", 0) if dev and not post else ("z", 0)
    return epoch, release, stage, int(post[1] or post[2] or 0) if post else -1, int(dev[1] or 0) if dev else 10**9


def main():
    """The node's side: one line of JSON in (package, target, requirements), one line of JSON out (findings)."""
    request, findings = json.loads(sys.stdin.read()), []
    try:
        build(request["package"], request["target"], request["requirements"])
        # A worker writes no byte code, so what is imported again and again is compiled once, here.
        compileall.compile_dir(request["target"], quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except PackageError as error:
        findings = [finding._asdict() for finding in error.findings]
    print(json.dumps(findings))
