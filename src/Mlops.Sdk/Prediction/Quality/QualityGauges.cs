using System.Diagnostics.Metrics;

namespace Mlops.Prediction.Quality;

/// <summary>Shows the figures of all deployments as gauges.</summary>
internal static class QualityGauges
{
    public static void Show(PredictionInstruments instruments, QualityBoard board, Func<IEnumerable<DeploymentEntry>> deployments)
    {
        instruments.Show(PredictionInstruments.AccuracyName, "Share of the newest labelled answers that match", () => Of(board, f => f.Accuracy));
        instruments.Show(PredictionInstruments.MacroF1Name, "Macro F1 of the newest labelled answers", () => Of(board, f => f.MacroF1));
        instruments.Show(PredictionInstruments.MeanAbsoluteErrorName, "Mean absolute error of the newest labelled answers", () => Of(board, f => f.MeanAbsoluteError));
        instruments.Show(PredictionInstruments.RootMeanSquareErrorName, "Root mean square error of the newest labelled answers", () => Of(board, f => f.RootMeanSquareError));
        instruments.Show(PredictionInstruments.AgreementName, "Share of a shadow's answers that match the production model's", () => Agreement(deployments()));
    }

    private static IEnumerable<Measurement<double>> Of(QualityBoard board, Func<AnswerFigures, double?> figure)
    {
        foreach ((string deployment, ModelQuality quality) in board.All)
        {
            if (figure(quality.Window) is { } value)
                yield return new Measurement<double>(value, new("deployment", deployment), new("model", quality.Model), new("shadow", quality.Shadow));
        }
    }

    private static IEnumerable<Measurement<double>> Agreement(IEnumerable<DeploymentEntry> deployments)
    {
        foreach (DeploymentEntry entry in deployments)
        {
            if (entry.Candidate?.Agreement?.Figures.Accuracy is { } value)
                yield return new Measurement<double>(value, new("deployment", entry.Id), new("model", entry.Record.Candidate?.Model));
        }
    }
}
