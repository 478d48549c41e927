using Mlops.Python.Native;

namespace Mlops.Python.Calling;

// WHO HOLDS THE GIL, WHO MAY WRITE, WHO FREES
//
// This file is the only one that takes or gives back the GIL. Two threads use it.
// - The calling thread (CallingThread.cs) initializes the interpreter, which makes it Python's main thread, and makes every call. Its
//   thread state lives as long as the process, so Python's thread-locals and context variables survive from call to call. It holds
//   the GIL from the start of a call to its end, and gives it back before it waits for the next one, so that threads that Python code
//   has started run in the meantime.
// - The interrupter (Interrupter.cs) takes it for a moment to raise the cancellation in the running call. No other thread of .NET
//   ever waits for the GIL; who cancels only wakes the interrupter.
// - Every function in Native/ is used under the GIL, on the calling thread; two exceptions: what the interrupter does, and the
//   output function, which Python calls under the GIL on whatever thread prints. Neither may wait for anything.
// - "Running", "done" and the mask of a call change on the calling thread while it holds the GIL. So what the interrupter reads under
//   the GIL stays true until it gives the GIL back, and a cancellation never hits the next call: the calling thread takes back
//   what has not been raised yet when a call is done, before any other Python code runs.
// - References are dropped on the calling thread. PythonObject.Dispose elsewhere and its finalizer put the reference on a list, which
//   is worked off between two calls and never during one. So an object that the garbage collector takes while a call still uses
//   its reference is no danger, and no GC.KeepAlive is needed.
// - Memory seen by both sides belongs to Python (PythonBuffer), or to the caller who promised to keep it (PythonScope.View).
// - Python is never finalized: Py_Finalize with NumPy or scikit-learn loaded takes seconds or crashes, and .NET objects may still
//   refer to Python's. At process exit the calling thread takes the GIL and keeps it: no Python code runs while the process ends.
// - Py_AddPendingCall, which needs no GIL, is not used to cancel: up to 3.11 a call that another thread adds does not stop a loop.
internal static class Gil
{
    /// <summary>Gives back the GIL of the calling thread and returns its thread state.</summary>
    public static nint GiveBack() => PyRuntime.SaveThread();

    /// <summary>Takes the GIL for the calling thread.</summary>
    public static void Take(nint state) => PyRuntime.RestoreThread(state);

    /// <summary>Runs something short under the GIL on the interrupter's thread. Waits as long as a native function holds the GIL.</summary>
    public static void Hold(Action action)
    {
        var state = PyRuntime.EnsureState();
        try
        {
            action();
        }
        finally
        {
            PyRuntime.ReleaseState(state);
        }
    }
}
