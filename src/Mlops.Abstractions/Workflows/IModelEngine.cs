namespace Mlops.Workflows;

/// <summary>
/// Runs what a training has left in an exchange format, in place of the package's own code. Registered in the host's services; engines
/// are tried in the order of their registration. Thread-safe.
/// </summary>
/// <remarks>
/// After a training the runtime converts what it can to each <see cref="Format"/> that an engine wants, loads both the package and the
/// engine, and compares their answers. Only where they agree does the engine predict from then on.
/// </remarks>
public interface IModelEngine
{
    /// <summary>Gets its name, for reports and for the mode of its predictors, for example <c>onnx</c>.</summary>
    string Kind { get; }

    /// <summary>Gets the exchange format that it reads. The Python runtime converts to <c>onnx</c>: <c>model.onnx</c>, with <c>model.json</c> that says what its inputs and outputs are.</summary>
    string Format { get; }

    /// <summary>Loads a converted model.</summary>
    /// <param name="request">Which model, for which inputs; its folder holds the files of the exchange format.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The loaded model, whose answers are under the same schema as those of the package.</returns>
    /// <exception cref="WorkflowException">It cannot run this model; then the package's own code predicts, and the message becomes the reason.</exception>
    Task<IPredictor> LoadAsync(PredictorRequest request, CancellationToken cancellationToken);
}
