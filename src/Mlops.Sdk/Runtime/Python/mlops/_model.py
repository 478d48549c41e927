"""Keeps a trained model in a folder: by the package's own save and load when it has them, else by pickle."""
import os
import pickle

from ._errors import WorkflowError

_FILE = "model.pkl"


class _Folder(str):
    """A path as text that also takes ``/``: authors use both."""

    def __truediv__(self, name):
        return _Folder(os.path.join(self, name))


def check(package):
    """Raises when only one of the two functions is there."""
    save, load = package.function("save"), package.function("load")
    if (save is None) != (load is None):
        there, missing = ("load", "save(model, folder)") if save is None else ("save", "load(folder)")
        raise WorkflowError(f"workflow.py has {there} but not {missing.partition('(')[0]}; define {missing} as well")


def save(package, model, folder):
    own = package.function("save")
    if own is not None:
        own(model, _Folder(folder))
        if not os.listdir(folder):
            raise WorkflowError(f"save(model, folder) wrote no file into the folder '{folder}'")
        return
    path = os.path.join(folder, _FILE)
    try:
        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        os.remove(path)
        raise WorkflowError(
            f"the model ({type(model).__name__}) cannot be pickled: {error}. Define save(model, folder) and load(folder) in workflow.py"
        ) from error


def load(package, folder):
    package.workflow()  # before unpickling: the classes of the model may be the package's
    own = package.function("load")
    if own is not None:
        return own(_Folder(folder))
    path = os.path.join(folder, _FILE)
    if not os.path.isfile(path):
        raise WorkflowError(f"the model folder '{folder}' holds no {_FILE}, and workflow.py has no load(folder)")
    with open(path, "rb") as file:
        return pickle.load(file)
