using Mlops.Training;

namespace Mlops.Store;

/// <summary>Selects stored records, with their labels, for a training.</summary>
internal interface ITrainingSelection
{
    /// <summary>Selects; the result's batches are ordered by position.</summary>
    /// <exception cref="Workflows.WorkflowException">Unknown feed or field, a type that does not fit, a filter that is not a pure expression, no record or no label found: what, which, remedy.</exception>
    Task<SelectedData> SelectAsync(SelectionRequest request, CancellationToken cancellationToken);

    /// <summary>Selects again what a snapshot recorded: the same records, labels and values, whatever has arrived since.</summary>
    /// <exception cref="Workflows.WorkflowException">It cannot be had again, because records or fields are gone.</exception>
    Task<SelectedData> RepeatAsync(DataSnapshot snapshot, CancellationToken cancellationToken);
}
