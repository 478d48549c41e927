"""Checks the fields that ``predict`` returned and writes them into the block."""
import warnings

import numpy as np

from ._errors import WorkflowError
from ._values import found, listed, values_of


class FieldAnswers:
    """Answers of a workflow with named fields: a dict field -> array."""

    def __init__(self, fields):
        self._fields = fields
        self._columns = []
        self._pending = None
        self._warned = False

    def attach(self, block):
        self._columns = [_FIELDS[column["kind"]](column, block) for column in block.outputs]

    def write(self, result, rows):
        """Returns 0, or the bytes of text that one column needs when the block is too small: then the host grows it and calls ``resume``."""
        if not isinstance(result, dict):
            if len(self._fields) != 1 or isinstance(result, tuple):
                raise WorkflowError(
                    f"predict returned {found(result)}; expected a dict with the fields {', '.join(self._fields)}, an array of {rows} values each"
                )
            result = {self._fields[0]: result}
        self._check_names(result)
        self._pending = [column.prepare(values_of(result[column.name], rows, f"values for field '{column.name}'"), rows) for column in self._columns]
        return self.resume(rows)

    def resume(self, rows):
        needed = max(column.needed(values) for column, values in zip(self._columns, self._pending))
        if needed:
            return needed
        for column, values in zip(self._columns, self._pending):
            column.store(values, rows)
        self._pending = None
        return 0

    def _check_names(self, result):
        missing = [name for name in self._fields if name not in result]
        if missing:
            raise WorkflowError(f"predict returned no field '{missing[0]}'; expected: {', '.join(self._fields)}; found: {', '.join(map(str, result)) or 'none'}")
        if len(result) > len(self._fields) and not self._warned:
            self._warned = True
            extra = ", ".join(str(name) for name in result if name not in self._fields)
            warnings.warn(f"predict returns fields that output.fields of workflow.yaml does not declare; they are dropped: {extra}", stacklevel=2)


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


class _TextField:
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
        self._present[:rows] = [text is not None for text in texts]
        self._offsets[0] = 0
        np.cumsum([len(text or b"") for text in texts], out=self._offsets[1 : rows + 1])
        self._bytes[: len(joined)] = joined


_FIELDS = {"number": _NumberField, "integer": _IntegerField, "boolean": _BooleanField, "text": _TextField}
