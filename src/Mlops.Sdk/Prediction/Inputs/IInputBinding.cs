using Mlops.Data;

namespace Mlops.Prediction.Inputs;

/// <summary>Turns batches of a feed into what a model wants. One instance a deployment, used by its loop alone.</summary>
internal interface IInputBinding : IAsyncDisposable
{
    /// <summary>Gets how many rows of what is bound stand for one answer.</summary>
    int RowsEach { get; }

    /// <summary>Gets how far other feeds have been taken: what answers may rest on.</summary>
    IReadOnlyList<(string Feed, long Position)> Joined { get; }

    /// <summary>Gets or sets the record from which windows count their hops, so that they go on after a restart and with another model; <see langword="null"/> where nothing is counted.</summary>
    long? Anchor { get; set; }

    /// <summary>Binds waiting batches as one, joined with what other feeds had by then.</summary>
    /// <param name="batches">Batches of the feed, in order; after a failure maybe the same ones again.</param>
    /// <param name="newestOnly">Whether only the last answer counts.</param>
    /// <param name="rows">Receives, for each answer to come, the record it stands for; as long as the result and the batches are kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The inputs; the caller disposes them.</returns>
    /// <exception cref="Workflows.WorkflowException">A feed changed so that it no longer fits the model.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now; the call may be repeated.</exception>
    ValueTask<RecordBatch> BindAsync(IReadOnlyList<RecordBatch> batches, bool newestOnly, List<SourceRow> rows, CancellationToken cancellationToken);

    /// <summary>Binds one record, which was bound for the model before this one.</summary>
    /// <param name="source">The record.</param>
    /// <param name="bound">What the model before was to answer.</param>
    /// <param name="answer">The place of the record's answer in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<RecordBatch> RebindAsync(SourceRow source, RecordBatch bound, int answer, CancellationToken cancellationToken);

    /// <summary>Takes what one answer needs of what was bound, for another try.</summary>
    RecordBatch Take(RecordBatch bound, int answer);
}
