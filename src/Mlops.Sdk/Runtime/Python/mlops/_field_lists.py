"""Writes numbers, integers and booleans that ``predict`` returned, without NumPy."""
import math
from array import array

from ._errors import WorkflowError
from ._field_texts import TextField
from ._values import found, listed


class _NumberField:
    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, "f8")

    def prepare(self, items, rows):
        try:
            return array("d", [math.nan if item is None else float(item) for item in listed(items)])
        except (TypeError, ValueError):
            raise WorkflowError(f"predict returned values for field '{self.name}' that are no numbers: {found(items)}") from None

    def needed(self, values):
        return 0

    def store(self, values, rows):
        self._values[:rows] = values


class _IntegerField(_NumberField):
    """Integers and booleans: a value each, and a byte that tells whether it is present."""

    _KIND, _LETTER, _WORD, _MOST = "i8", "q", "integers", None

    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, self._KIND)
        self._present = block.present(column)

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
            raise WorkflowError(f"predict returned values for field '{self.name}' that are no {self._WORD}: {found(items)}") from None
        return values, present

    def store(self, values, rows):
        self._values[:rows], self._present[:rows] = values


class _BooleanField(_IntegerField):
    _KIND, _LETTER, _WORD, _MOST = "u1", "B", "booleans", 1


FIELDS = {"number": _NumberField, "integer": _IntegerField, "boolean": _BooleanField, "text": TextField}
