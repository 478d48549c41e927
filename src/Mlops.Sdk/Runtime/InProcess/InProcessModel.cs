using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mlops.Data;
using Mlops.Python;
using Mlops.Runtime.Columns;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Runtime.InProcess;

// WHO MAY TOUCH WHAT
//
// Everything here is used on the engine's calling thread, inside calls. A batch is written, answered and read in one call, so nothing
// else runs in between. The block's memory belongs to Python and outlives every array over it, also one that the package's code keeps.
// Pictures that are shown where they lie: ShownPictures.cs.

/// <summary>The Python objects of a model that is loaded into the interpreter of this process.</summary>
internal sealed class InProcessModel(PythonEngine engine, PredictionBlock block, ShownPictures pictures)
{
    private const long Failed = -1;
    private PythonObject? _predictor;
    private PythonCall? _predict;
    private PythonBuffer<byte>? _memory;

    /// <summary>Loads package and model.</summary>
    /// <exception cref="WorkflowException">The code fails.</exception>
    public void Load(PythonScope py, LoadMessage message)
    {
        using PythonObject module = py.Import("mlops._serve");
        using PythonObject type = module.GetAttribute("Predictor");
        _predictor = type.Call(ReadOnlySpan<PythonObject>.Empty);
        using PythonObject result = _predictor.CallMethod("load", JsonSerializer.Serialize(message, WorkerJson.Default.LoadMessage));
        Check(result.ToInt64());
        using PythonObject predict = _predictor.GetAttribute("predict");
        _predict = predict.Bind();
    }

    /// <summary>Answers a batch.</summary>
    /// <exception cref="WorkflowException">The code raised or answered wrongly.</exception>
    public RecordBatch Answer(PythonScope py, RecordBatch batch)
    {
        if (block.PlanFor(batch, showsPictures: true) is { } larger)
            Attach(py, larger);
        if (batch.Count > 0)
        {
            block.Write(batch);
            if (block.HasShown)
                PredictShown(py, batch.Count);
            else
                Predict(py, batch.Count);
        }

        // Whoever asked has gone, and the batch with him.
        if (engine.IsUnresponsive)
            throw new OperationCanceledException();
        return block.Read(batch);
    }

    /// <summary>Estimates the bytes that it holds; 0 when it is closed.</summary>
    public long Measure()
    {
        if (_predictor is null)
            return 0;
        using PythonObject result = _predictor.CallMethod("measure");
        return result.ToInt64() + (_memory?.Length ?? 0);
    }

    /// <summary>Lets go of the model and, if no other model needs it, of the package's code.</summary>
    public void Close()
    {
        block.Unbind();
        _memory?.Dispose();
        _predict?.Dispose();
        _predictor?.CallMethod("close").Dispose();
        _predictor?.Dispose();
        _predictor = null;
        pictures.Close();
    }

    private void Predict(PythonScope py, int rows)
    {
        long missing = Check(_predict!.InvokeInt64());
        while (missing > 0)
        {
            Attach(py, block.PlanForText(missing));
            using PythonObject result = _predictor!.CallMethod("resume", rows);
            missing = Check(result.ToInt64());
        }
    }

    private void PredictShown(PythonScope py, int rows)
    {
        try
        {
            while (block.TakeShown() is (var name, var input, var picture))
                pictures.Show(py, _predictor!, name, input, picture);
            Predict(py, rows);
        }
        finally
        {
            pictures.TryTakeBack(_predictor!);
        }
    }

    private unsafe void Attach(PythonScope py, ColumnLayout layout)
    {
        PythonBuffer<byte> memory = py.Allocate<byte>(checked((int)layout.Size));
        using PythonObject view = memory.NewView();
        _predictor!.CallMethod("attach", view, JsonSerializer.Serialize(layout, WorkerJson.Default.ColumnLayout)).Dispose();
        _memory?.Dispose();
        _memory = memory;

        // The block does not move: Python keeps a memory of fixed size as long as somebody looks at it.
        block.Bind((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.Span)), layout);
    }

    private long Check(long result)
    {
        if (result != Failed)
            return result;
        using PythonObject failure = _predictor!.GetAttribute("failure");
        throw JsonSerializer.Deserialize(failure.ToText(), WorkerJson.Default.FailedMessage)!.ToException();
    }
}
