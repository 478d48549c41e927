namespace Demo.Report;

/// <summary>What the plots are drawn from.</summary>
internal sealed record Measured(Scoreboard Scores, Histogram Ingest, Histogram Compute, Histogram Total, Timeline Timeline);
