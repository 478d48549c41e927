"""What workflow packages see of Mlops, and what runs them on a node.

A workflow is a folder with ``workflow.yaml`` and ``workflow.py``::

    def train(data, params, run):      # data: Columns, params: Params, run: Run
        ...
        return model

    def predict(model, batch):         # batch: Columns
        return labels                  # or (labels, probabilities), or {field: array}

Optional: ``evaluate(model, data) -> {name: number}``, ``save(model, folder)`` and ``load(folder)``.
The names below are for type hints; nothing has to be imported.

From outside, ``Client`` talks to a node::

    from mlops import Client
    client = Client("http://127.0.0.1:8080")
"""

__version__ = "0.1.0"
__all__ = ["Client", "Columns", "MlopsError", "Params", "Run", "__version__"]


def __getattr__(name):
    # Resolved on first use: the module itself costs nothing, and only Columns needs NumPy.
    if name == "Columns":
        from ._data import Columns

        return Columns
    if name == "Client":
        from ._client import Client

        return Client
    if name == "MlopsError":
        from ._rest import MlopsError

        return MlopsError
    if name in ("Params", "Run"):
        from . import _run

        return getattr(_run, name)
    raise AttributeError(f"module 'mlops' has no attribute '{name}'")
