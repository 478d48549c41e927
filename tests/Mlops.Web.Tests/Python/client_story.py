"""Everything that a data scientist does, with the address and the token of the environment."""
import os
import sys
import tempfile
import threading
import time

import numpy as np
import pandas

from mlops import Client

client = Client()
assert client.status()["name"] == "node1", client.status()

# Write columns, a table and rows; read them as columns and as a table.
random = np.random.default_rng(1)
side = np.where(np.arange(400) % 2 == 0, "left", "right")
times = np.datetime64("2026-01-01T00:00:00", "ns") + np.arange(400) * np.timedelta64(1, "s")
a = random.normal(size=400) + np.where(side == "left", 0.0, 4.0)
assert client.write("cutter", {"a": a, "b": random.normal(size=400), "side": side}, timestamps=times) == 400
table = pandas.DataFrame({"a": [0.1, None], "b": [1.0, 2.0], "side": ["left", None]}, index=pandas.date_range("2026-01-02", periods=2, tz="Europe/Vienna"))
assert client.write("cutter", table) == 2
assert client.write("cutter", [{"timestamp": 1767398400.5, "a": 1, "b": 2}]) == 1

feed = client.feed("cutter")
assert feed.records == 403 and feed.fields == (("a", "float64"), ("b", "float64"), ("side", "text")), feed
records = client.read("cutter", end="2026-01-01T12:00:00Z")
assert records.rows == 400 and records["a"].dtype == np.float64 and np.array_equal(records["a"], a)
assert np.array_equal(records.timestamps, times) and records["side"][1] == "right"
assert client.read("cutter", filter="side = 'left'", limit=5)["side"].tolist() == ["left"] * 5
later = client.read("cutter", start=np.datetime64("2026-01-01T20:00:00"))
assert later.timestamps[0] == np.datetime64("2026-01-01T23:00:00"), later.timestamps
assert np.isnan(later["a"][1]) and later["side"][1] is None
frame = records.to_pandas()
assert frame.shape == (400, 3) and str(frame.index.tz) == "UTC" and frame["a"].iloc[3] == a[3]
assert client.write("copy", frame) == 400 and np.array_equal(client.read("copy").timestamps, times)
assert client.sql('SELECT side, count(*) AS n FROM "cutter" WHERE side IS NOT NULL GROUP BY side ORDER BY side')["n"].tolist() == [201, 200]

# Upload, train, wait, deploy, predict.
workflow = client.upload(sys.argv[1])
assert (workflow.name, workflow.version) == ("side-of-cut", "1.0.0")
seen = []
training = client.wait(client.train("side-of-cut", "cutter", end="2026-01-01T12:00:00Z"), timeout=120, on_progress=seen.append)
assert training.state == "succeeded" and training.metrics["distance"] > 1 and seen
assert client.model(training.model).training == training.id
deployment = client.deploy("side-of-cut", training, "cutter")
assert deployment.state == "running"
client.write("cutter", {"a": [0.0, 4.0], "b": [0.0, 0.0]}, timestamps=["2026-01-03T00:00:00Z", "2026-01-03T00:00:01Z"])
until = time.monotonic() + 60
while len(answers := client.predictions(deployment)) < 2:
    assert time.monotonic() < until, answers
    time.sleep(0.05)
assert [answer.values["label"] for answer in answers] == ["right", "left"], answers
assert client.label("cutter", [{"set": "checked", "value": "left", "source": {"row": answers[1].source["row"]}}]) == 1
answer = client.predict(deployment, {"a": np.array([0.0, 4.0, 4.0]), "b": [0, 0, 0]})
assert answer["label"].tolist() == ["left", "right", "right"] and answer["score"].dtype == np.float64

# Swap, roll back, take the model away as a file and bring it back.
second = client.wait(client.train("side-of-cut", "cutter", limit=100, end="2026-01-01T12:00:00Z")).model
assert client.swap(deployment, second).model == second
assert client.roll_back(deployment).model == training.model
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.zip")
    client.export_model(second, path)
    assert client.import_model(path).id == second
client.stop(deployment)
assert client.deployment(deployment).state == "stopped"

# Events come while records are written.
events = client.events(feeds="cutter")
stop = threading.Event()


def write():
    while not stop.wait(0.05):
        client.write("cutter", {"a": [9.0]}, timestamps=["2026-01-04T00:00:00Z"])


writing = threading.Thread(target=write, daemon=True)
writing.start()
name, data = next(events)
stop.set()
writing.join()
events.close()
assert name == "records" and data["records"][0]["values"]["a"] == 9.0, (name, data)
print("done")
