"""What writing numbers, integers and booleans has in common, with NumPy and without."""
from ._errors import WorkflowError
from ._values import found


class NumberField:
    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, "f8")

    def needed(self, values):
        return 0

    def store(self, values, rows):
        self._values[:rows] = values

    def _refused(self, items, word):
        return WorkflowError(f"predict returned values for field '{self.name}' that are no {word}: {found(items)}")


class IntegerField(NumberField):
    """Integers and booleans: a value each, and a byte that tells whether it is present."""

    def __init__(self, column, block):
        self.name = column["name"]
        self._values = block.values(column, self._KIND)
        self._present = block.present(column)

    def store(self, values, rows):
        self._values[:rows], self._present[:rows] = values
