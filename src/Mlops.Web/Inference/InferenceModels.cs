using Mlops.Data;
using Mlops.Prediction;

namespace Mlops.Web.Inference;

/// <summary>
/// The models of deployments as they answer requests: those that answer the feeds, between two batches of records. A request of many
/// rows is answered part by part, so that records wait no longer than for one part.
/// </summary>
internal sealed class InferenceModels(Deployments deployments, Microsoft.Extensions.Options.IOptions<PredictionOptions> options)
{
    /// <summary>Answers rows with the production model of a deployment.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="build">Makes the rows for the model's inputs.</param>
    /// <param name="read">Reads the answers while they are there, with the id of the model.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Workflows.WorkflowException">The deployment does not run, or the model's code fails.</exception>
    public async Task<T> PredictAsync<T>(string deployment, Func<FeedSchema, RecordBatch> build, Func<IReadOnlyList<RecordBatch>, string, T> read, CancellationToken cancellationToken)
    {
        var answers = new List<RecordBatch>();
        RecordBatch? rows = null;
        string model = "";
        int part = options.Value.MaxBatch;
        try
        {
            for (int first = 0; rows is null || first < rows.Count; first += part)
            {
                int start = first;
                await deployments.BorrowAsync(
                    deployment,
                    async place =>
                    {
                        if (rows is not null && model != place.Info.Id)
                            throw new Rest.ProblemException(409, $"Deployment '{deployment}' got another model while this request was answered.", "Send the request again.");
                        model = place.Info.Id;
                        rows ??= build(new FeedSchema(place.Info.Workflow, place.Info.Inputs));

                        // Windows are not divided.
                        int each = place.Binding.RowsEach;
                        if (rows.Count % each != 0)
                            throw new Rest.ProblemException(400, $"Deployment '{deployment}' answers windows of {each} rows, and the request has {rows.Count}.", "Send whole windows, one behind the other.");
                        part = Math.Max(1, options.Value.MaxBatch / each) * each;
                        answers.Add(await AnswerAsync(place, rows, start, part).ConfigureAwait(false));
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            return read(answers, model);
        }
        finally
        {
            rows?.Dispose();
            answers.ForEach(a => a.Dispose());
        }
    }

    private static async Task<RecordBatch> AnswerAsync(ModelInPlace place, RecordBatch rows, int first, int most)
    {
        int count = Math.Min(most, rows.Count - first);
        var part = new RecordBatchBuilder(rows.Schema, count);
        part.Append(rows, first, count);
        using RecordBatch batch = part.Build();
        return await place.Predictor.PredictAsync(batch, CancellationToken.None).ConfigureAwait(false);
    }
}
