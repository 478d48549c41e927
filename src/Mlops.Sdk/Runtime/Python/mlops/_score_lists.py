"""Writes the probabilities that ``predict`` returned, without NumPy."""
import math
from array import array

from ._errors import WorkflowError
from ._values import found


class Scores:
    def __init__(self, columns):
        self._columns = columns
        self._width = max(columns) + 1

    def attach(self, target):
        self._target = target

    def write(self, probabilities, codes, rows):
        """Writes the probability of each label; without probabilities NaN."""
        self._target[:rows] = array("d", [math.nan] * rows if probabilities is None else self._of(list(probabilities), codes, rows))

    def _of(self, given, codes, rows):
        rowwise = [row if hasattr(row, "__len__") else None for row in given]
        try:
            if len(given) == rows and not any(row is not None for row in rowwise):
                return [float(value) for value in given]
            if len(given) == rows and all(row is not None and len(row) == self._width for row in rowwise):
                columns = (self._columns[code] for code in codes)
                return [math.nan if column < 0 else float(row[column]) for row, column in zip(rowwise, columns)]
        except (TypeError, ValueError):
            raise WorkflowError(f"predict returned probabilities that are no numbers: {found(given)}") from None
        raise WorkflowError(
            f"predict returned probabilities for {len(given)} records ({found(given)}); expected {rows} rows of {self._width}, a column for each "
            f"class in the order of the classes, or {rows} numbers, the probability of each label"
        )
