"""Builds wheels/ from wheels-src/, with the standard library alone. Usage: python3 make_wheels.py [TARGET]"""
import base64
import hashlib
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAME, VERSION = "unitwords", "1.0.0"


def build(target):
    info = f"{NAME}-{VERSION}.dist-info"
    files = {}
    for folder, _, names in os.walk(os.path.join(HERE, "wheels-src", NAME)):
        for name in sorted(names):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, "rb") as source:
                    files[os.path.relpath(path, os.path.join(HERE, "wheels-src")).replace(os.sep, "/")] = source.read()
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: make_wheels\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    os.makedirs(target, exist_ok=True)
    with zipfile.ZipFile(os.path.join(target, f"{NAME}-{VERSION}-py3-none-any.whl"), "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            # The same bytes each time.
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, data)


build(sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "wheels"))
