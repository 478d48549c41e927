using System.Runtime.InteropServices;

namespace Mlops.Python.Native;

/// <summary>Start of the interpreter, the lock of its threads (GIL), and exceptions raised from outside. GIL functions are for Gil.cs only.</summary>
internal static unsafe partial class PyRuntime
{
    /// <summary>The text is wchar_t (4 bytes on Unix, 2 on Windows) and has to stay for ever.</summary>
    [LibraryImport(PythonLibrary.Name, EntryPoint = "Py_SetProgramName")]
    public static partial void SetProgramName(void* name);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "Py_InitializeEx")]
    public static partial void InitializeEx(int installSignalHandlers);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyEval_SaveThread")]
    public static partial nint SaveThread();

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyEval_RestoreThread")]
    public static partial void RestoreThread(nint state);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyGILState_Ensure")]
    public static partial int EnsureState();

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyGILState_Release")]
    public static partial void ReleaseState(int state);

    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyThread_get_thread_ident")]
    public static partial CULong ThreadIdentity();

    /// <summary>Has a thread raise an exception at its next bytecode that looks; zero for the exception takes a waiting one back.</summary>
    [LibraryImport(PythonLibrary.Name, EntryPoint = "PyThreadState_SetAsyncExc")]
    public static partial int SetAsyncException(CULong thread, nint exceptionType);
}
