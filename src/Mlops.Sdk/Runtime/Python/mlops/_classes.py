"""Checks the labels and probabilities that ``predict`` returned and writes them into the block."""
from array import array

from ._arrays import np
from ._errors import WorkflowError
from ._labels import index_of, label_text, probability_columns
from ._values import items_of

if np is not None:
    from ._score_arrays import Scores
else:
    from ._score_lists import Scores


class ClassAnswers:
    """Answers of a workflow with classes: labels, or (labels, probabilities)."""

    def __init__(self, classes, model):
        self._classes = list(classes)
        self._index = index_of(self._classes)
        self._code_of = self._index.__getitem__
        self._scores = Scores(probability_columns(self._index, len(self._classes), model))

    def attach(self, block):
        label, score = block.outputs
        self._codes = block.integers(label)
        self._scores.attach(block.values(score, "f8"))

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
        self._scores.write(probabilities, codes, rows)
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
