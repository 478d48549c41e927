"""A loaded model that answers batches. Used in the host's process and in workers alike."""
import json
import os

# Before NumPy is loaded: its libraries would start a thread for each core, for rows of a few numbers.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from . import _errors, _model, _package
from ._block import Block
from ._classes import ClassAnswers
from ._fields import FieldAnswers

FAILED = -1
_RAISED = (Exception, SystemExit, KeyboardInterrupt)


class Predictor:
    """Calls return 0, a number of text bytes that the block lacks, or FAILED; then ``failure`` says why (JSON)."""

    def __init__(self):
        self.failure = None
        self._package = None
        self._block = None

    def load(self, request):
        """Loads package and model. The request is JSON: package, model, classes or fields."""
        request = json.loads(request)
        self._package = _package.acquire(**request["package"])
        try:
            self._predict = self._package.function("predict", "model, batch")
            self._model = _model.load(self._package, request["model"])
            classes = request.get("classes")
            self._answers = FieldAnswers(request["fields"]) if classes is None else ClassAnswers(classes, self._model)
            return 0
        except _RAISED as error:
            return self._fail(error, "loading the model")

    def attach(self, memory, layout):
        """Takes the memory in which batches come and answers go, in place of the one before. The layout is JSON."""
        self._block = Block(memory, json.loads(layout))
        self._answers.attach(self._block)
        return 0

    def show(self, name, samples, shape):
        """Puts a picture into the row that is answered next, read-only and where it lies."""
        self._block.show(name, samples, shape)

    def hide(self):
        """Lets go of the pictures that were shown."""
        if self._block is not None:
            self._block.hide()

    def predict(self):
        """Answers the rows that are in the block."""
        try:
            batch = self._block.columns()
            return self._answers.write(self._predict(self._model, batch), batch.rows)
        except _RAISED as error:
            return self._fail(error, "predict")

    def resume(self, rows):
        """Writes the answers of the last call, for which the block was too small."""
        try:
            return self._answers.resume(rows)
        except _RAISED as error:
            return self._fail(error, "predict")

    def measure(self):
        """Estimates the bytes that the model and the package's modules hold."""
        from . import _memory

        return _memory.estimate(self._model, self._package)

    def close(self):
        """Lets go of the model, the memory and, if no other model needs it, the package's code."""
        import gc

        package, self._package = self._package, None
        self._predict = self._model = self._answers = self._block = None
        if package is not None:
            _package.release(package)
        gc.collect()

    def _fail(self, error, doing):
        self.failure = _errors.to_json(_errors.describe(error, self._package, doing))
        return FAILED
