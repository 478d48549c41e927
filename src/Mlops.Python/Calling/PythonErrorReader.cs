using Mlops.Python.Native;
using Mlops.Python.Values;

namespace Mlops.Python.Calling;

/// <summary>Turns the error indicator of the calling thread into a .NET exception.</summary>
internal sealed unsafe class PythonErrorReader(Interpreter interpreter, nint host)
{
    public Exception Take()
    {
        nint type, value, traceback;
        PyErrors.Fetch(&type, &value, &traceback);
        if (type == 0)
            return new InvalidOperationException("A function of Python failed without saying why.");

        var isCancelled = PyErrors.Matches(type, interpreter.CancelledType) != 0;
        interpreter.Thread.Mask(true);
        try
        {
            PyErrors.Normalize(&type, &value, &traceback);
            if (traceback != 0)
                _ = PyErrors.SetTraceback(value, traceback);
            return isCancelled ? new OperationCanceledException("The Python code was cancelled.") : Describe(value);
        }
        finally
        {
            Interpreter.Drop(traceback);
            Interpreter.Drop(value);
            Interpreter.Drop(type);
            interpreter.Thread.Mask(false);
        }
    }

    private PythonException Describe(nint error)
    {
        fixed (byte* name = "describe"u8)
        {
            var describe = PyObjects.NewAttribute(host, name);
            var arguments = PyContainers.NewTuple(1);
            PyObjects.IncRef(error);
            _ = PyContainers.SetTupleItem(arguments, 0, error);
            var parts = PyObjects.NewCall(describe, arguments, 0);
            Interpreter.Drop(arguments);
            Interpreter.Drop(describe);
            if (parts == 0)
            {
                // Out of memory or out of stack: there is no room for a description.
                PyErrors.Clear();
                return new PythonException("Exception", "an exception that could not be described", "", null, 0);
            }

            var result = new PythonException(
                Text(parts, 0) ?? "", Text(parts, 1) ?? "", Text(parts, 2) ?? "", Text(parts, 3), (int)PyValues.AsInt64(PyContainers.BorrowTupleItem(parts, 4)));
            PyObjects.DecRef(parts);
            return result;
        }
    }

    private string? Text(nint tuple, nint index)
    {
        var item = PyContainers.BorrowTupleItem(tuple, index);
        return item == interpreter.NoneReference ? null : ValueReader.ReadText(interpreter, item);
    }
}
