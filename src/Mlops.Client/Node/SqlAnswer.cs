using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>The rows of a statement.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, each with a value for every column.</param>
/// <param name="Truncated">Whether there were more rows than the limit.</param>
public sealed record SqlAnswer(IReadOnlyList<SqlAnswerColumn> Columns, IReadOnlyList<JsonArray> Rows, bool Truncated);
