"""Makes, packs, signs and verifies packages."""
import io
import os
import tempfile
import zipfile

from . import _ecdsa, _manifest, _paths, _signature, _source
from ._findings import Finding, PackageError, quote

_DATE = (1980, 1, 1, 0, 0, 0)

_MANIFEST = """\
name: {name}
version: 1.0.0
description: Tells left from right.
runtime: python
inputs:
  - {{name: a, type: number}}
  - {{name: b, type: number}}
label: side
output: {{classes: [left, right]}}
parameters: {{shrink: 0.0}}
"""

_CODE = '''\
"""Answers with the class whose centre is nearest."""
import numpy as np

CLASSES = ["left", "right"]
INPUTS = ["a", "b"]


def _matrix(columns):
    return np.column_stack([columns[name] for name in INPUTS])


def train(data, params, run):
    """data: columns as NumPy arrays, data.labels; params: those of workflow.yaml; run: progress, metric, cancelled."""
    points, labels = _matrix(data), np.asarray(data.labels, dtype=str)
    middle = points.mean(axis=0)
    centres = np.array([points[labels == name].mean(axis=0) for name in CLASSES])
    centres += params.shrink * (middle - centres)
    run.metric("records", len(points))
    return centres


def predict(model, batch):
    """Gets 1 to many rows; returns one label a row, and the probability of each class."""
    distances = np.linalg.norm(_matrix(batch)[:, None, :] - model[None, :, :], axis=2) + 1e-9
    probabilities = distances[:, ::-1] / distances.sum(axis=1, keepdims=True)
    return [CLASSES[index] for index in probabilities.argmax(axis=1)], probabilities
'''

_SAMPLE = "a,b,side\n" + "".join(f"{side * (2 + i % 3)},{i % 5},{'left' if side < 0 else 'right'}\n" for i in range(10) for side in (-1, 1))
_GOLDEN = "a,b,expected\n-3,2,left\n3,2,right\n-2.5,0,left\n"


def init(name, parent="."):
    """Writes a package that works, to begin with; returns its folder."""
    _, findings = _manifest.read(_MANIFEST.format(name=name))
    if findings:
        raise PackageError(findings)
    folder = os.path.join(parent, name)
    if os.path.exists(folder):
        raise PackageError([Finding(folder, None, "exists", "There is something of this name already.", "Choose another name or folder.")])
    os.makedirs(folder)
    for file, text in (("workflow.yaml", _MANIFEST.format(name=name)), ("workflow.py", _CODE), ("sample.csv", _SAMPLE), ("golden.csv", _GOLDEN)):
        with open(os.path.join(folder, file), "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
    return folder


def pack(path, target=None):
    """Checks a package and writes it as a zip, the same bytes each time; returns (path of the zip, digest)."""
    with tempfile.TemporaryDirectory(prefix="mlops-pack-") as folder:
        manifest, digests = _source.stage(path, folder)
        target = target or f"{manifest.name}-{manifest.version}.zip"
        _write_zip(target, {name: os.path.join(folder, *name.split("/")) for name in digests})
        return target, _paths.digest(digests)


def keygen(name, folder="."):
    """Writes a pair of keys, NAME.key and NAME.pub; returns the two paths."""
    private, public = _ecdsa.generate()
    paths = [os.path.join(folder, f"{name}.{end}") for end in ("key", "pub")]
    for path, text, mode in zip(paths, (private, public), (0o600, 0o644)):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            raise PackageError([Finding(path, None, "exists", "There is a key of this name already; it is not replaced.", "Choose another name or folder.")]) from None
        with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
    return paths


def sign(path, key_file, name=None):
    """Signs a package, folder or zip, in place; returns the name of the key."""
    name = name or os.path.basename(key_file).rpartition(".")[0] or os.path.basename(key_file)
    text = _signature.write(_source.digests_of(path), name, _read_key(key_file, _ecdsa.public_of))
    if os.path.isdir(path):
        with open(os.path.join(path, _signature.FILE), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        return name
    with tempfile.TemporaryDirectory(prefix="mlops-sign-") as folder:
        with _source.open_zip(path) as archive:
            digests = _source.copy(_source.index_zip(archive), folder)
        files = {file: os.path.join(folder, *file.split("/")) for file in digests}
        files[_signature.FILE] = io.BytesIO(text.encode("utf-8"))
        _write_zip(path, files)
    return name


def verify(path, key_files):
    """Returns (name of the key, digest) when a trusted key vouches for a package; key_files: public keys, named after their files."""
    digests = _source.digests_of(path)
    if _signature.FILE not in digests:
        raise PackageError([Finding(_signature.FILE, None, "signature-missing", "The package is not signed.", "Sign it: python -m mlops sign.")])
    keys = {os.path.basename(file).rpartition(".")[0]: _read_key(file, lambda text: _ecdsa.verify(text, b"", b"")) for file in key_files}
    return _signature.verify(_read_signature(path), digests, keys), _paths.digest(digests)


def _read_signature(path):
    if os.path.isdir(path):
        with open(os.path.join(path, _signature.FILE), "rb") as file:
            return file.read().decode("utf-8", "replace")
    with _source.open_zip(path) as archive:
        return archive.read(_signature.FILE).decode("utf-8", "replace")


def _read_key(path, check):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        check(text)
        return text
    except (OSError, ValueError) as error:
        raise PackageError([Finding(str(path), None, "key", f"The key {quote(str(path))} cannot be used: {error}.", "Name a PEM file.")]) from None


def _write_zip(target, files):
    partial = f"{target}.partial"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files, key=lambda name: name.encode("utf-8")):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            source = files[name] if isinstance(files[name], io.BytesIO) else open(files[name], "rb")
            with source, archive.open(entry, "w", force_zip64=False) as out:
                _source.copy_stream(source, out)
    os.replace(partial, target)
