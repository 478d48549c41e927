"""Builds the wheel of ``mlops`` (PEP 517) with nothing but the standard library, so that it installs where there is no network."""
import base64
import hashlib
import os
import zipfile

_HERE = os.path.dirname(os.path.abspath(__file__))
_VERSION = "0.1.0"
_INFO = f"mlops-{_VERSION}.dist-info"
_METADATA = f"""Metadata-Version: 2.1
Name: mlops
Version: {_VERSION}
Summary: Write, test, pack and sign workflow packages for Mlops nodes.
Author: Mlops contributors
License: MIT
Requires-Python: >=3.9
Provides-Extra: run
Requires-Dist: numpy ; extra == 'run'
"""
_WHEEL = "Wheel-Version: 1.0\nGenerator: mlops\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def get_requires_for_build_wheel(config_settings=None):
    return []


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel and returns its name."""
    files = {f"{_INFO}/METADATA": _METADATA.encode(), f"{_INFO}/WHEEL": _WHEEL.encode()}
    for name in sorted(os.listdir(os.path.join(_HERE, "mlops"))):
        path = os.path.join(_HERE, "mlops", name)
        if os.path.isfile(path) and not name.endswith(".pyc"):
            with open(path, "rb") as file:
                files[f"mlops/{name}"] = file.read()
    record = "".join(f"{name},sha256={_hash(data)},{len(data)}\n" for name, data in files.items())
    files[f"{_INFO}/RECORD"] = f"{record}{_INFO}/RECORD,,\n".encode()
    wheel = f"mlops-{_VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("mlops is installed from its folder or wheel; there is no source archive.")


def _hash(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")
