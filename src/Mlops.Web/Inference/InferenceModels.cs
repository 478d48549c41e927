using Microsoft.Extensions.DependencyInjection;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Workflows;

namespace Mlops.Web.Inference;

/// <summary>
/// The models of deployments as they answer requests: a second copy of each beside the one that answers the feed, loaded when it is
/// first asked, so that requests never stand in the way of records. It follows the deployment's swaps, and goes with it.
/// </summary>
internal sealed class InferenceModels(IServiceProvider services) : IAsyncDisposable
{
    private readonly Dictionary<string, Loaded> _models = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _lock = new(1, 1);

    /// <summary>Answers rows with the model of a deployment.</summary>
    /// <param name="deployment">The deployment, which runs.</param>
    /// <param name="build">Makes the rows for the model's inputs.</param>
    /// <param name="read">Reads the answers while they are there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">The model does not load, or its code fails.</exception>
    public async Task<T> PredictAsync<T>(DeploymentInfo deployment, Func<FeedSchema, RecordBatch> build, Func<IReadOnlyList<RecordBatch>, T> read, CancellationToken cancellationToken)
    {
        int most = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PredictionOptions>>().Value.MaxBatch;
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        var answers = new List<RecordBatch>();
        try
        {
            Loaded model = await GetAsync(deployment, cancellationToken).ConfigureAwait(false);
            var inputs = new FeedSchema(model.Place.Info.Workflow, model.Place.Info.Inputs);
            using RecordBatch rows = build(inputs);
            for (int first = 0; first < rows.Count; first += most)
            {
                var part = new RecordBatchBuilder(inputs, Math.Min(most, rows.Count - first));
                part.Append(rows, first, Math.Min(most, rows.Count - first));
                using RecordBatch batch = part.Build();
                using RecordBatch answer = await model.Place.Predictor.PredictAsync(batch, cancellationToken).ConfigureAwait(false);
                answers.Add(answer.Retain());
            }

            return read(answers);
        }
        finally
        {
            answers.ForEach(a => a.Dispose());
            _lock.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Loaded model in _models.Values)
            await model.Place.Predictor.DisposeAsync().ConfigureAwait(false);
        _models.Clear();
        _lock.Dispose();
    }

    private async Task<Loaded> GetAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        HashSet<string> running = [.. services.GetRequiredService<IDeployments>().List().Where(d => d.State != DeploymentState.Stopped).Select(d => d.Id)];
        foreach ((string id, Loaded old) in _models.Where(m => !running.Contains(m.Key) || (m.Key == deployment.Id && m.Value.Model != deployment.Request.Model)).ToList())
        {
            _models.Remove(id);
            await old.Place.Predictor.DisposeAsync().ConfigureAwait(false);
        }

        if (_models.TryGetValue(deployment.Id, out Loaded? loaded))
            return loaded;
        ModelInPlace place = await services.GetRequiredService<ModelLoader>().OpenAsync(deployment.Request, cancellationToken).ConfigureAwait(false);
        return _models[deployment.Id] = new Loaded(deployment.Request.Model, place);
    }

    private sealed record Loaded(string Model, ModelInPlace Place);
}
