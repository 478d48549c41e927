using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Mlops.Training.Lifecycle;

namespace Mlops.Prediction.Drift;

/// <summary>Tells that drift has begun or ended, as durable events; and shows its figures as gauges.</summary>
internal sealed class DriftReporter(LifecycleJournal journal, ILogger<DriftReporter> logger)
{
    private const int MaxNamed = 5;

    /// <summary>Listens to the watch of a deployment's model.</summary>
    public void Attach(DeploymentEntry entry, ModelInPlace model)
    {
        // The event is written while the deployment answers on.
        if (model.Drift is { } watch)
            watch.Changed = info => _ = ReportAsync(entry.Id, model.Info.Id, info);
    }

    /// <summary>Shows the figures of all deployments whenever somebody looks.</summary>
    public static void Show(PredictionInstruments instruments, Func<IEnumerable<DeploymentEntry>> deployments)
    {
        instruments.Show(PredictionInstruments.DriftPsiName, "Population stability index against the training data", () => Of(deployments(), f => f.Psi));
        instruments.Show(PredictionInstruments.DriftKsName, "Kolmogorov-Smirnov distance from the training data", () => Of(deployments(), f => f.Ks));
    }

    private static IEnumerable<Measurement<double>> Of(IEnumerable<DeploymentEntry> deployments, Func<DriftFigures, double?> figure)
    {
        foreach (DeploymentEntry entry in deployments)
        {
            foreach (DriftFigures figures in entry.Running?.Runner.Drift?.Figures ?? [])
            {
                if (figure(figures) is { } value)
                    yield return new Measurement<double>(value, new("deployment", entry.Id), new("feature", figures.Name));
            }
        }
    }

    private async Task ReportAsync(string deployment, string model, DriftInfo info)
    {
        string worst = string.Join(", ", info.Figures.OrderByDescending(f => f.Psi).Take(MaxNamed)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Psi:0.###}")));
        try
        {
            await journal.WriteAsync(deployment, info.Drifted ? LifecycleAction.Drifted : LifecycleAction.DriftEnded, null, model, null, $"PSI: {worst}").ConfigureAwait(false);
            Log.DriftChanged(logger, deployment, info.Drifted ? "began" : "ended", worst);
        }
        catch (Exception e)
        {
            Log.HandlerFailed(logger, e);
        }
    }
}
