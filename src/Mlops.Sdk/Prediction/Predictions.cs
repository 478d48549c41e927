using System.Runtime.CompilerServices;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>Reads feeds of predictions as answers.</summary>
internal sealed class Predictions(Deployments deployments, IFeedReader reader) : IPredictions
{
    public async IAsyncEnumerable<PredictionResult> SubscribeAsync(string deployment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RecordBatch batch in reader.FollowAsync(Feed(deployment), null, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    yield return PredictionSchema.Read(batch, row, null);
            }
        }
    }

    public async Task<IReadOnlyList<PredictionResult>> ListAsync(string deployment, int limit, CancellationToken cancellationToken)
    {
        var results = new List<PredictionResult>();
        var query = new FeedQuery { Feed = Feed(deployment), Descending = true, Limit = limit };
        await foreach (RecordBatch batch in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    PredictionResult result = PredictionSchema.Read(batch, row, null);
                    results.Add(result with { PublishedAt = deployments.PublishedAt(deployment, result.Source.Row) });
                }
            }
        }

        return results;
    }

    private string Feed(string deployment) => deployments.Find(deployment)?.PredictionFeed
        ?? throw new ArgumentException($"There is no deployment '{deployment}'. Known: {string.Join(", ", deployments.List().Select(d => d.Id))}.", nameof(deployment));
}
