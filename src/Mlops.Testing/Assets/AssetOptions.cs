using Mlops.Mqtt;

namespace Mlops.Testing.Assets;

/// <summary>Says where an asset publishes, under which names, and how fast.</summary>
public class AssetOptions
{
    /// <summary>Gets or sets the broker's host.</summary>
    /// <value>Default 127.0.0.1.</value>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets the broker's port.</summary>
    /// <value>Default 1883.</value>
    public int Port { get; set; } = 1883;

    /// <summary>Gets or sets the MQTT client id.</summary>
    /// <value>Default: a random one.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the user name for the broker.</summary>
    /// <value>Default: none.</value>
    public string? UserName { get; set; }

    /// <summary>Gets or sets the password for the broker.</summary>
    /// <value>Default: none.</value>
    public string? Password { get; set; }

    /// <summary>Gets or sets the name of the app on the databus.</summary>
    /// <value>Default <c>asset1</c>.</value>
    public string App { get; set; } = "asset1";

    /// <summary>Gets or sets the name of the connection, for example the production line.</summary>
    /// <value>Default <c>line1</c>.</value>
    public string Connection { get; set; } = "line1";

    /// <summary>Gets or sets the name of the collection that the records belong to.</summary>
    /// <value>Default <c>records</c>.</value>
    public string Collection { get; set; } = "records";

    /// <summary>Gets or sets the name of the collection that carries the labels.</summary>
    /// <value>Default <c>labels</c>.</value>
    public string LabelCollection { get; set; } = "labels";

    /// <summary>Gets or sets who signs the labels.</summary>
    /// <value>Default <c>inspector</c>.</value>
    public string Author { get; set; } = "inspector";

    /// <summary>Gets or sets the <c>seq</c> of the first record; continue here after a restart, so that labels stay unambiguous.</summary>
    /// <value>Default 1, which is also the least.</value>
    public long FirstSequence { get; set; } = 1;

    /// <summary>Gets or sets how long to try to reach the broker at first.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many records to publish each second.</summary>
    /// <value>Default <see langword="null"/>: as fast as they are acknowledged.</value>
    public double? RecordsPerSecond { get; set; }

    /// <summary>Gets or sets how many messages may be unacknowledged at a time.</summary>
    /// <value>Default 512; at least 1.</value>
    public int MaxOutstanding { get; set; } = 512;

    internal void Validate()
    {
        CheckName(nameof(App), App);
        CheckName(nameof(Connection), Connection);
        CheckName(nameof(Collection), Collection);
        CheckName(nameof(LabelCollection), LabelCollection);
        if (Collection == LabelCollection)
            throw new ArgumentException($"Asset '{App}': {nameof(Collection)} and {nameof(LabelCollection)} are both '{Collection}'. Give them different names.");
        if (RecordsPerSecond is { } rate && !(rate > 0 && double.IsFinite(rate)))
            throw new ArgumentException($"Asset '{App}': {nameof(RecordsPerSecond)} is {rate}. Set it above 0, or leave it out to publish as fast as possible.");
        CheckPositive(nameof(MaxOutstanding), MaxOutstanding);
        CheckPositive(nameof(FirstSequence), FirstSequence);
    }

    private void CheckPositive(string setting, long value)
    {
        if (value < 1)
            throw new ArgumentException($"Asset '{App}': {setting} is {value}. Set it to 1 or more.");
    }

    private void CheckName(string setting, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || !MqttTopicFilter.IsValidTopic(name))
            throw new ArgumentException($"Asset '{App}': {setting} is '{name}', which cannot be part of an MQTT topic. Use letters, digits, '-', '_' or '/'.");
    }
}
