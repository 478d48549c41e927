"""A node from Python: upload, train, deploy, read."""
from __future__ import annotations

import json as _json
import os
import tempfile
import time
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional

from . import _answers, _author, _records
from ._answers import Deployment, Feed, Model, Prediction, Training, Workflow
from ._records import Records
from ._rest import MlopsError, Rest, segment

_PART = 4 << 20
_LONGEST_PAUSE = 2.0


class Client:
    """Talks to one node over REST, with nothing but the standard library. What the node refuses is an ``MlopsError``, which says what helps.

    ``url`` and ``token`` default to the environment variables MLOPS_URL (else http://127.0.0.1:8080) and MLOPS_TOKEN. A node without users and
    tokens answers its own machine without one. ``ca_file`` names the certificate of an authority of your own, for https.
    """

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None, *, ca_file: Optional[str] = None, timeout: float = 300) -> None:
        self._rest = Rest(
            url or os.environ.get("MLOPS_URL") or "http://127.0.0.1:8080", token or os.environ.get("MLOPS_TOKEN"), ca_file, timeout)

    def __repr__(self) -> str:
        return f"Client({self._rest.url!r})"

    def status(self) -> Mapping[str, Any]:
        """Returns name, layer, version, uptime and health of the node."""
        return self._rest.get("status")

    # Data

    def feeds(self, search: Optional[str] = None) -> "list[Feed]":
        """Lists the feeds."""
        return [_answers.read(Feed, feed) for feed in self._rest.list("feeds", search=search)]

    def feed(self, feed: str) -> Feed:
        """Returns one feed with its fields."""
        return _answers.read(Feed, self._rest.get(f"feeds/{segment(feed)}"))

    def read(
        self, feed: str, start: Any = None, end: Any = None, *, filter: Optional[str] = None, limit: Optional[int] = None, newest: bool = False) -> Records:
        """Returns stored records as columns, in the order in which they came.

        ``start`` (inclusive) and ``end`` (exclusive) bound their times; ``filter`` is a pure SQL expression over the fields; ``newest`` takes and
        returns the newest first.
        """
        fields = self.feed(feed).fields
        query = {
            "from": None if start is None else _records.instant(start), "to": None if end is None else _records.instant(end),
            "filter": filter, "limit": limit, "order": "newest" if newest else None,
        }
        return _records.of(self._rest.get(f"feeds/{segment(feed)}/records", **query), fields)

    def write(self, feed: str, data: Any, timestamps: Any = None) -> int:
        """Stores records; returns how many, once they are durable. Makes the feed where there is none.

        ``data`` is a DataFrame (times in its index or its column ``timestamp``), a mapping of columns (times in ``timestamps`` or the column
        ``timestamp``), or an iterable of mappings, each with a ``timestamp``.
        """
        written, part, size = 0, [], 0
        for row in _records.rows_of(data, timestamps):
            text = _json.dumps(row, allow_nan=False)
            part.append(row)
            size += len(text)
            if size >= _PART:
                written += self._write(feed, part)
                part, size = [], 0
        return written + self._write(feed, part) if part else written

    def label(self, feed: str, labels: "Iterable[Mapping[str, Any]]") -> int:
        """Stores labels; returns how many. Each is like ``{"set": "quality", "value": "good", "source": {"row": 17}}``, or names its records by ``key`` or ``from`` and ``to``."""
        return self._rest.post(f"feeds/{segment(feed)}/labels", {"labels": [dict(label) for label in labels]})["added"]

    def sql(self, statement: str, limit: Optional[int] = None) -> Any:
        """Answers one SELECT over feeds, each a table under its id, quoted; returns columns as a mapping name -> array."""
        answer = self._rest.post("sql", {"sql": statement, "limit": limit} if limit else {"sql": statement})
        rows = answer["rows"]
        return {c["name"]: _records.column([row[i] for row in rows], c["type"]) for i, c in enumerate(answer["columns"])}

    # Workflows

    def workflows(self) -> "list[Workflow]":
        """Lists the workflows in all versions."""
        return [_answers.read(Workflow, workflow) for workflow in self._rest.list("workflows")]

    def upload(self, package: "str | os.PathLike[str]") -> Workflow:
        """Checks a package, a folder or a zip, here and on the node, and installs it there."""
        package = os.fspath(package)
        if not os.path.isdir(package):
            return _answers.read(Workflow, self._send_file("workflows", package))
        with tempfile.TemporaryDirectory(prefix="mlops-upload-") as folder:
            path, _ = _author.pack(package, os.path.join(folder, "package.zip"))
            return _answers.read(Workflow, self._send_file("workflows", path))

    # Trainings and models

    def train(self, workflow: str, feed: Optional[str] = None, *, params: Optional[Mapping[str, Any]] = None, **selection: Any) -> Training:
        """Queues a training on stored records and returns at once; ``wait`` waits for its end.

        ``selection`` holds what else the node takes: version, inputs, start, end, filter, limit, labels, minimumQuality, balance and so on.
        """
        body = {"workflow": workflow, "feed": feed, "params": params, **selection}
        for ours, theirs in (("start", "from"), ("end", "to")):
            if ours in body:
                body[theirs] = _records.instant(body.pop(ours))
        return _answers.read(Training, self._rest.post("trainings", {name: value for name, value in body.items() if value is not None}))

    def training(self, training: "str | Training") -> Training:
        """Returns a training as it stands."""
        return _answers.read(Training, self._rest.get(f"trainings/{segment(_id(training))}"))

    def trainings(self, workflow: Optional[str] = None, state: Optional[str] = None) -> "list[Training]":
        """Lists the trainings, newest first."""
        return [_answers.read(Training, training) for training in self._rest.list("trainings", workflow=workflow, state=state)]

    def wait(self, training: "str | Training", timeout: Optional[float] = None, on_progress: "Optional[Callable[[Training], None]]" = None) -> Training:
        """Waits until a training has succeeded and returns it; raises ``MlopsError`` when it failed or was cancelled, ``TimeoutError`` after ``timeout`` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = 0.05
        while True:
            found = self.training(training)
            if on_progress is not None:
                on_progress(found)
            if found.state == "succeeded":
                return found
            if found.ended:
                raise MlopsError(f"Training '{found.id}' of '{found.workflow}' {found.state}: {found.reason or 'no reason was given.'}", f"Read its output: client.log('{found.id}').")
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"training '{found.id}' is {found.state} after {timeout} s")
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def cancel(self, training: "str | Training") -> None:
        """Cancels a training; does nothing when it has ended."""
        self._rest.json("DELETE", f"trainings/{segment(_id(training))}")

    def log(self, training: "str | Training") -> "list[str]":
        """Returns the last lines of a training's output, oldest first."""
        return [line["text"] for line in self._rest.list(f"trainings/{segment(_id(training))}/log")]

    def models(self, workflow: Optional[str] = None, stage: Optional[str] = None) -> "list[Model]":
        """Lists the models, newest first."""
        return [_answers.read(Model, model) for model in self._rest.list("models", workflow=workflow, stage=stage)]

    def model(self, model: str) -> Model:
        """Returns one model with its lineage."""
        return _answers.read(Model, self._rest.get(f"models/{segment(model)}"))

    def set_stage(self, model: str, stage: str) -> Model:
        """Says what a model is meant for: none, candidate, production or archived."""
        return _answers.read(Model, self._rest.json("PUT", f"models/{segment(model)}/stage", {"stage": stage}))

    def export_model(self, model: str, target: "str | os.PathLike[str]") -> None:
        """Saves a model with its package and lineage as one file, signed by the node."""
        with open(target, "wb") as file:
            self._rest.save(f"models/{segment(model)}/export", file)

    def import_model(self, path: "str | os.PathLike[str]") -> Model:
        """Brings a model that another node has exported."""
        return _answers.read(Model, self._send_file("models", os.fspath(path)))

    # Deployments

    def deploy(self, workflow: str, model: "str | Training", feed: Optional[str] = None, **options: Any) -> Deployment:
        """Starts a deployment, which answers every record that comes from now on; ``options`` holds inputs, delivery, maxAge, fill, output."""
        if isinstance(model, Training):
            model = model.model or ""
        body = {"workflow": workflow, "model": model, "feed": feed, **options}
        return _answers.read(Deployment, self._rest.post("deployments", {name: value for name, value in body.items() if value is not None}))

    def deployment(self, deployment: "str | Deployment") -> Deployment:
        """Returns one deployment."""
        return _answers.read(Deployment, self._rest.get(f"deployments/{segment(_id(deployment))}"))

    def deployments(self) -> "list[Deployment]":
        """Lists the deployments."""
        return [_answers.read(Deployment, deployment) for deployment in self._rest.list("deployments")]

    def swap(self, deployment: "str | Deployment", model: str) -> Deployment:
        """Puts another model into a deployment, between two batches."""
        return _answers.read(Deployment, self._rest.json("PATCH", f"deployments/{segment(_id(deployment))}", {"model": model}))

    def roll_back(self, deployment: "str | Deployment") -> Deployment:
        """Goes back to the model before."""
        return _answers.read(Deployment, self._rest.post(f"deployments/{segment(_id(deployment))}/rollback"))

    def stop(self, deployment: "str | Deployment") -> None:
        """Ends a deployment; its answers stay."""
        self._rest.json("DELETE", f"deployments/{segment(_id(deployment))}")

    def predictions(self, deployment: "str | Deployment", limit: int = 100) -> "list[Prediction]":
        """Returns the newest answers, newest first."""
        return [_answers.read(Prediction, answer) for answer in self._rest.get(f"deployments/{segment(_id(deployment))}/predictions", limit=limit)]

    def predict(self, deployment: "str | Deployment", inputs: Mapping[str, Any]) -> "dict[str, Any]":
        """Answers rows with the model of a deployment; nothing is stored or published. ``inputs`` maps inputs to values, one a row."""
        place = f"/v2/models/{segment(_id(deployment))}"
        types = {tensor["name"]: tensor["datatype"] for tensor in self._rest.get(place)["inputs"]}
        tensors = []
        for name, values in inputs.items():
            data = _records.plain(values)
            tensors.append({"name": name, "shape": [len(data)], "datatype": types.get(name, "FP64"), "data": data})
        kinds = {"FP64": "float64", "INT64": "int64", "UINT64": "uInt64", "BOOL": "boolean"}
        outputs = self._rest.post(f"{place}/infer", {"inputs": tensors})["outputs"]
        return {tensor["name"]: _records.column(tensor["data"], kinds.get(tensor["datatype"], "text")) for tensor in outputs}

    def events(self, feeds: Optional[str] = None, deployments: Optional[str] = None, topics: Optional[str] = None) -> "Iterator[tuple[str, Any]]":
        """Yields (name, data) of what happens, as it happens; names separated by commas, ``*`` for all, with nothing said everything."""
        return self._rest.events("events", feeds=feeds, deployments=deployments, topics=topics)

    def _write(self, feed: str, records: "list[dict[str, Any]]") -> int:
        return self._rest.post(f"feeds/{segment(feed)}/records", {"records": records})["records"]

    def _send_file(self, path: str, file: str) -> Any:
        with open(file, "rb") as content:
            length = os.fstat(content.fileno()).st_size
            return self._rest.json("POST", path, content, headers={"Content-Type": "application/zip", "Content-Length": str(length)})


def _id(thing: Any) -> str:
    return thing if isinstance(thing, str) else thing.id
