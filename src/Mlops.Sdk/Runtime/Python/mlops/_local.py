"""Runs a package on this machine as a node would: the same checks, the same code for train and predict, the author's data."""
import json
import os
import random
import sys
import tempfile
import time

from . import _connection, _environment, _golden, _manifest, _paths, _source, _windows
from ._findings import Finding, FindingList, PackageError, quote

_BATCH = 256


class PackageFailed(Exception):
    """The code of the package failed; the text is for its author."""


def test(path, csv=None, label=None, holdout=0.2, say=print):
    """Checks, trains, predicts in batches and runs the golden cases. Raises PackageError or PackageFailed."""
    with tempfile.TemporaryDirectory(prefix="mlops-test-") as work:
        folder = os.path.join(work, "package")
        os.mkdir(folder)
        manifest, digests = _source.stage(path, folder)
        say(f"checked    {manifest.title}: {len(digests)} files, digest {_paths.digest(digests)[:12]}")
        if manifest.runtime != "python":
            raise PackageError([Finding(_manifest.FILE, None, "runtime", f"The runtime {quote(manifest.runtime)} does not run here.", "This command runs packages of the runtime python.")])
        _prepare(folder, work, manifest, say)
        table = _rows(folder, manifest, csv, label)
        if table is None:
            say("not run    there is no data: give --csv FILE, or put sample.csv into the package")
            return
        _Trial(folder, work, manifest, _paths.digest(digests), table, csv, say).run(holdout)


def _prepare(folder, work, manifest, say):
    wheels = _environment.wheels_of(folder)
    target = os.path.join(work, "environment")
    _environment.build(folder, target, manifest.requirements)
    if wheels:
        _environment.activate(target)
        say(f"prepared   {len(wheels)} wheels")


def _rows(folder, manifest, csv, label):
    if csv is None and manifest.sample is None:
        return None
    path, file = (csv, os.path.basename(csv)) if csv else (os.path.join(folder, manifest.sample), manifest.sample)
    if not os.path.isfile(path):
        raise PackageError([Finding(file, None, "required-file", f"There is no file {quote(path)}.", "Name a CSV file with a line of column names.")])
    findings = FindingList(file)
    table = _golden.read_sample(path, file, manifest, findings, label, kind="csv" if csv else "sample")
    if table is None:
        raise PackageError(findings.all)
    return table


class _Trial:
    def __init__(self, folder, work, manifest, digest, table, csv, say):
        try:
            from . import _columns  # needs NumPy, which checking and packing do not
        except ModuleNotFoundError as missing:
            raise PackageFailed(f"{sys.executable} has no {missing.name}, which this command needs to train and predict. Install it, or run the command with the Python of the node.") from missing

        self._columns, self._work, self._manifest, self._say = _columns, work, manifest, say
        self._package = {"name": manifest.name, "version": manifest.version, "digest": digest, "folder": folder}
        self._folder, self._model = folder, os.path.join(work, "model")
        self._file, self._is_sample = table.file, csv is None
        os.mkdir(self._model)
        pictures = folder if csv is None else os.path.dirname(os.path.abspath(csv))
        declared = {name: kind for name, kind, _ in manifest.inputs or ()}
        self._inputs = [_columns.values_of(table, name, at, declared.get(name), "csv", pictures) for name, at in table.inputs.items()]
        truth = table.expected.get(_golden.CLASS_ANSWER)
        self._label = None if truth is None else _columns.values_of(table, "label", truth, None, "csv")
        self._timestamps = _timestamps(table)
        self._each, self._what = 1, "rows"
        if manifest.window is not None:
            self._each, self._what = manifest.window.rows, "windows"
            cuts, self._timestamps, self._inputs = self._cut(self._timestamps, self._inputs)
            if truth is not None:
                labels = [_windows.truth(manifest.window.label, cut, self._label.items) for cut in cuts]
                kept = [at for at, found in enumerate(labels) if found is not None]
                self._label = _columns.Values("label", self._label.kind, [labels[at] for at in kept])
                self._timestamps, self._inputs = [self._timestamps[row] for row in self._rows(kept)], self._take(self._inputs, kept)
            if not self._timestamps:
                raise PackageError([Finding(table.file, None, "csv-rows", f"The {len(table.rows)} rows make no window with a label.", "Give more rows, without a pause, or change window in workflow.yaml.")])

    def _cut(self, times, inputs):
        """Cuts rows into windows: (cuts, times, inputs) with the rows of all windows one behind the other."""
        texts = [values.name for values in inputs if values.kind == "text"]
        if texts:
            raise PackageError([Finding(_manifest.FILE, None, "window-input", f"The input {quote(texts[0])} is text, and windows hold numbers.", "List the inputs it needs.")])
        defaults = [self._manifest.defaults.get(values.name) for values in inputs]
        cuts = _windows.cut(self._manifest.window, self._manifest.fill, times, [values.items for values in inputs], defaults)
        stamps = [time for cut in cuts for time in (*cut.times[:-1], times[cut.last])]
        cells = [[None if row[at] != row[at] else row[at] for cut in cuts for row in cut.values] for at in range(len(inputs))]
        return cuts, stamps, [self._columns.Values(values.name, "number", items) for values, items in zip(inputs, cells)]

    def _rows(self, cases):
        return [case * self._each + row for case in cases for row in range(self._each)]

    def _take(self, inputs, cases):
        rows = self._rows(cases)
        return [values.take(rows) for values in inputs]

    def run(self, holdout):
        rows = range(len(self._timestamps) // self._each)
        unseen = sorted(random.Random(0).sample(rows, round(min(holdout, 0.9) * len(rows)))) if holdout > 0 and len(rows) >= 10 else []
        seen = sorted(set(rows).difference(unseen))
        done = self._train(seen, unseen)
        predictor, kinds = self._load(done["classes"]), "unseen" if unseen else "training"
        self._predict(predictor, done["classes"], unseen or seen, kinds)
        if self._manifest.golden is not None:
            self._golden(predictor, done["classes"])
        predictor.close()

    def _train(self, rows, unseen):
        from . import _train

        request = {
            "package": self._package, **self._written("columns", rows), "model": self._model,
            "parameters": dict(self._manifest.parameters), "classes": self._manifest.classes,
            "heldOut": self._written("held-out", unseen) if unseen else None,
        }
        listener = _Listener(self._say)
        began = time.perf_counter()
        _train.train(json.dumps(request), listener, lambda: False)
        done = listener.done()
        self._say(f"trained    {len(rows)} {self._what} in {time.perf_counter() - began:.2f} s")
        for name, value in listener.metrics.items():
            self._say(f"metric     {name} = {value:.6g}")
        return done

    def _written(self, name, rows):
        inputs = self._take(self._inputs, rows)
        label = None if self._label is None else self._label.take([row for row in rows for _ in range(self._each)])
        shape = self._columns.shape_of
        placed, size = self._columns.layout(len(rows) * self._each, [shape(v) for v in inputs], None if label is None else shape(label), [], self._window)
        memory = bytearray(size)
        self._columns.write(memory, placed, [self._timestamps[row] for row in self._rows(rows)], inputs, label)
        path = os.path.join(self._work, name)
        with open(path, "wb") as file:
            file.write(memory)
        return {"columns": path, "layout": placed}

    @property
    def _window(self):
        return 0 if self._manifest.window is None else self._each

    def _load(self, classes):
        from ._serve import FAILED, Predictor

        predictor = Predictor()
        fields = None if self._manifest.fields is None else [name for name, _, _ in self._manifest.fields]
        if predictor.load(json.dumps({"package": self._package, "model": self._model, "classes": classes, "fields": fields})) == FAILED:
            raise PackageFailed(_told(json.loads(predictor.failure)))
        return predictor

    def _answers(self, predictor, classes, timestamps, inputs):
        from ._serve import FAILED

        outputs = [("label", "integer"), ("score", "number")] if classes is not None else [(name, kind) for name, kind, _ in self._manifest.fields]
        text, count = 64 * len(timestamps), len(timestamps) // self._each
        placed, size = self._columns.layout(len(timestamps), [self._columns.shape_of(v) for v in inputs], None, [(n, k, text) for n, k in outputs], self._window)
        memory = bytearray(size)
        predictor.attach(memory, json.dumps(placed))
        self._columns.write(memory, placed, timestamps, inputs)
        result = predictor.predict()
        while result > 0:
            placed, size = self._columns.layout(len(timestamps), [self._columns.shape_of(v) for v in inputs], None, [(n, k, result) for n, k in outputs], self._window)
            memory = bytearray(size)
            predictor.attach(memory, json.dumps(placed))
            result = predictor.resume(count)
        if result == FAILED:
            raise PackageFailed(_told(json.loads(predictor.failure)))
        return self._columns.read(memory, placed, count, classes)

    def _predict(self, predictor, classes, rows, what):
        from ._labels import label_text

        answers, seconds, at = [], 0.0, 0
        while at < len(rows):
            batch = rows[at : at + (1 if at == 0 else _BATCH)]  # one alone first: many mistakes show only there
            inputs = self._take(self._inputs, batch)
            began = time.perf_counter()
            answers += self._answers(predictor, classes, [self._timestamps[row] for row in self._rows(batch)], inputs)
            seconds += time.perf_counter() - began
            at += len(batch)
        self._say(f"predicted  {len(answers)} {what} {self._what}, {1e6 * seconds / max(1, len(answers)):.0f} µs a {self._what[:-1]}")
        if classes is not None and self._label is not None:
            truths = [(answer["label"], label_text(self._label.items[row])) for answer, row in zip(answers, rows) if self._label.items[row] is not None]
            if truths:
                self._say(f"accuracy   {sum(got == truth for got, truth in truths) / len(truths):.4f} on {what} {self._what}")

    def _golden(self, predictor, classes):
        file = self._manifest.golden
        table = _golden.read(os.path.join(self._folder, *file.split("/")), file, self._manifest, FindingList(file))
        kinds = {values.name: values.kind for values in self._inputs}
        if self._manifest.inputs is None and set(kinds) != set(table.inputs):
            if not self._is_sample:
                self._say(f"golden     not run: {file} has other columns than {self._file}")
                return
            problem = f"The columns of inputs are others than in {self._file}: {', '.join(kinds)}."
            raise PackageError([Finding(file, 1, "golden-column", problem, "Give the cases the same columns, and the expected answer.")])
        inputs = [self._columns.values_of(table, name, table.inputs[name], kind, "golden", self._folder) for name, kind in kinds.items()]
        times, cases, findings = [0] * len(table.rows), table.rows, []
        if self._manifest.window is not None:
            cuts, times, inputs = self._cut(_timestamps(table), inputs)
            cases = [table.rows[cut.last] for cut in cuts]
            lines = {line for line, _ in cases}
            for line, cells in table.rows:
                if line not in lines and any(cells[column] is not None for column in table.expected.values()):
                    findings.append(Finding(file, line, "golden-case", "An answer is expected, but no window ends with this row.", "Expect it in the last row of a window."))
        answers = []
        for at in range(0, len(cases), _BATCH):
            batch = range(at, min(at + _BATCH, len(cases)))
            answers += self._answers(predictor, classes, [times[row] for row in self._rows(batch)], self._take(inputs, batch))
        for (line, cells), answer in zip(cases, answers):
            for name, column in table.expected.items():
                expected, got = cells[column], answer[name]
                if expected is not None and not _golden.matches(expected, got):
                    within = "" if got is None or isinstance(got, (str, bool)) else f" (within {_golden.RELATIVE_TOLERANCE:g} of it or {_golden.ABSOLUTE_TOLERANCE:g})"
                    shown = "null" if got is None else quote(_text(got))
                    findings.append(Finding(file, line, "golden-case", f"'{name}' is {shown} where {quote(expected)} is expected{within}.", "Correct the case if it is wrong, else train on data that covers it."))
        if findings:
            raise PackageError(findings)
        self._say(f"golden     {len(cases)} cases passed")


class _Listener:
    """Hears a training in place of the host."""

    def __init__(self, say):
        self._say, self._end, self.metrics = say, None, {}

    def send(self, kind, payload):
        if kind == _connection.METRIC:
            self.metrics[payload["name"]] = float(payload["value"])
        elif kind == _connection.PROGRESS:
            self._say(f"{100 * payload['fraction']:5.0f} %    {payload['text']}".rstrip())
        else:
            self._end = kind, payload

    def done(self):
        kind, payload = self._end
        if kind == _connection.FAILED:
            raise PackageFailed(_told(payload))
        return payload


def _text(value):
    return {True: "True", False: "False"}[value] if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def _told(failure):
    return "\n".join(part for part in (failure["traceback"], failure["message"]) if part)


def _timestamps(table):
    import numpy as np

    if "timestamp" not in table.header or "timestamp" in table.inputs:
        return [row * 1_000_000_000 for row in range(len(table.rows))]
    at = table.header.index("timestamp")
    stamps = []
    for line, cells in table.rows:
        try:
            stamps.append(int(np.datetime64((cells[at] or "").removesuffix("Z").replace(" ", "T"), "ns").astype("i8")))
        except ValueError:
            raise PackageError([Finding(table.file, line, "csv-value", f"{quote(cells[at] or '')} in column 'timestamp' is no time.", "Write 2026-01-31T12:00:00Z, in UTC.")]) from None
    return stamps
