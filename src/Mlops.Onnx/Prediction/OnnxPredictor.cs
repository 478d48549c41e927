using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>A model in ONNX Runtime. Answers on the caller's thread, ends what takes longer than the manifest allows.</summary>
internal sealed class OnnxPredictor : IPredictor
{
    private readonly string _title;
    private readonly TimeSpan _timeout;
    private readonly OnnxSession _session;
    private readonly OnnxCall _call;
    private readonly IModelInput[] _inputs;
    private readonly ModelAnswers _answers;
    private readonly Timer _deadline;
    private readonly Lock _gate = new();
    private FeedSchema _checked;
    private bool _isLate;
    private bool _isDisposed;

    public OnnxPredictor(PredictorRequest request, OnnxSession session, IModelInput[] inputs, ModelAnswers answers)
    {
        WorkflowManifest manifest = request.Package.Manifest;
        _title = $"'{manifest.Name}' {manifest.Version}";
        _timeout = manifest.PredictTimeout < TimeSpan.FromDays(40) ? manifest.PredictTimeout : TimeSpan.FromDays(40);
        _session = session;
        _call = session.NewCall();
        _inputs = inputs;
        _answers = answers;
        _checked = request.Inputs;
        _deadline = new Timer(static state => ((OnnxPredictor)state!).EndLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public FeedSchema Output => _answers.Schema;

    public string Mode => "onnx";

    public int? ProcessId => null;

    public ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        Check(batch.Schema);
        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return new(Answer(batch));
            }
        }
        catch (WorkflowException exception)
        {
            return ValueTask.FromException<RecordBatch>(exception);
        }
        catch (OnnxException exception)
        {
            return ValueTask.FromException<RecordBatch>(Explain(exception, batch.Count));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _call.Terminate();
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _call.Dispose();
            _session.Dispose();
        }

        await _deadline.DisposeAsync().ConfigureAwait(false);
    }

    private RecordBatch Answer(RecordBatch batch)
    {
        if (batch.Count == 0)
            return _answers.Read(_call, batch);
        foreach (IModelInput input in _inputs)
            input.Fill(_call, batch);
        _isLate = false;
        _deadline.Change(_timeout, Timeout.InfiniteTimeSpan);
        try
        {
            _call.Run();
        }
        finally
        {
            _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_isLate)
                _call.Resume();
        }

        return _answers.Read(_call, batch);
    }

    private void EndLate()
    {
        _isLate = true;
        _call.Terminate();
    }

    private void Check(FeedSchema schema)
    {
        if (ReferenceEquals(schema, _checked))
            return;
        bool matches = schema.Fields.Count == _checked.Fields.Count;
        for (int i = 0; matches && i < schema.Fields.Count; i++)
            matches = schema.Fields[i].Type == _checked.Fields[i].Type && schema.Fields[i].Name == _checked.Fields[i].Name;
        if (!matches)
            throw new ArgumentException($"Workflow {_title}: the batch has the fields {Describe(schema)}, the model takes {Describe(_checked)}.");
        _checked = schema;
    }

    private WorkflowException Explain(OnnxException exception, int rows) => _isLate
        ? new WorkflowException($"Workflow {_title}: the model did not answer {rows} records within {_timeout.TotalSeconds:0.###} s and was ended. Raise timeouts.predict in workflow.yaml if it needs longer.", null, exception)
        : new WorkflowException(exception.Message, null, exception);

    private static string Describe(FeedSchema schema) => string.Join(", ", schema.Fields.Select(field => $"{field.Name} ({field.Type})"));
}
