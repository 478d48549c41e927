using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>An asset and how well its driver reaches it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">The kind of its driver.</param>
/// <param name="Settings">The driver's settings; secrets read <c>********</c>.</param>
/// <param name="Enabled">Whether its driver runs.</param>
/// <param name="Mirror">Whether its feeds are published on MQTT as well.</param>
/// <param name="Version">Its version, which is its ETag as well.</param>
/// <param name="Changed">When it was changed last.</param>
/// <param name="State"><c>connecting</c>, <c>connected</c>, <c>degraded</c>, <c>faulted</c> or <c>stopped</c>.</param>
/// <param name="Reason">What its driver says of its state.</param>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="Feeds">The feeds that its driver fills.</param>
/// <param name="Records">How many records its driver has written since the node started.</param>
/// <param name="LastRecord">When its last record became durable.</param>
/// <param name="Restarts">How often its driver was started again after a failure.</param>
/// <param name="CanBrowse">Whether its driver tells now what can be read there.</param>
/// <param name="CanWrite">Whether values can be written to it now.</param>
/// <param name="CanPreview">Whether its driver shows now what it sees.</param>
/// <param name="CanCall">Whether methods of it can be called now.</param>
public sealed record AssetDetails(
    string Id,
    string Kind,
    JsonObject Settings,
    bool Enabled,
    bool Mirror,
    long Version,
    DateTimeOffset Changed,
    string? State = null,
    string? Reason = null,
    DateTimeOffset? Since = null,
    IReadOnlyList<string>? Feeds = null,
    long Records = 0,
    DateTimeOffset? LastRecord = null,
    long Restarts = 0,
    bool CanBrowse = false,
    bool CanWrite = false,
    bool CanPreview = false,
    bool CanCall = false);
