using Mlops.Python.Calling;
using Mlops.Python.Native;

namespace Mlops.Python.Values;

/// <summary>Enumerates an iterable; each item is valid until the next one is asked for.</summary>
internal ref struct Items(Interpreter interpreter, nint iterable)
{
    private readonly Interpreter _interpreter = interpreter;
    private nint _iterator = interpreter.Check(PyObjects.NewIterator(iterable));

    public nint Current { get; private set; }

    public readonly Items GetEnumerator() => this;

    public bool MoveNext()
    {
        Interpreter.Drop(Current);
        Current = PyObjects.NewNext(_iterator);
        if (Current == 0)
            _interpreter.CheckError();
        return Current != 0;
    }

    public void Dispose()
    {
        Interpreter.Drop(Current);
        Interpreter.Drop(_iterator);
        Current = 0;
        _iterator = 0;
    }
}
