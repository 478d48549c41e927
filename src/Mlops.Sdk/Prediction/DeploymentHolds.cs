using Mlops.Prediction.Candidates;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>Holds records that a deployment has not answered, and answers that it has not published, as long as it is not ended.</summary>
internal sealed class DeploymentHolds(DeploymentCatalog catalog, IFeedStore store) : IRetentionHold
{
    public IEnumerable<HeldRecords> Held()
    {
        foreach (DeploymentRecord deployment in catalog.List().Where(d => !d.Stopped))
        {
            string reader = $"deployment {deployment.Id}";
            if ((deployment.Request.Feed ?? deployment.Request.Inputs?.Values.Select(i => i.Feed).FirstOrDefault()) is { } feed)
            {
                yield return new HeldRecords(feed, store.GetCursor(DeploymentLauncher.Cursor(deployment.Id)) ?? 0, reader);
                if (deployment.Candidate?.Kind == CandidateKind.Shadow)
                    yield return new HeldRecords(feed, store.GetCursor(DeploymentLauncher.ShadowCursor(deployment.Id)) ?? 0, $"{reader}, shadow");
            }

            // Without a bus nothing is published, and the cursor never moves.
            if (store.GetCursor(AnswerPublisher.CursorName(deployment.Id)) is { } published)
                yield return new HeldRecords(deployment.PredictionFeed, published, $"{reader}, publishing");
        }
    }
}
