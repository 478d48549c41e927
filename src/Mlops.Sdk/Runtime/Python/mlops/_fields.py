"""Checks the fields that ``predict`` returned and writes them into the block."""
import warnings

from ._arrays import np
from ._errors import WorkflowError
from ._values import found, values_of

if np is not None:
    from ._field_arrays import FIELDS
else:
    from ._field_lists import FIELDS


class FieldAnswers:
    """Answers of a workflow with named fields: a dict field -> array."""

    def __init__(self, fields):
        self._fields = fields
        self._columns = []
        self._pending = None
        self._warned = False

    def attach(self, block):
        self._columns = [FIELDS[column["kind"]](column, block) for column in block.outputs]

    def write(self, result, rows):
        """Returns 0, or the bytes of text that one column needs when the block is too small: then the host grows it and calls ``resume``."""
        if type(result) is list and len(result) == rows and rows and isinstance(result[0], dict):
            result = _by_field(result)
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


def _by_field(results):
    """Turns one dict a row into one list a field; what a row lacks is None."""
    for row, result in enumerate(results):
        if not isinstance(result, dict):
            raise WorkflowError(f"predict returned {found(result)} (row {row}) among dicts; expected a dict with the fields for each row, or one with an array for each field")
    names = dict.fromkeys(name for result in results for name in result)
    return {name: [result.get(name) for result in results] for name in names}
