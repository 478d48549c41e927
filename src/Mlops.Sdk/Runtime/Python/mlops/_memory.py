"""Estimates the memory that a loaded model holds in a process that it shares with others."""
import gc
import sys
import types

from ._arrays import is_array

MOST_OBJECTS = 20_000
_FOREIGN = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.FrameType, types.ModuleType, type)


def estimate(model, package):
    """Returns the bytes of the objects that are reached from a model and the modules of its package, arrays included; of at most MOST_OBJECTS."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(package.root + ".")]
    seen = {id(package), id(package.builtins)}
    waiting = [model, *(value for module in modules for name, value in list(vars(module).items()) if name != "__builtins__")]
    total = 0
    while waiting and len(seen) < MOST_OBJECTS:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, _FOREIGN):
            continue
        seen.add(id(value))
        total += sys.getsizeof(value, 0)
        if is_array(value):
            if value.base is None:
                continue  # counted by getsizeof
            if is_array(value.base):
                waiting.append(value.base)
            else:
                total += value.nbytes  # of memory that some other object holds
        else:
            waiting += gc.get_referents(value) or _state_of(value)
    return total


def _state_of(value):
    """What an object of native code would pickle, for those that hold memory which Python does not see, such as a tree of scikit-learn."""
    kind = type(value)
    if kind.__module__ in ("builtins", "numpy") or getattr(kind, "__getstate__", None) is getattr(object, "__getstate__", None):
        return ()
    try:
        return (value.__getstate__(),)
    except Exception:
        return ()
