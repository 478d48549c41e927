"""Runs one training in a worker."""
import json
import math
import sys
import sysconfig
import time

from . import _connection, _errors, _libraries, _model, _package
from ._run import Params, Run


def train(request, connection, is_cancelled):
    """Trains, and sends DONE or FAILED. The request is JSON: package, columns, layout, parameters, classes, model, and maybe heldOut (columns, layout)."""
    request = json.loads(request)
    package = _package.acquire(**request["package"])
    step = _Steps()
    try:
        step.begin("importing workflow.py", "start")
        train_function = package.function("train", "data, params, run")
        package.function("predict", "model, batch")
        evaluate = package.function("evaluate")
        _model.check(package)

        step.begin("reading the data", "load")
        data = _columns(request)
        classes = _classes(request["classes"], data)

        run = Run(
            lambda fraction, text: connection.send(_connection.PROGRESS, {"fraction": fraction, "text": text}),
            lambda name, value, at: connection.send(_connection.METRIC, {"name": name, "value": _finite(value), "step": at}),
            is_cancelled,
        )
        step.begin("train", "train")
        model = train_function(data, Params(request["parameters"]), run)
        run._flush()
        if model is None:
            print("train returned None; predict gets None as its model. Return what it needs.", file=sys.stderr)
        if evaluate is not None:
            step.begin("evaluate", "evaluate")
            held_out = request.get("heldOut")
            if held_out is None:
                print("evaluate measures with the records that the model learned from; hold some out by 'split: {kind: random, heldOut: 0.2}' in workflow.yaml", file=sys.stderr)
            _record(evaluate(model, data if held_out is None else _columns(held_out)), run)

        step.begin("saving the model", "save")
        _model.save(package, model, request["model"])
        export = None
        if request.get("export"):
            step.begin("converting the model", "convert")
            export = _export(request, package, model, data, classes)
        step.begin("", "")
        connection.send(_connection.DONE, {"classes": classes, "environment": _environment(), "phases": step.seconds, "export": export})
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        connection.send(_connection.FAILED, _errors.describe(error, package, step.doing))


class _Steps:
    def __init__(self):
        self.doing = ""
        self.seconds = {}
        self._phase = None
        self._since = 0.0

    def begin(self, doing, phase):
        now = time.perf_counter()
        if self._phase:
            self.seconds[self._phase] = now - self._since
        self.doing, self._phase, self._since = doing, phase, now


def _columns(request):
    from ._block import Block

    return Block(_connection.map_file(request["columns"], writable=False), request["layout"]).columns()


def _classes(declared, data):
    if declared is None:
        return None
    from ._labels import distinct_labels

    found = distinct_labels(data.labels)
    if not declared:
        if not found:
            raise _errors.WorkflowError(
                "output.classes in workflow.yaml is empty and the data has no labels to take the classes from; name the classes or train on labelled records"
            )
        return found
    unknown = [label for label in found if label not in declared]
    if unknown:
        print(f"the data has labels that output.classes does not name: {', '.join(unknown[:10])}", file=sys.stderr)
    return declared


def _export(request, package, model, data, classes):
    """Converts the model for engines of the host; returns what was converted, or why not."""
    try:
        from ._convert import convert
    except ImportError as error:
        return f"the conversion needs {error.name}"
    return convert(package.function("predict"), model, data, classes, request.get("fields"), request["export"])


def _record(metrics, run):
    if not isinstance(metrics, dict):
        raise _errors.WorkflowError(f"evaluate returned {type(metrics).__name__}; expected a dict name -> number")
    for name, value in metrics.items():
        run.metric(name, value)


def _finite(value):
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")


def _environment():
    versions = {"python": sys.version.split()[0], "platform": sysconfig.get_platform()}
    for name in _libraries.NAMES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            versions["scikit-learn" if name == "sklearn" else name] = str(version)
    environment = sys.modules.get(f"{__package__}._environment")
    if environment is not None:  # only where the package brings wheels
        versions.update(environment.versions())
    return versions
