using System.Text;
using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Windows;

namespace Mlops.Training;

/// <summary>Collects the windows of one part of a training.</summary>
internal sealed class WindowCollector : IDisposable
{
    private const int BlockRows = 64 * 1024;
    private readonly FeedSchema _inputs;
    private readonly WorkflowWindow _window;
    private readonly SelectedTruths _truths;
    private readonly bool _isHeldOut;
    private readonly RecordBatchBuilder _builder;
    private readonly List<RecordBatch> _blocks = [];
    private bool _taken;

    public WindowCollector(FeedSchema inputs, WorkflowWindow window, SelectedTruths truths, bool isHeldOut)
    {
        (_inputs, _window, _truths, _isHeldOut) = (inputs, window, truths, isHeldOut);
        _builder = new RecordBatchBuilder(truths.LabelType is { } type ? new FeedSchema(inputs.Feed, [.. inputs.Fields, new FeedField("\0label", type)]) : inputs, 1024);
    }

    /// <summary>Gets the number of windows.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a window that belongs here.</summary>
    public void Add(CutWindow window)
    {
        if (!_truths.Has(window, _isHeldOut))
            return;
        int truth = _truths.LabelType is null ? WindowTruth.None : WindowTruth.Of(_window.Label, window, _truths.Of);
        if (truth == WindowTruth.None && _truths.LabelType is not null)
            return;
        window.AppendTo(_builder, truth == WindowTruth.None ? null : b => Label(b, _truths.Values[truth]));
        Count++;
        if (_builder.Count >= BlockRows)
            _blocks.Add(_builder.Build());
    }

    /// <summary>Hands them out; the caller disposes the batches.</summary>
    public TrainingData Take()
    {
        if (_builder.Count > 0)
            _blocks.Add(_builder.Build());
        _taken = true;
        return new TrainingData { Inputs = _inputs, Batches = _blocks, LabelType = _truths.LabelType };
    }

    public void Dispose()
    {
        _builder.Close();
        if (_taken)
            return;
        foreach (RecordBatch block in _blocks)
            block.Dispose();
    }

    private void Label(RecordBatchBuilder builder, object truth)
    {
        int column = _inputs.Fields.Count;
        switch (truth)
        {
            case string text: builder.SetText(column, Encoding.UTF8.GetBytes(text)); break;
            case bool boolean: builder.SetBoolean(column, boolean); break;
            case double number: builder.SetFloat64(column, number); break;
            case ulong unsigned: builder.SetUInt64(column, unsigned); break;
            case DateTimeOffset instant: builder.SetInstant(column, EpochTime.FromDateTimeOffset(instant)); break;
            default: builder.SetInt64(column, (long)truth); break;
        }
    }
}
