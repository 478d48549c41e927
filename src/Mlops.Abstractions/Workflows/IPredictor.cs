using Mlops.Data;

namespace Mlops.Workflows;

/// <summary>A loaded model. Callers make one call at a time and keep the order of what they get.</summary>
public interface IPredictor : IAsyncDisposable
{
    /// <summary>Gets the schema of the answers: <c>label</c> (text) and <c>score</c> (probability of that label, null when the model gives none) for classes, else the declared fields.</summary>
    FeedSchema Output { get; }

    /// <summary>Gets where it runs, as reports show it: <c>in-process</c>, <c>worker</c>, <c>onnx</c>.</summary>
    string Mode { get; }

    /// <summary>Gets why it runs there and not where it was loaded, such as a call inside the host's process that took too long; <see langword="null"/> when it runs where it was loaded.</summary>
    string? ModeReason => null;

    /// <summary>Gets the process that does the work when it is not this one; <see langword="null"/> otherwise.</summary>
    int? ProcessId { get; }

    /// <summary>Gets the memory that it holds, as it was last measured; <see langword="null"/> when that is not known (yet).</summary>
    PredictorMemory? Memory => null;

    /// <summary>Gets what keeps it from answering at once, such as a process that ended and waits to be started again; <see langword="null"/> when nothing does.</summary>
    string? Interruption => null;

    /// <summary>Answers each record of a batch.</summary>
    /// <param name="batch">Records under the schema of the inputs; stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Cancels the call as far as the runtime can.</param>
    /// <returns>One answer a record, in order; the caller disposes it.</returns>
    /// <exception cref="WorkflowException">The code failed or answered wrongly; the message carries its traceback.</exception>
    ValueTask<RecordBatch> PredictAsync(RecordBatch batch, CancellationToken cancellationToken = default);
}
