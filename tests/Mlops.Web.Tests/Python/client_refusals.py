"""What goes wrong is said with what helps."""
import os
import sys
import tempfile

from mlops import Client, MlopsError
from mlops._findings import PackageError


def refused(status, *words, act):
    try:
        act()
    except MlopsError as error:
        assert error.status == status, (status, error.status, str(error))
        for word in words:
            assert word in str(error), (word, str(error))
        assert error.remedy, str(error)
        return error
    raise AssertionError("nothing was refused")


client = Client()
refused(404, "no-such", "GET /api/v1/feeds", act=lambda: client.read("no-such"))
refused(400, "none", act=lambda: client.train("none", "no-such"))
refused(None, "Connection refused", "node runs", act=lambda: Client("http://127.0.0.1:1").status())
refused(None, "no address", act=lambda: Client("ftp://x"))
refused(401, "token", act=lambda: Client(token="wrong").status())
client.write("press", [{"timestamp": "2026-01-01T00:00:00Z", "x": 1.5}])
refused(400, act=lambda: client.read("press", filter="x = (SELECT 1)"))
refused(403, act=lambda: client.sql("DROP TABLE press"))
try:
    client.write("press", {"x": [1.0]})
    raise AssertionError("records without times were taken")
except ValueError as error:
    assert "timestamp" in str(error)

# A package that is wrong is found here already.

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "workflow.yaml"), "w") as manifest:
        manifest.write("name: Wrong Name\n")
    try:
        client.upload(folder)
        raise AssertionError("a broken package was uploaded")
    except PackageError as error:
        assert len(error.findings) > 1
    path = os.path.join(folder, "broken.zip")
    with open(path, "wb") as file:
        file.write(b"no zip")
    refused(400, act=lambda: client.upload(path))

# A training that fails tells why.
client.upload(sys.argv[1])
client.write("cutter", [{"timestamp": f"2026-01-01T00:00:0{i}Z", "a": 1.0, "b": 1.0, "side": "up"} for i in range(5)])
refused(None, "failed", "client.log", act=lambda: client.wait(client.train("side-of-cut", "cutter"), timeout=120))
print("done")
