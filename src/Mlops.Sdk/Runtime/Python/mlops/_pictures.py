"""Reads the pictures that sample and golden cases name: PNG with the standard library, others where Pillow is there."""
import os
import struct
import zlib

import numpy as np

from ._findings import Finding, PackageError, quote

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def read_all(table, name, cells, kind, folder):
    """Reads a picture a row; they have the same size."""
    pictures = []
    for (line, _), cell in zip(table.rows, cells):
        try:
            pictures.append(read(os.path.join(folder, cell or "")))
            if pictures[-1].shape != pictures[0].shape:
                raise ValueError(f"it is {pictures[-1].shape}, the first one {pictures[0].shape} (height, width, channels)")
        except (OSError, ValueError, ImportError, zlib.error, struct.error) as error:
            raise PackageError([Finding(table.file, line, f"{kind}-picture", f"{quote(cell or '')} in column {quote(name)} is no picture that can be used: {error}.", "Name a PNG file of the package, for a CSV file elsewhere one beside it; all of one size.")]) from None
    return pictures


def read(path):
    """Returns the samples of a picture: uint8 of shape (height, width), for colours (height, width, 3)."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(_SIGNATURE):
        return _png(data)
    from PIL import Image

    with Image.open(path) as picture:
        return np.array(picture.convert("L" if picture.mode in ("1", "L", "LA", "I", "I;16") else "RGB"))


def _png(data):
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if interlaced or depth not in (8, 16) or colour not in _SAMPLES or (colour == 3 and depth != 8):
        raise ValueError(f"a PNG of {depth} bits, colour type {colour}{', interlaced' if interlaced else ''}")
    packed, palette, at = b"", None, 8
    while at + 8 <= len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            packed += content
        elif kind == b"PLTE":
            palette = np.frombuffer(content, np.uint8).reshape(-1, 3)
        at += 12 + length
    rows = _unfiltered(zlib.decompress(packed), width, height, _SAMPLES[colour] * depth // 8)
    samples = rows.reshape(height, width, _SAMPLES[colour], depth // 8)[..., 0]
    if colour == 3:
        return palette[samples[..., 0]]
    return samples[..., 0].copy() if colour in (0, 4) else samples[..., :3].copy()


def _unfiltered(data, width, height, pixel):
    """Undoes the filters of the rows (section 9 of the standard)."""
    stride = width * pixel
    rows = np.zeros((height, stride), np.uint8)
    above = np.zeros(stride, np.uint8)
    for y in range(height):
        kind = data[y * (stride + 1)]
        row = np.frombuffer(data, np.uint8, stride, y * (stride + 1) + 1).copy()
        if kind == 1:
            row = np.add.accumulate(row.reshape(width, pixel), axis=0, dtype=np.uint8).ravel()
        elif kind == 2:
            row += above
        elif kind in (3, 4):
            row = _predicted(row, above, pixel, kind)
        elif kind:
            raise ValueError(f"row filter {kind}")
        rows[y] = above = row
    return rows


def _predicted(row, above, pixel, kind):
    out, up = row.tolist(), above.tolist()
    for i in range(len(out)):
        left, corner = (out[i - pixel], up[i - pixel]) if i >= pixel else (0, 0)
        if kind == 3:
            guess = (left + up[i]) // 2
        else:
            to_left, to_up, to_corner = abs(up[i] - corner), abs(left - corner), abs(left + up[i] - 2 * corner)
            guess = left if to_left <= to_up and to_left <= to_corner else up[i] if to_up <= to_corner else corner
        out[i] = (out[i] + guess) & 255
    return np.array(out, np.uint8)
