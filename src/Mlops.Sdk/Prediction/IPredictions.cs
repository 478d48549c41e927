namespace Mlops.Prediction;

/// <summary>Reads answers from code in the same process. Thread-safe.</summary>
public interface IPredictions
{
    /// <summary>Subscribes to the answers of a deployment as they are made.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <returns>The answers. A reader more than 10,000 behind misses the oldest.</returns>
    IAsyncEnumerable<PredictionResult> SubscribeAsync(string deployment, CancellationToken cancellationToken = default);

    /// <summary>Returns the newest stored answers of a deployment, newest first.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answers.</returns>
    Task<IReadOnlyList<PredictionResult>> ListAsync(string deployment, int limit = 100, CancellationToken cancellationToken = default);
}
