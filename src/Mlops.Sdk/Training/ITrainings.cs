using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Trains workflows on stored data. Thread-safe.</summary>
public interface ITrainings
{
    /// <summary>Queues a training.</summary>
    /// <param name="request">What to train on what.</param>
    /// <param name="cancellationToken">Gives up queueing.</param>
    /// <returns>The training, queued and durable.</returns>
    /// <exception cref="WorkflowException">The request cannot work: unknown workflow, feed or field, types that do not fit.</exception>
    Task<TrainingInfo> StartAsync(TrainingRequest request, CancellationToken cancellationToken = default);

    /// <summary>Shows what a training would learn from, without starting it.</summary>
    /// <param name="request">What would be trained on what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Counts, classes and some records of the selection; of very many records only the newest are looked at.</returns>
    /// <exception cref="WorkflowException">The request cannot work, or selects nothing.</exception>
    Task<SelectionPreview> PreviewAsync(TrainingRequest request, CancellationToken cancellationToken = default);

    /// <summary>Waits until a training has ended.</summary>
    /// <param name="id">Id of the training.</param>
    /// <param name="cancellationToken">Gives up waiting; the training goes on.</param>
    /// <returns>The training in its final state.</returns>
    Task<TrainingInfo> WaitAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Cancels a training; does nothing when it has ended.</summary>
    /// <param name="id">Id of the training.</param>
    /// <returns>The training after the attempt, or <see langword="null"/> when there is none.</returns>
    Task<TrainingInfo?> CancelAsync(string id);

    /// <summary>Returns a training.</summary>
    /// <param name="id">Id of the training.</param>
    /// <returns>The training, or <see langword="null"/>.</returns>
    TrainingInfo? Find(string id);

    /// <summary>Lists trainings, newest first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<TrainingInfo> List();

    /// <summary>Occurs when a training's state or progress has changed; handlers return quickly.</summary>
    event Action<TrainingInfo>? Changed;
}
