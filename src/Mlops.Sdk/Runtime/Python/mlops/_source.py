"""Opens a package, folder or zip, by the node's rules, and puts its files into a folder."""
import hashlib
import os
import stat
import zipfile
import zlib

from . import _golden, _manifest, _paths, _syntax
from ._findings import Finding, FindingList, PackageError, quote

_MAX_FILES = 10_000
_MAX_FILE = 512 << 20
_MAX_TOTAL = 2 << 30
_MAX_RATIO = 200
_RATIO_MATTERS = 1 << 20
_PACK_AGAIN = "Pack it again, with 'python -m mlops pack' or any zip tool."


class Index:
    """The files of a package, held against the rules for paths and sizes."""

    def __init__(self, prefix=""):
        self.findings = []
        self.files = {}  # path -> what opens it
        self._prefix = prefix
        self._names = {}
        self._folders = {}
        self._total = 0

    def refuse(self, path, rule, problem, remedy):
        self.findings.append(Finding(self._prefix + quote(path)[1:-1], None, rule, problem, remedy))

    def add(self, path, length, opener):
        if len(self.files) >= _MAX_FILES:
            raise self._too_much("package-files", f"The package has more than {_MAX_FILES} files.")
        if length > _MAX_FILE:
            self.refuse(path, "file-size", f"The file has {length} bytes, more than {_MAX_FILE}.", "Shorten it.")
            return
        self._total += length
        if self._total > _MAX_TOTAL:
            raise self._too_much("package-size", f"The files have more than {_MAX_TOTAL} bytes together.")
        if self._is_new(path):
            self.files[path] = opener

    def _too_much(self, rule, problem):
        self.refuse(".", rule, problem, "Leave out what it does not need.")
        return PackageError(self.findings)

    def _is_new(self, path):
        folded = path.upper()
        twin = self._names.get(folded)
        if twin == path:
            self.refuse(path, "file-duplicate", "The package has this file twice.", "Keep one of them.")
            return False
        if twin is not None:
            self.refuse(path, "file-collision", f"It is the same name as {quote(twin)} where case does not count.", "Rename one of them.")
            return False
        parts = path.split("/")
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            if folder.upper() in self._names or self._folders.get(folder.upper(), folder) != folder:
                self.refuse(path, "file-collision", f"Its folder {quote(folder)} meets a file or folder of the same name.", "Rename one of them.")
                return False
            self._folders.setdefault(folder.upper(), folder)
        if folded in self._folders:
            self.refuse(path, "file-collision", "A folder has the same name.", "Rename one of them.")
            return False
        self._names[folded] = path
        return True


def index_folder(root):
    """Lists the files of a folder; links are followed to files inside of it only."""
    index, root = Index(), os.path.abspath(root)
    real_root = os.path.realpath(root) + os.sep
    pending = [root]
    while pending:
        folder = pending.pop()
        for item in sorted(os.scandir(folder), key=lambda entry: entry.name):
            name = os.path.relpath(item.path, root).replace(os.sep, "/")
            if _paths.is_ignored(name):
                continue
            broken = _paths.check(name)
            target = os.path.realpath(item.path)
            if broken is not None:
                index.refuse(name, *broken)
            elif item.is_symlink() and not (target.startswith(real_root) and os.path.exists(target)):
                index.refuse(name, "link-outside", f"The link leads to {quote(os.readlink(item.path))}, which is not a file of the package.", "Copy the file into the package.")
            elif item.is_symlink() and os.path.isdir(target):
                index.refuse(name, "link-folder", "The link leads to a folder.", "Copy the folder into the package.")
            elif item.is_dir():
                pending.append(item.path)
            elif not os.path.isfile(target):
                index.refuse(name, "device", "This is neither a file nor a folder.", "Leave it out.")
            else:
                index.add(name, os.path.getsize(target), lambda path=target: open(path, "rb"))
    return index


def index_zip(archive, prefix="", is_ignored=_paths.is_ignored):
    """Lists the files of an open zip."""
    index = Index(prefix)
    for entry in archive.infolist():
        name = entry.orig_filename
        is_folder = name.endswith("/")
        path = name[:-1] if is_folder else name
        broken = _paths.check(path)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        ratio = entry.file_size // max(1, entry.compress_size)
        if broken is not None:
            index.refuse(name, *broken)
        elif is_ignored(path):
            continue
        elif kind == stat.S_IFLNK or entry.external_attr & 0x400:
            index.refuse(path, "zip-link", "The entry is a link.", "Pack the file itself.")
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not is_folder):
            index.refuse(path, "zip-device", "The entry is neither a file nor a folder.", "Leave it out.")
        elif entry.flag_bits & 1:
            index.refuse(path, "zip-encrypted", "The entry is encrypted.", "Pack without a password.")
        elif entry.file_size > _RATIO_MATTERS and ratio > _MAX_RATIO:
            index.refuse(path, "zip-ratio", f"The entry unpacks to {ratio} times its size, more than {_MAX_RATIO}.", "Leave it out.")
        elif not is_folder:
            index.add(path, entry.file_size, lambda entry=entry: archive.open(entry))
    return index


def copy(index, folder):
    """Writes the files of an index into a folder; returns {path: sha256}."""
    digests = {}
    for path, opener in index.files.items():
        target = os.path.join(folder, *path.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            with opener() as source, open(target, "xb") as out:
                digests[path] = copy_stream(source, out)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            index.refuse(path, "file-damaged", f"{error}.", "Pack the package again; the copy may be incomplete.")
    return digests


def copy_stream(source, out=None):
    """Reads a file to its end, writes it if asked to, and returns its sha256."""
    digest = hashlib.sha256()
    while True:
        part = source.read(1 << 20)
        if not part:
            return digest.hexdigest()
        digest.update(part)
        if out is not None:
            out.write(part)


def open_zip(path, name="."):
    """Opens a zip file; what is none becomes a PackageError."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise PackageError([Finding(name, None, "zip-damaged", f"This is not a zip file that can be read: {error}.", _PACK_AGAIN)]) from None


def digests_of(path):
    """Returns {path: sha256} of a folder or zip; raises PackageError with what its paths break."""
    archive = None if os.path.isdir(path) else open_zip(path)
    try:
        index = index_folder(path) if archive is None else index_zip(archive)
        digests = {}
        for name, opener in index.files.items() if not index.findings else ():
            try:
                with opener() as source:
                    digests[name] = copy_stream(source)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                index.refuse(name, "file-damaged", f"{error}.", _PACK_AGAIN)
        if index.findings:
            raise PackageError(index.findings)
        return digests
    finally:
        if archive is not None:
            archive.close()


def stage(path, folder):
    """Puts a package into a folder and checks it whole. Returns (manifest, digests); raises PackageError with all findings."""
    if not os.path.exists(path):
        raise PackageError([Finding(str(path), None, "required-file", "There is no such package.", f"Name a zip file or a folder that contains {_manifest.FILE}.")])
    archive = None if os.path.isdir(path) else open_zip(path)
    try:
        index = index_folder(path) if archive is None else index_zip(archive)
        digests = {} if index.findings else copy(index, folder)
    finally:
        if archive is not None:
            archive.close()
    if index.findings:
        raise PackageError(index.findings)
    manifest, findings = check_content(folder, set(digests))
    if not findings and manifest.runtime == "python":
        findings = _syntax.check(folder, digests)
    if findings:
        raise PackageError(findings)
    return manifest, digests


def check_content(folder, files):
    """Checks what is in a package: manifest, required files, golden cases. Nothing of it runs."""
    findings, manifest = [], None
    if _manifest.FILE in files:
        with open(os.path.join(folder, _manifest.FILE), "rb") as file:
            manifest, findings = _manifest.read_file(file.read())
        findings = list(findings)
    else:
        findings.append(Finding(_manifest.FILE, None, "required-file", "The package has no manifest.", _where_manifest_may_be(files)))
    nested = _nested(files)
    if (manifest is None or manifest.runtime == "python") and "workflow.py" not in files and nested is None:
        findings.append(Finding("workflow.py", None, "required-file", "The package has no code.", "Write workflow.py with train(data, params, run) and predict(model, batch)."))
    if manifest is None:
        return None, findings
    for key in ("golden", "sample"):
        named = getattr(manifest, key)
        usual = f"{key}.csv"
        if named is None and usual in files:
            setattr(manifest, key, usual)
        elif named is not None and named not in files:
            what = "golden cases" if key == "golden" else "sample data"
            findings.append(Finding(named, None, "required-file", f"The manifest names this file as {what}, but the package does not have it.", f"Add it, or remove '{key}' from the manifest."))
    for key, check in (("golden", _golden.read), ("sample", _golden.read_sample)):
        named = getattr(manifest, key)
        if named in files:
            found = FindingList(named)
            check(os.path.join(folder, *named.split("/")), named, manifest, found)
            findings += found.all
    return manifest, findings


def _where_manifest_may_be(files):
    for file in sorted(files):
        if file == "workflow.yml" or file.lower() == _manifest.FILE:
            return f"Rename '{file}' to {_manifest.FILE}."
    nested = _nested(files)
    if nested is not None:
        return f"It is in '{nested}': pack the content of that folder, not the folder."
    return f"Write {_manifest.FILE} with at least name, version, runtime, inputs and output."


def _nested(files):
    if _manifest.FILE in files:
        return None
    return min((file[: -len(_manifest.FILE) - 1] for file in files if file.endswith("/" + _manifest.FILE)), default=None)
