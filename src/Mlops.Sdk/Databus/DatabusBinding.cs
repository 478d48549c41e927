using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Where a data point's values go; column -1 for nowhere.</summary>
internal readonly record struct DatabusBinding(int Column, FieldType Type, ValueKind Kind);
