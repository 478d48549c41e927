namespace Mlops.Client;

/// <summary>What a node says of itself.</summary>
/// <param name="Name">Its name, unique in the plant.</param>
/// <param name="Layer">The layer it runs on: <c>edge</c>, <c>fog</c> or <c>cloud</c>.</param>
/// <param name="Version">Version of the framework.</param>
/// <param name="Uptime">Seconds since it started.</param>
/// <param name="Started">When it started.</param>
/// <param name="Healthy">Whether every room is well.</param>
/// <param name="Rooms">The rooms it has.</param>
/// <param name="Containment">What contains uploaded code, as the last worker reported; empty before the first has run.</param>
/// <param name="Mqtt">Its MQTT broker; <see langword="null"/> when it has none.</param>
/// <param name="MemoryMiB">Resident memory of its process, MiB.</param>
/// <param name="CpuPercent">Processor load since the last call; 100 is one core.</param>
/// <param name="PowerWatts">Electrical power since the last call, W; <see langword="null"/> in the first second.</param>
/// <param name="PowerMethod">How the power is found: <c>rapl</c>, <c>tdp-load</c> or <c>constant</c>. Values of different methods must not be compared.</param>
public sealed record NodeStatus(
    string Name,
    string Layer,
    string Version,
    double Uptime,
    DateTimeOffset Started,
    bool Healthy,
    IReadOnlyList<RoomHealth> Rooms,
    IReadOnlyList<ContainmentStatus> Containment,
    BrokerAddress? Mqtt = null,
    double MemoryMiB = 0,
    double CpuPercent = 0,
    double? PowerWatts = null,
    string? PowerMethod = null);
