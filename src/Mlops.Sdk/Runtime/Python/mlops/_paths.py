"""Which paths a package may have, which files are left out, and the digest over them (Workflows/Packages in the SDK)."""
import hashlib
import unicodedata

from ._findings import quote

SIGNATURE = "SIGNATURE"
_MAX_LENGTH = 200
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{name}{digit}" for name in ("com", "lpt") for digit in range(10)}
_IGNORED = {
    "__pycache__", ".git", ".svn", ".hg", ".idea", ".vscode", ".vs", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache",
    ".ruff_cache", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini",
}


def check(path):
    """Returns (rule, problem, remedy); None when the path is good on every platform."""
    remedy = "Pack again with relative paths inside the package, separated by '/'."
    if not path:
        return "path-empty", "An entry has no name.", remedy
    if len(path) > _MAX_LENGTH:
        return "path-length", f"The path has {len(path)} characters, more than {_MAX_LENGTH}.", "Shorten names or nest less."
    if has_control(path) or "\ufffd" in path or any(0xD800 <= ord(c) < 0xE000 for c in path):
        return "path-characters", "The path has control characters or is not UTF-8.", "Use printable names."
    if "\\" in path:
        return "path-backslash", "The path has a backslash.", remedy
    if path[0] == "/":
        return "path-absolute", "The path is absolute.", remedy
    if ":" in path:
        return "path-drive", "The path has a ':' and names a drive or stream on Windows.", remedy
    for part in path.split("/"):
        if part == "..":
            return "path-outside", "The path leads out of the package.", remedy
        if part in ("", "."):
            return "path-parts", "The path has empty parts or '.'.", remedy
        if part[-1] in ". " or any(c in '<>"|?*' for c in part) or is_device(part):
            return "path-portable", f"The name {quote(part)} cannot be used on Windows.", "Rename it."
    return None


def has_control(text):
    return any(unicodedata.category(c) == "Cc" for c in text)


def is_device(name):
    return name.partition(".")[0].rstrip().lower() in _DEVICES


def is_ignored(path):
    """Tells whether a path is a cache, version control, or what editors and systems leave behind."""
    parts = path.split("/")
    name = parts[-1]
    return any(part in _IGNORED for part in parts) or name.lower().endswith(".pyc") or name.endswith((".swp", "~")) or name.startswith(".#")


def listing(digests):
    """Returns one line a file as sha256sum prints them, ordered by the UTF-8 bytes of the paths. digests: {path: sha256 in hex}."""
    ordered = sorted((path for path in digests if path != SIGNATURE), key=lambda path: path.encode("utf-8"))
    return "".join(f"{digests[path]}  {path}\n" for path in ordered)


def digest(digests):
    """Returns the digest of a package."""
    return hashlib.sha256(listing(digests).encode("utf-8")).hexdigest()
