namespace Mlops.Workflows;

/// <summary>Executes workflow code of one kind. Registered in the host's services; found by <see cref="Kind"/>. Thread-safe.</summary>
public interface IWorkflowRuntime
{
    /// <summary>Gets the kind as manifests name it, for example <c>python</c>.</summary>
    string Kind { get; }

    /// <summary>Looks at the code of a package that has been uploaded, before anything of it runs.</summary>
    /// <param name="package">The package.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When nothing is wrong with it as far as can be seen.</returns>
    /// <exception cref="WorkflowException">Something is; <see cref="WorkflowException.Findings"/> says what and where.</exception>
    Task CheckAsync(WorkflowPackage package, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Makes ready what a package needs on this node beside its own files, such as an environment with its libraries. Called when a
    /// package is uploaded and after it is installed; nothing of the package runs, and a second call is cheap.
    /// </summary>
    /// <param name="package">The package.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>When it can run here.</returns>
    /// <exception cref="WorkflowException">It cannot run on this node; the message says file, rule and remedy.</exception>
    Task PrepareAsync(WorkflowPackage package, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Trains. Cancelling ends the work within a second, if need be by ending the process that does it.</summary>
    /// <param name="job">What to train on and where to put the model.</param>
    /// <param name="observer">Hears progress, metrics and output.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What is to be recorded of the model.</returns>
    /// <exception cref="WorkflowException">The code failed; the message carries its traceback.</exception>
    Task<TrainedModel> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken);

    /// <summary>Loads and warms a model.</summary>
    /// <param name="request">Which model, for which inputs.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The loaded model.</returns>
    /// <exception cref="WorkflowException">The code failed.</exception>
    Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken);
}
