using System.Runtime.InteropServices;
using Mlops.Onnx.Native;

namespace Mlops.Onnx.Sessions;

// WHO OWNS WHAT
//
// Inputs lie in memory of this object, which grows and is used again; a native value sees it, of the shape of the call. Outputs are the
// engine's and live until the next call. Pointers to names and values lie in native arrays, made once. So a call makes nothing that the
// garbage collector has to take care of.

/// <summary>Predicts with a model: fill the inputs, run, read the outputs. For one thread at a time, except <see cref="Terminate"/>.</summary>
public sealed unsafe class OnnxCall : IDisposable
{
    private readonly OnnxSession _session;
    private readonly RunOptionsHandle _options;
    private readonly OnnxValueInfo[] _infos;
    private readonly MemoryInfoHandle _processor = OnnxEnvironment.Memory;
    private readonly nint _allocator = OnnxEnvironment.Allocator;
    private readonly byte** _inputNames;
    private readonly byte** _outputNames;
    private readonly nint* _inputs;
    private readonly nint* _outputs;
    private readonly byte** _memory;
    private readonly long* _capacity;
    private bool _isDisposed;

    internal OnnxCall(OnnxSession session)
    {
        _session = session;
        _infos = [.. session.Inputs];
        nint options;
        Api.Check(Api.CreateRunOptions(&options), session.Name, "prepare a call");
        _options = NativeHandle.Take<RunOptionsHandle>(options);
        Api.Check(Api.RunOptionsSetRunLogSeverityLevel(options, OnnxEnvironment.FatalOnly), session.Name, "prepare a call");
        _inputNames = Names(session.Inputs);
        _outputNames = Names(session.Outputs);
        _inputs = (nint*)NativeMemory.AllocZeroed((nuint)session.Inputs.Count, (nuint)sizeof(nint));
        _outputs = (nint*)NativeMemory.AllocZeroed((nuint)session.Outputs.Count, (nuint)sizeof(nint));
        _memory = (byte**)NativeMemory.AllocZeroed((nuint)session.Inputs.Count, (nuint)sizeof(byte*));
        _capacity = (long*)NativeMemory.AllocZeroed((nuint)session.Inputs.Count, sizeof(long));
    }

    /// <summary>Gives an input its shape and returns its elements, to be filled. What was in them is undefined.</summary>
    /// <typeparam name="T">The type of an element; of the width that the input wants.</typeparam>
    /// <param name="input">Index of the input.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <returns>The elements, row by row; valid until the shape is given anew.</returns>
    /// <exception cref="ArgumentException">The input holds no elements of that width.</exception>
    public Span<T> Input<T>(int input, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        OnnxValueInfo info = Info(input);
        int width = Width(info.ElementType);
        if (width != sizeof(T) || info.Kind != OnnxValueKind.Tensor)
            throw new ArgumentException($"Input {info} of model '{_session.Name}' cannot be filled with {typeof(T).Name}.", nameof(input));
        long count = Count(shape);
        long bytes = checked(count * width);
        if (bytes > _capacity[input])
            Grow(input, bytes);
        Forget(input);
        nint value;
        fixed (long* sizes = shape)
        {
            Api.Check(
                Api.CreateTensorWithDataAsOrtValue(_processor.Value, _memory[input], (nuint)bytes, sizes, (nuint)shape.Length, (int)info.ElementType, &value),
                _session.Name,
                "make an input");
        }

        _inputs[input] = value;
        return new Span<T>(_memory[input], checked((int)count));
    }

    /// <summary>Gives an input of texts its shape; all are empty until they are set.</summary>
    /// <param name="input">Index of the input.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <exception cref="ArgumentException">The input does not hold texts.</exception>
    public void InputTexts(int input, params ReadOnlySpan<long> shape)
    {
        OnnxValueInfo info = Info(input);
        if (info.ElementType != OnnxElementType.String)
            throw new ArgumentException($"Input {info} of model '{_session.Name}' does not hold texts.", nameof(input));
        Forget(input);
        nint value;
        fixed (long* sizes = shape)
            Api.Check(Api.CreateTensorAsOrtValue(_allocator, sizes, (nuint)shape.Length, (int)OnnxElementType.String, &value), _session.Name, "make an input");
        _inputs[input] = value;
    }

    /// <summary>Sets a text.</summary>
    /// <param name="input">Index of an input whose shape was given by <see cref="InputTexts"/>.</param>
    /// <param name="element">Which element, row by row.</param>
    /// <param name="utf8">The text in UTF-8.</param>
    public void SetText(int input, int element, ReadOnlySpan<byte> utf8)
    {
        byte* target;
        Api.Check(Api.GetResizedStringTensorElementBuffer(_inputs[input], (nuint)element, (nuint)utf8.Length, &target), _session.Name, "set a text");
        utf8.CopyTo(new Span<byte>(target, utf8.Length));
    }

    /// <summary>Predicts.</summary>
    /// <exception cref="OnnxException">It failed, or was terminated; the message says why.</exception>
    /// <exception cref="InvalidOperationException">An input has no shape yet.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (int i = 0; i < _session.Inputs.Count; i++)
        {
            if (_inputs[i] == 0)
                throw new InvalidOperationException($"Input {_session.Inputs[i]} of model '{_session.Name}' was not filled.");
        }

        ForgetOutputs();
        bool held = false;
        try
        {
            _session.Handle.DangerousAddRef(ref held);
            Api.Check(
                Api.Run(_session.Handle.Value, _options.Value, _inputNames, _inputs, (nuint)_session.Inputs.Count, _outputNames, (nuint)_session.Outputs.Count, _outputs),
                _session.Name,
                "run the graph");
        }
        finally
        {
            if (held)
                _session.Handle.DangerousRelease();
        }
    }

    /// <summary>Returns an output of the last run.</summary>
    /// <param name="output">Index of the output.</param>
    /// <returns>A view, valid until the next run.</returns>
    public OnnxValue Output(int output) => new(_session.Name, _outputs[output], _allocator, isOwned: false);

    /// <summary>Ends the run that is on its way, and every later one until <see cref="Resume"/>. May be called from any thread.</summary>
    public void Terminate() => Set(Api.RunOptionsSetTerminate);

    /// <summary>Takes <see cref="Terminate"/> back.</summary>
    public void Resume() => Set(Api.RunOptionsUnsetTerminate);

    /// <summary>Frees inputs and outputs.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        ForgetOutputs();
        for (int i = 0; i < _session.Inputs.Count; i++)
        {
            Forget(i);
            NativeMemory.AlignedFree(_memory[i]);
        }

        FreeNames(_inputNames, _session.Inputs.Count);
        FreeNames(_outputNames, _session.Outputs.Count);
        NativeMemory.Free(_inputs);
        NativeMemory.Free(_outputs);
        NativeMemory.Free(_memory);
        NativeMemory.Free(_capacity);
        _options.Dispose();
    }

    /// <summary>Returns the bytes of an element; 0 where it has no fixed width.</summary>
    internal static int Width(OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double => 8,
        _ => 0,
    };

    private static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
            count = checked(count * Math.Max(0, size));
        return count;
    }

    private static byte** Names(IReadOnlyList<OnnxValueInfo> infos)
    {
        var names = (byte**)NativeMemory.AllocZeroed((nuint)infos.Count, (nuint)sizeof(byte*));
        for (int i = 0; i < infos.Count; i++)
            names[i] = (byte*)Marshal.StringToCoTaskMemUTF8(infos[i].Name);
        return names;
    }

    private static void FreeNames(byte** names, int count)
    {
        for (int i = 0; i < count; i++)
            Marshal.FreeCoTaskMem((nint)names[i]);
        NativeMemory.Free(names);
    }

    private OnnxValueInfo Info(int input)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _infos[input];
    }

    private void Grow(int input, long bytes)
    {
        Forget(input);
        long capacity = Math.Max(64, checked((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes)));
        NativeMemory.AlignedFree(_memory[input]);
        _memory[input] = null;
        _capacity[input] = 0;
        _memory[input] = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, 64);
        _capacity[input] = capacity;
    }

    private void Forget(int input)
    {
        if (_inputs[input] != 0)
            Api.ReleaseValue(_inputs[input]);
        _inputs[input] = 0;
    }

    private void ForgetOutputs()
    {
        for (int i = 0; i < _session.Outputs.Count; i++)
        {
            if (_outputs[i] != 0)
                Api.ReleaseValue(_outputs[i]);
            _outputs[i] = 0;
        }
    }

    private void Set(delegate* unmanaged<nint, nint> change)
    {
        bool held = false;
        try
        {
            _options.DangerousAddRef(ref held);
            Api.Check(change(_options.Value), _session.Name, "end the run");
        }
        catch (ObjectDisposedException)
        {
            // Nothing runs any more.
        }
        finally
        {
            if (held)
                _options.DangerousRelease();
        }
    }
}
