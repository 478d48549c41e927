namespace Mlops.Drivers.OpcUa.Types;

/// <summary>A value with status and times, as a server reports it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Status">How good it is.</param>
/// <param name="SourceTime">When the source had it; none when the server does not say.</param>
/// <param name="ServerTime">When the server had it; none when it does not say.</param>
public readonly record struct DataValue(Variant Value, StatusCode Status = default, UaTime SourceTime = default, UaTime ServerTime = default);
