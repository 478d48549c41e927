"""What ``train`` gets beside the data: parameters, and the run it is part of."""
import time

_PROGRESS_INTERVAL = 0.05


class Params(dict):
    """The parameters of a training: ``params["depth"]`` or ``params.depth``."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no parameter '{name}'; declared are: {', '.join(self) or 'none'}") from None


class Run:
    """The running training."""

    def __init__(self, send_progress, send_metric, is_cancelled):
        self._send_progress = send_progress
        self._send_metric = send_metric
        self._is_cancelled = is_cancelled
        self._last = (0.0, None)
        self._held = None

    @property
    def cancelled(self):
        """Whether the operator wants the training to end. Code that goes on is stopped a moment later."""
        return self._is_cancelled()

    def progress(self, fraction, text=""):
        """Tells how far the training is, 0 to 1, and what it is doing."""
        fraction, text = min(1.0, max(0.0, _number("run.progress: fraction", fraction))), str(text)
        now = time.monotonic()
        # A loop that reports each step floods nobody: steps under one text are thinned out, the last one always arrives.
        if text == self._last[1] and now - self._last[0] < _PROGRESS_INTERVAL:
            self._held = (fraction, text)
            return
        self._held = None
        self._last = (now, text)
        self._send_progress(fraction, text)

    def metric(self, name, value, step=None):
        """Records a metric; without a step it is the final value."""
        if not isinstance(name, str) or not name:
            raise TypeError(f"run.metric: the name must be a text, not {name!r}")
        self._flush()
        self._send_metric(name, _number(f"run.metric: value of '{name}'", value), None if step is None else int(step))

    def _flush(self):
        if self._held is not None:
            held, self._held = self._held, None
            self._send_progress(*held)


def _number(what, value):
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be a number, not {value!r}") from None
