using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Mlops.Python.Native;
using Mlops.Python.Output;

namespace Mlops.Python.Calling;

/// <summary>Loads and initializes Python on the calling thread.</summary>
internal static unsafe class InterpreterStart
{
    private const string HostModule = "_mlops_host";
    private const string HostFile = "<mlops host>";
    private static OutputRouter? s_output;
    private static CallingThread? s_thread;

    public static Interpreter Run(CallingThread thread, PythonInstallation installation, PythonEngineOptions options, OutputRouter output)
    {
        var library = installation.LibraryPath ?? throw new InvalidOperationException(
            $"{installation} has no shared library and cannot run in this process. Locate it with RequireLibrary = true to see what to install.");
        if (s_thread is not null)
            throw new InvalidOperationException("Python could not be prepared when it was started before; restart the process and see the first error.");

        var handle = PythonLibrary.Load(library);
        EnsureSameVersion(installation, library, PythonLibrary.VersionOf(handle));
        PythonLibrary.Use(handle);
        s_output = output;
        s_thread = thread;
        if (PythonLibrary.Find("Py_UTF8Mode") is not 0 and var utf8Mode)
        {
            // As `python3` itself does in a container without locale: text files are UTF-8 wherever the host runs.
            *(int*)utf8Mode = 1;
        }

        PyRuntime.SetProgramName(WideText(installation.Executable));
        PyRuntime.InitializeEx(installSignalHandlers: 0);

        var interpreter = new Interpreter(thread, NewHostModule());
        using var emit = interpreter.Own(NewEmitFunction());
        using var prepared = interpreter.Host.CallMethod(
            "prepare", installation.Executable, installation.SearchPath, options.SwitchInterval?.TotalSeconds ?? 0, emit);
        using var added = interpreter.Host.CallMethod("add_search_path", options.ModuleSearchPaths);
        return interpreter;
    }

    /// <summary>A library of another version would abort the process during initialization: it finds another one's modules.</summary>
    private static void EnsureSameVersion(PythonInstallation installation, string library, string version)
    {
        if (!version.StartsWith($"{installation.Version.Major}.{installation.Version.Minor}.", StringComparison.Ordinal))
            throw new InvalidOperationException($"{installation} cannot run in this process: its library {library} is of version {version}.");
    }

    /// <summary>Returns wchar_t text that stays for ever, as Py_SetProgramName wants it.</summary>
    private static void* WideText(string text)
    {
        var bytes = (OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF32).GetBytes(text + "\0");
        var memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }

    private static nint NewHostModule()
    {
        fixed (byte* source = Terminated(EmbeddedText.Read("host.py")), fileName = Terminated(HostFile), name = Terminated(HostModule))
        {
            var code = PyObjects.NewCode(source, fileName, PyObjects.FileInput);
            var module = code == 0 ? 0 : PyObjects.NewModule(name, code, fileName);
            Interpreter.Drop(code);
            return module != 0 ? module : throw new InvalidOperationException("Python refused the module that this assembly runs first.");
        }
    }

    private static nint NewEmitFunction()
    {
        var definition = (PyMethodDef*)NativeMemory.AllocZeroed((nuint)sizeof(PyMethodDef));
        definition->Name = (byte*)Marshal.StringToCoTaskMemUTF8("emit");
        definition->Function = &Emit;
        definition->Flags = PyMethodDef.PositionalArguments;
        return PyObjects.NewFunction(definition, 0, 0);
    }

    /// <summary>emit(is_error: bool, data: bytes) -> None. Runs under the GIL on whatever thread prints.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Emit(nint self, nint arguments)
    {
        try
        {
            byte* content;
            nint length;
            if (PyValues.AsBytes(PyContainers.BorrowTupleItem(arguments, 1), &content, &length) < 0)
                return 0;
            var isError = PyObjects.IsTrue(PyContainers.BorrowTupleItem(arguments, 0)) == 1;
            s_output!.Write(s_thread!.RunningTag, isError, new ReadOnlySpan<byte>(content, (int)length));
        }
        catch (Exception)
        {
            // No exception may cross into Python, and printing must not fail for want of memory.
        }

        var none = PythonLibrary.ObjectAt("_Py_NoneStruct");
        PyObjects.IncRef(none);
        return none;
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
