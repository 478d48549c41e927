"""Writes texts that ``predict`` returned."""
from array import array
from itertools import accumulate

from ._values import listed


class TextField:
    def __init__(self, column, block):
        self.name = column["name"]
        self._offsets = block.offsets(column)
        self._present = block.present(column)
        self._bytes = block.text(column)

    def prepare(self, items, rows):
        texts = [None if item is None or item != item else str(item).encode("utf-8", "replace") for item in listed(items)]
        return texts, b"".join(text for text in texts if text is not None)

    def needed(self, values):
        return len(values[1]) if len(values[1]) > len(self._bytes) else 0

    def store(self, values, rows):
        texts, joined = values
        self._present[:rows] = array("B", [text is not None for text in texts])
        self._offsets[: rows + 1] = array("q", [0, *accumulate(len(text or b"") for text in texts)])
        self._bytes[: len(joined)] = joined
