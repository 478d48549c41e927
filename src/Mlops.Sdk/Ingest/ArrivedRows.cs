using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>Rows of one feed that came one right after the other, without any of another feed between them.</summary>
/// <param name="Rows">The batch in which they are.</param>
/// <param name="First">Index of the first one.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ArrivedRows(RecordBatchBuilder Rows, int First, int Count);
