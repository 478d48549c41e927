namespace Mlops.Store.AdHoc;

/// <summary>One statement and its limits.</summary>
/// <param name="Text">A SELECT of DuckDB's dialect, up to 20,000 characters.</param>
public sealed record SqlQuery(string Text)
{
    /// <summary>Gets how many rows at most are given; <see langword="null"/> for <c>Mlops:Store:Sql:RowLimit</c>.</summary>
    public long? RowLimit { get; init; }

    /// <summary>Gets how long it may take, waiting for its turn and reading the result included; at most and by default <c>Mlops:Store:Sql:Timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }
}
