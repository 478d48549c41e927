using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>Rows that wait for their positions.</summary>
internal readonly record struct FilledRows(FeedInlet Inlet, RecordBatchBuilder Rows);
