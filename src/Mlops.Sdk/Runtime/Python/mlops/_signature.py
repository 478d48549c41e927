"""The file SIGNATURE of a package: who vouches for which files.

    mlops-signature 1
    key alice
    <sha256 in hex>  <path>        one line a file, ordered by the UTF-8 bytes of the paths, SIGNATURE itself left out
    signature <base64 of the DER signature over all lines before this one>
"""
import base64
import binascii
import re

from . import _ecdsa, _paths
from ._findings import Finding, PackageError, quote

FILE = _paths.SIGNATURE
_FIRST = "mlops-signature 1"
_KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
_SIGN_AGAIN = "Sign the package again, after the last change: python -m mlops sign."


def write(digests, key, private):
    """Returns the text of SIGNATURE for the files of a package, {path: sha256}."""
    if not _KEY_NAME.fullmatch(key):
        raise PackageError([Finding(FILE, None, "signature-key", f"{quote(key)} is not the name of a key.", "Use letters, digits and . _ @ -, beginning with a letter or digit.")])
    signed = f"{_FIRST}\nkey {key}\n{_paths.listing(digests)}"
    signature = base64.b64encode(_ecdsa.sign(private, signed.encode("utf-8"))).decode("ascii")
    return f"{signed}signature {signature}\n"


def verify(text, digests, keys):
    """Returns the name of the key that vouches for the files; raises PackageError with all that is wrong. keys: {name: public PEM}."""
    signed, at, last = text.rpartition("\nsignature ")
    lines = signed.split("\n")
    try:
        if not at or lines[0] != _FIRST or not lines[1:] or not lines[1].startswith("key ") or not _KEY_NAME.fullmatch(lines[1][4:]):
            raise ValueError
        signature = base64.b64decode(last.strip(), validate=True)
        listed = dict(_listed(line) for line in lines[2:])
    except (ValueError, binascii.Error):
        raise PackageError([Finding(FILE, None, "signature-format", "This is not a signature of version 1.", _SIGN_AGAIN)]) from None
    key = lines[1][4:]
    if key not in keys:
        known = ", ".join(sorted(keys)) or "none"
        raise PackageError([Finding(FILE, 2, "signature-unknown-key", f"The key {quote(key)} is not trusted here.", f"Trusted: {known}. Add its public key, or let a trusted one sign.")])
    if not _ecdsa.verify(keys[key], (signed + "\n").encode("utf-8"), signature):
        raise PackageError([Finding(FILE, None, "signature-wrong", f"The signature is not by the key {quote(key)}.", _SIGN_AGAIN)])
    findings = []
    for path in sorted((listed.keys() | digests.keys()) - {FILE}):
        if listed.get(path) != digests.get(path):
            how = "is not signed" if path not in listed else "is signed but missing" if path not in digests else "has changed since it was signed"
            findings.append(Finding(quote(path)[1:-1], None, "signature-wrong", f"The file {how}.", _SIGN_AGAIN))
    if findings:
        raise PackageError(findings)
    return key


def _listed(line):
    match = re.fullmatch("([0-9a-f]{64})  (.+)", line)
    if match is None:
        raise ValueError
    return match.group(2), match.group(1)
