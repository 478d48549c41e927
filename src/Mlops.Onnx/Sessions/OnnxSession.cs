using System.Runtime.InteropServices;
using Mlops.Onnx.Native;

namespace Mlops.Onnx.Sessions;

/// <summary>A loaded model. Thread-safe; each thread that predicts makes an <see cref="OnnxCall"/> of its own.</summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private const int AllOptimizations = 99;

    private OnnxSession(SessionHandle handle, string name, IReadOnlyList<string> providers)
    {
        Handle = handle;
        Name = name;
        Providers = providers;
        Inputs = Describe(Api.SessionGetInputCount, Api.SessionGetInputName, Api.SessionGetInputTypeInfo);
        Outputs = Describe(Api.SessionGetOutputCount, Api.SessionGetOutputName, Api.SessionGetOutputTypeInfo);
    }

    /// <summary>Gets the name under which errors speak of it.</summary>
    public string Name { get; }

    /// <summary>Gets the inputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    /// <summary>Gets the outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>Gets the execution providers that were asked for and are present; the processor, which does the rest, is not among them.</summary>
    public IReadOnlyList<string> Providers { get; }

    internal SessionHandle Handle { get; }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="model">The bytes of the .onnx file; they are not needed afterwards.</param>
    /// <param name="name">The name under which errors speak of it.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="OnnxException">The bytes are no model that this library can run; the message says why.</exception>
    /// <exception cref="DllNotFoundException">The library could not be loaded; the message lists the places.</exception>
    public static OnnxSession Load(ReadOnlySpan<byte> model, string name, OnnxSessionOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        // The engine takes no bytes at all for a model without a graph.
        if (model.IsEmpty)
            throw OnnxException.Of(4, "It is empty.", name, "load the graph");
        using SessionOptionsHandle settings = Settings(name, options ?? new OnnxSessionOptions(), out IReadOnlyList<string> providers);
        nint session;
        fixed (byte* bytes = model)
            Api.Check(Api.CreateSessionFromArray(OnnxEnvironment.Handle.Value, bytes, (nuint)model.Length, settings.Value, &session), name, "load the graph");
        SessionHandle handle = NativeHandle.Take<SessionHandle>(session);
        try
        {
            return new OnnxSession(handle, name, providers);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes what a thread needs to predict with it.</summary>
    /// <returns>The call; dispose it before the session.</returns>
    public OnnxCall NewCall() => new(this);

    /// <summary>Returns the index of an input.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The index, -1 when there is none.</returns>
    public int InputIndex(string name) => IndexOf(Inputs, name);

    /// <summary>Returns the index of an output.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The index, -1 when there is none.</returns>
    public int OutputIndex(string name) => IndexOf(Outputs, name);

    /// <summary>Lets the model go; calls that are on their way keep it until they end.</summary>
    public void Dispose() => Handle.Dispose();

    private static int IndexOf(IReadOnlyList<OnnxValueInfo> values, string name)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Name == name)
                return i;
        }

        return -1;
    }

    private static SessionOptionsHandle Settings(string name, OnnxSessionOptions options, out IReadOnlyList<string> providers)
    {
        nint value;
        Api.Check(Api.CreateSessionOptions(&value), name, "set up the session");
        SessionOptionsHandle settings = NativeHandle.Take<SessionOptionsHandle>(value);
        try
        {
            Api.Check(Api.DisablePerSessionThreads(value), name, "share the threads");
            Api.Check(Api.DisableProfiling(value), name, "turn profiling off");
            Api.Check(Api.SetSessionLogSeverityLevel(value, OnnxEnvironment.FatalOnly), name, "set up its log");
            Api.Check(Api.SetSessionGraphOptimizationLevel(value, AllOptimizations), name, "set up optimizations");
            providers = ExecutionProviders.Append(value, name, options.Providers);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private OnnxValueInfo[] Describe(
        delegate* unmanaged<nint, nuint*, nint> count, delegate* unmanaged<nint, nuint, nint, byte**, nint> name, delegate* unmanaged<nint, nuint, nint*, nint> type)
    {
        nuint number;
        Api.Check(count(Handle.Value, &number), Name, "count inputs and outputs");
        var infos = new OnnxValueInfo[(int)number];
        nint allocator = OnnxEnvironment.Allocator;
        for (nuint i = 0; i < number; i++)
        {
            byte* text;
            Api.Check(name(Handle.Value, i, allocator, &text), Name, "name inputs and outputs");
            string title = Marshal.PtrToStringUTF8((nint)text)!;
            Api.Check(Api.AllocatorFree(allocator, text), Name, "free a name");
            nint info;
            Api.Check(type(Handle.Value, i, &info), Name, $"describe '{title}'");
            using TypeInfoHandle held = NativeHandle.Take<TypeInfoHandle>(info);
            infos[i] = Describe(title, held);
        }

        return infos;
    }

    private OnnxValueInfo Describe(string title, TypeInfoHandle type)
    {
        int kind;
        Api.Check(Api.GetOnnxTypeFromTypeInfo(type.Value, &kind), Name, $"describe '{title}'");
        if ((OnnxValueKind)kind != OnnxValueKind.Tensor)
            return new OnnxValueInfo(title, (OnnxValueKind)kind, OnnxElementType.None, []);
        nint tensor;
        int element;
        nuint rank;
        Api.Check(Api.CastTypeInfoToTensorInfo(type.Value, &tensor), Name, $"describe '{title}'");
        Api.Check(Api.GetTensorElementType(tensor, &element), Name, $"describe '{title}'");
        Api.Check(Api.GetDimensionsCount(tensor, &rank), Name, $"describe '{title}'");
        var shape = new long[(int)rank];
        fixed (long* sizes = shape)
            Api.Check(Api.GetDimensions(tensor, sizes, rank), Name, $"describe '{title}'");
        return new OnnxValueInfo(title, OnnxValueKind.Tensor, (OnnxElementType)element, shape);
    }
}
