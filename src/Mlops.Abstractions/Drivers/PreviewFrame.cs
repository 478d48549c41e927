namespace Mlops.Drivers;

/// <summary>What an asset saw.</summary>
/// <param name="MediaType">What <paramref name="Content"/> is, for example <c>image/jpeg</c>.</param>
/// <param name="Content">The encoded frame; not changed by the driver afterwards.</param>
/// <param name="Time">When it was taken.</param>
public sealed record PreviewFrame(string MediaType, ReadOnlyMemory<byte> Content, DateTimeOffset Time);
