using System.Globalization;
using System.Net;
using System.Text;

namespace Demo.Report;

/// <summary>Writes report.html: one file, no script, no request to anywhere.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --text: #1d2733; --soft: #5d6b7a; --line: #d7dee6; --back: #fff; --card: #f6f8fa; --ingest: #2f80c2; --compute: #e08a1e; --good: #2c9a5b; }
        @media (prefers-color-scheme: dark) { :root { --text: #e8edf2; --soft: #9fb0c0; --line: #34404d; --back: #12181f; --card: #1a222b; --ingest: #5aa9e6; --compute: #f0a94b; --good: #5bc489; } }
        * { box-sizing: border-box; } body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 0 auto; padding: 24px 16px 48px; max-width: 960px; }
        h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; } p { color: var(--soft); margin: 0 0 12px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 20px 0; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; } .tile b { display: block; font-size: 20px; font-weight: 600; } .tile span { color: var(--soft); font-size: 13px; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; } svg { display: block; max-width: 100%; height: auto; margin: auto; }
        .label { font-size: 12px; fill: var(--soft); } .axis { font-size: 13px; fill: var(--text); } .value { font-size: 13px; fill: var(--text); } .light { fill: #fff; }
        .cell { fill: var(--ingest); stroke: var(--line); } .ingest { fill: var(--ingest); } .compute { fill: var(--compute); } .line { stroke: var(--line); }
        .curve { fill: none; stroke-width: 1.8; } .ingest-line { stroke: var(--ingest); } .compute-line { stroke: var(--compute); stroke-dasharray: 5 3; } .accuracy-line { stroke: var(--good); }
        .key { color: var(--soft); font-size: 13px; margin: 8px 0 0; } .key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 14px; }
        """;

    public static string Write(DemoReport report, Measured measured)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'><title>Mlops demo</title><style>")
            .Append(Style).Append("</style></head><body>");
        page.Append("<h1>Mlops demo</h1><p>").Append(Encode(report.Source)).Append(" · workflow ").Append(Encode(report.Workflow))
            .Append(" · ").Append(Encode(report.Mode)).Append(" · ").Append(report.Finished.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)).Append("</p><div class='tiles'>");
        Tile(page, report.Records.ToString("#,0", CultureInfo.InvariantCulture), "records stored");
        Tile(page, report.Predictions.ToString("#,0", CultureInfo.InvariantCulture), "predictions");
        if (report.Mae is not null)
        {
            Tile(page, Format(report.R2, "0.000"), "R²");
            Tile(page, Format(report.Mae, "0.####"), "mean absolute error");
        }
        else
        {
            Tile(page, Format(report.Accuracy, "0.0 %"), report.BestAccuracy is { } best ? $"accuracy (best possible {Format(best, "0.0 %")})" : "accuracy");
            Tile(page, Format(report.MacroF1, "0.000"), "macro F1");
        }

        Tile(page, Format(report.TrainingSeconds, "0.0 s"), "training");
        Tile(page, Format(report.PredictionMs.TotalP50, "0.00 ms"), "prediction, median");
        Tile(page, Format(report.PredictionMs.TotalP99, "0.00 ms"), "prediction, 99 %");
        Tile(page, Format(report.PeakMemoryMiB, "0 MiB"), "peak memory");
        Tile(page, Format(report.PeakCpuPercent, "0") + " %", "peak processor (100 = one core)");
        Tile(page, Format(report.EnergyWh * 1000, "0.0 mWh"), $"energy ({report.EnergyMethod})");
        page.Append("</div>");
        if (report.Mae is null)
        {
            page.Append("<h2>Answers against labels that arrived later</h2><figure>").Append(Charts.Confusion(measured.Scores))
                .Append("<p class='key'>Rows: label. Columns: answer. Shade: share of the row.</p></figure>");
        }

        page.Append("<h2>Prediction time</h2><figure>").Append(Charts.Latency(measured))
            .Append("<p class='key'><i style='background:var(--ingest)'></i>ingest: bytes read from the socket → model called <i style='background:var(--compute)'></i>compute: the model's call</p></figure>");
        page.Append("<h2>Timeline</h2><figure>").Append(Charts.Time(measured))
            .Append("<p class='key'><i style='background:var(--ingest)'></i>records/s <i style='background:var(--compute)'></i>predictions/s <i style='background:var(--good)'></i>running accuracy</p></figure></body></html>");
        return page.ToString();
    }

    private static void Tile(StringBuilder page, string value, string name) =>
        page.Append("<div class='tile'><b>").Append(Encode(value)).Append("</b><span>").Append(Encode(name)).Append("</span></div>");

    private static string Format(double? value, string format) =>
        value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
