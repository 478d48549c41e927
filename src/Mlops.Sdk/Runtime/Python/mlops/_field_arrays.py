"""Writes numbers, integers and booleans that ``predict`` returned, with NumPy."""
import numpy as np

from ._errors import WorkflowError
from ._field_texts import TextField
from ._values import found, listed


class _NumberField:
    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, "f8")

    def prepare(self, items, rows):
        try:
            return np.array(items, dtype=np.float64)  # None becomes NaN
        except (TypeError, ValueError):
            raise WorkflowError(f"predict returned values for field '{self.name}' that are no numbers: {found(items)}") from None

    def needed(self, values):
        return 0

    def store(self, values, rows):
        self._values[:rows] = values


class _IntegerField(_NumberField):
    """Integers and booleans: a value each, and a byte that tells whether it is present."""

    _KIND, _DTYPE, _WORD, _EXACT = "i8", np.int64, "integers", "ib"

    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, self._KIND)
        self._present = block.present(column)

    def prepare(self, items, rows):
        if isinstance(items, np.ndarray) and items.dtype.kind in self._EXACT:
            return items, 1
        items = listed(items)
        present = np.fromiter((not (item is None or item != item) for item in items), dtype=np.uint8, count=rows)
        filled = [item if there else 0 for item, there in zip(items, present.tolist())]
        try:
            values = np.array([int(item) for item in filled], dtype=self._DTYPE)
            if [float(item) for item in filled] != values.astype(np.float64).tolist():
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise WorkflowError(f"predict returned values for field '{self.name}' that are no {self._WORD}: {found(items)}") from None
        return values, present

    def store(self, values, rows):
        self._values[:rows], self._present[:rows] = values


class _BooleanField(_IntegerField):
    _KIND, _DTYPE, _WORD, _EXACT = "u1", np.uint8, "booleans", "b"

    def prepare(self, items, rows):
        values, present = super().prepare(items, rows)
        if values.dtype == np.uint8 and values.max(initial=0) > 1:
            raise WorkflowError(f"predict returned values for field '{self.name}' that are no booleans: {found(items)}")
        return values, present


FIELDS = {"number": _NumberField, "integer": _IntegerField, "boolean": _BooleanField, "text": TextField}
