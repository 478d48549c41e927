"""Writes the probabilities that ``predict`` returned, with NumPy."""
import numpy as np

from ._errors import WorkflowError
from ._values import found


class Scores:
    def __init__(self, columns):
        self._columns = np.array(columns, dtype=np.int64)
        self._width = int(self._columns.max()) + 1

    def attach(self, target):
        self._target = target
        self._has_some = True

    def write(self, probabilities, codes, rows):
        """Writes the probability of each label; without probabilities NaN."""
        if probabilities is not None:
            self._target[:rows] = self._of(probabilities, codes, rows)
            self._has_some = True
        elif self._has_some:
            self._target[:] = np.nan
            self._has_some = False

    def _of(self, probabilities, codes, rows):
        try:
            given = np.asarray(probabilities, dtype=np.float64)
        except (TypeError, ValueError):
            raise WorkflowError(f"predict returned probabilities that are no numbers: {found(probabilities)}") from None
        if given.shape == (rows,):
            return given
        if given.shape != (rows, self._width):
            raise WorkflowError(
                f"predict returned probabilities of shape {given.shape} for {rows} records; expected ({rows}, {self._width}), a column for "
                f"each class in the order of the classes, or ({rows},), the probability of each label"
            )
        columns = self._columns[codes]
        scores = given[np.arange(rows), columns]
        if (columns < 0).any():
            scores[columns < 0] = np.nan
        return scores
