"""Checks the labels and probabilities that ``predict`` returned and writes them into the block."""
from array import array

import numpy as np

from ._errors import WorkflowError
from ._labels import index_of, label_text, probability_columns
from ._values import found, items_of


class ClassAnswers:
    """Answers of a workflow with classes: labels, or (labels, probabilities)."""

    def __init__(self, classes, model):
        self._classes = list(classes)
        self._index = index_of(self._classes)
        self._code_of = self._index.__getitem__
        self._columns = probability_columns(self._index, len(self._classes), model)
        self._scored = True

    def attach(self, block):
        label, score = block.outputs
        self._codes = block.integers(label)
        self._scores = block.values(score, "f8")
        self._scored = True

    def write(self, result, rows):
        probabilities = None
        if type(result) is tuple and len(result) == 2:
            result, probabilities = result
        labels = items_of(result, rows, "labels")
        try:
            codes = list(map(self._code_of, labels))
        except (KeyError, TypeError):
            codes = self._slow_codes(labels)
        if rows == 1:
            self._codes[0] = codes[0]
        else:
            self._codes[:rows] = array("q", codes)
        if probabilities is not None:
            self._scores[:rows] = self._score(probabilities, codes, rows)
            self._scored = True
        elif self._scored:
            self._scores[:] = np.nan
            self._scored = False
        return 0

    def _slow_codes(self, labels):
        codes = []
        for row, label in enumerate(labels):
            code = -1 if label is None else self._index.get(label_text(label))
            if code is None:
                raise WorkflowError(
                    f"predict returned the label {label!r} (row {row}), which is no class of this model; its classes: "
                    f"{', '.join(self._classes)}"
                )
            codes.append(code)
        return codes

    def _score(self, probabilities, codes, rows):
        try:
            given = np.asarray(probabilities, dtype=np.float64)
        except (TypeError, ValueError):
            raise WorkflowError(f"predict returned probabilities that are no numbers: {found(probabilities)}") from None
        if given.shape == (rows,):
            return given
        width = int(self._columns.max(initial=-1)) + 1
        if given.shape != (rows, width):
            raise WorkflowError(
                f"predict returned probabilities of shape {given.shape} for {rows} records; expected ({rows}, {width}), a column for "
                f"each class in the order of the classes, or ({rows},), the probability of each label"
            )
        columns = self._columns[codes]
        scores = given[np.arange(rows), columns]
        if (columns < 0).any():
            scores[columns < 0] = np.nan
        return scores
