"""Writes numbers, integers and booleans that ``predict`` returned, with NumPy."""
import numpy as np

from ._field_numbers import IntegerField, NumberField
from ._field_texts import TextField
from ._values import listed


class _NumberField(NumberField):
    def prepare(self, items, rows):
        try:
            return np.asarray(items, dtype=np.float64)  # None becomes NaN; what is float64 already is not copied
        except (TypeError, ValueError):
            raise self._refused(items, "numbers") from None


class _IntegerField(IntegerField):
    _KIND, _DTYPE, _WORD, _EXACT = "i8", np.int64, "integers", "ib"

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
            raise self._refused(items, self._WORD) from None
        return values, present


class _BooleanField(_IntegerField):
    _KIND, _DTYPE, _WORD, _EXACT = "u1", np.uint8, "booleans", "b"

    def prepare(self, items, rows):
        values, present = super().prepare(items, rows)
        if values.dtype == np.uint8 and values.max(initial=0) > 1:
            raise self._refused(items, "booleans")
        return values, present


FIELDS = {"number": _NumberField, "integer": _IntegerField, "boolean": _BooleanField, "text": TextField}
