using System.Diagnostics;
using System.Globalization;
using Demo.Report;
using Demo.Sources;
using Mlops.Prediction;
using Spectre.Console;

namespace Demo;

/// <summary>What the terminal shows.</summary>
internal static class Screen
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(500);

    public static void Started(Node node, IDemoSource source, string data)
    {
        // Plain lines: paths, topics and commands are to be copied, so they must not be wrapped.
        Console.WriteLine($"Mlops demo: {source.Title}");
        Console.WriteLine($"MQTT broker  {node.Mqtt.Host}:{node.Mqtt.Port}");
        Console.WriteLine($"  to watch:  mosquitto_sub -h {node.Mqtt.Host} -p {node.Mqtt.Port} -t 'ie/#' -v");
        Console.WriteLine($"In a browser {node.Address}");
        Console.WriteLine($"Data folder  {data}");
    }

    public static void Deployed(DeploymentInfo deployment) =>
        Console.WriteLine($"Model {deployment.Request.Model} answers {deployment.Mode} on {deployment.Topic}");

    /// <summary>Shows a bar while a step runs.</summary>
    public static async Task<T> StepAsync<T>(string title, Func<Action<double>, Task<T>> step)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            var clock = Stopwatch.StartNew();
            T quiet = await step(_ => { });
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {clock.Elapsed.TotalSeconds:0.0} s"));
            return quiet;
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                T result = await step(fraction => bar.Value = Math.Max(bar.Value, fraction));
                bar.Value = 1;
                return result;
            });
    }

    /// <summary>Keeps one line up to date until stopped, and the timeline with it.</summary>
    public static async Task LiveAsync(Func<Rates> read, Measured measured, Stopwatch clock, CancellationToken stop)
    {
        bool redirected = Console.IsOutputRedirected;
        Rates last = read();
        TimeSpan lastTime = clock.Elapsed;
        int lines = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LiveInterval, stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            Rates now = read();
            double seconds = (clock.Elapsed - lastTime).TotalSeconds;
            double records = (now.Records - last.Records) / seconds;
            double predictions = (now.Predictions - last.Predictions) / seconds;
            (last, lastTime) = (now, clock.Elapsed);
            measured.Timeline.Add(clock.Elapsed.TotalSeconds, records, predictions, measured.Scores.Accuracy);
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{records,6:0} records/s  {predictions,6:0} predictions/s  latency p50 {measured.Total.Percentile(50),6:0.00} ms  p99 {measured.Total.Percentile(99),6:0.00} ms  {(measured.Scores.IsQuantity ? $"R² {measured.Scores.Estimated.R2,7:0.000}" : $"accuracy {measured.Scores.Accuracy,7:0.0 %}")} of {measured.Scores.Compared}");
            if (!redirected)
                Console.Write("\r" + line + " ");
            else if (lines++ % 4 == 0)
                Console.WriteLine(line);
        }

        if (!redirected)
            Console.WriteLine();
    }

    public static void Summary(DemoReport report, string artifacts, IEnumerable<string> warnings)
    {
        static string F(double? value, string format) => value is { } v ? v.ToString(format, CultureInfo.InvariantCulture) : "-";
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Result").AddColumn(new TableColumn("Value").RightAligned());
        table.AddRow("Records stored", report.Records.ToString("#,0", CultureInfo.InvariantCulture));
        table.AddRow("Predictions", report.Predictions.ToString("#,0", CultureInfo.InvariantCulture));
        if (report.Mae is not null)
        {
            table.AddRow("R²", F(report.R2, "0.0000"));
            table.AddRow("Mean absolute error", F(report.Mae, "0.####"));
        }
        else
        {
            table.AddRow("Accuracy", F(report.Accuracy, "0.0000"));
            table.AddRow("Macro F1", F(report.MacroF1, "0.0000"));
        }

        if (report.BestAccuracy is not null)
            table.AddRow("Best possible accuracy", F(report.BestAccuracy, "0.0000"));
        table.AddRow("Training", F(report.TrainingSeconds, "0.00 s"));
        table.AddRow("Prediction: ingest p50", F(report.PredictionMs.IngestP50, "0.000 ms"));
        table.AddRow("Prediction: compute p50", F(report.PredictionMs.ComputeP50, "0.000 ms"));
        table.AddRow("Prediction: total p50 / p99", $"{F(report.PredictionMs.TotalP50, "0.000")} / {F(report.PredictionMs.TotalP99, "0.000 ms")}");
        table.AddRow("Peak memory, host and children", F(report.PeakMemoryMiB, "0.0 MiB"));
        table.AddRow("Peak processor (100 = one core)", F(report.PeakCpuPercent, "0") + " %");
        table.AddRow($"Energy ({report.EnergyMethod})", F(report.EnergyWh * 1000, "0.00 mWh"));
        AnsiConsole.Write(table);
        Console.WriteLine($"Report: {Path.Combine(artifacts, "report.html")}");
        foreach (string warning in warnings)
            Console.WriteLine(warning);
    }

    /// <summary>Counters from which rates are made.</summary>
    internal readonly record struct Rates(long Records, long Predictions);
}
