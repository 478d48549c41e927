"""Writes numbers, integers and booleans that ``predict`` returned, without NumPy."""
import math
from array import array

from ._field_numbers import IntegerField, NumberField
from ._field_texts import TextField
from ._values import listed


class _NumberField(NumberField):
    def prepare(self, items, rows):
        try:
            return array("d", [math.nan if item is None else float(item) for item in listed(items)])
        except (TypeError, ValueError):
            raise self._refused(items, "numbers") from None


class _IntegerField(IntegerField):
    _KIND, _LETTER, _WORD, _MOST = "i8", "q", "integers", None

    def prepare(self, items, rows):
        items = listed(items)
        present = array("B", [not (item is None or item != item) for item in items])
        try:
            values = array(self._LETTER, [int(item) if there else 0 for item, there in zip(items, present)])
            if any(there and float(item) != value for item, value, there in zip(items, values, present)):
                raise ValueError
            if self._MOST is not None and any(value > self._MOST for value in values):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise self._refused(items, self._WORD) from None
        return values, present


class _BooleanField(_IntegerField):
    _KIND, _LETTER, _WORD, _MOST = "u1", "B", "booleans", 1


FIELDS = {"number": _NumberField, "integer": _IntegerField, "boolean": _BooleanField, "text": TextField}
