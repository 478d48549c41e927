using Mlops.Data;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Inputs;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>A loaded model as a deployment uses it.</summary>
/// <param name="Info">The model.</param>
/// <param name="Predictor">The loaded model.</param>
/// <param name="Binding">Turns the feed's records into its inputs.</param>
/// <param name="Answers">The schema of the feed of predictions.</param>
/// <param name="AnswerField">The field by which answers are compared: the class, or the field named like the label, or the first.</param>
/// <param name="LabelSet">The label set, or the feed's field, that holds the truth; <see langword="null"/> when there is none.</param>
/// <param name="Drift">Watches its inputs and answers for drift; <see langword="null"/> when its training kept no profile.</param>
internal sealed record ModelInPlace(ModelInfo Info, IPredictor Predictor, IInputBinding Binding, FeedSchema Answers, string AnswerField, string? LabelSet, DriftWatch? Drift) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Binding.DisposeAsync().ConfigureAwait(false);
        await Predictor.DisposeAsync().ConfigureAwait(false);
    }
}
