namespace Mlops.Mqtt;

/// <summary>Where a client keeps QoS 1 messages until the broker has acknowledged them, and how many.</summary>
public sealed class MqttOutboxOptions
{
    /// <summary>Gets or sets the database file (SQLite) that keeps the messages over a restart of the process; made when it is not there.</summary>
    /// <value>Null by default: memory keeps them, for as long as the <see cref="MqttClient"/> lives. One client only may use a file.</value>
    public string? File { get; set; }

    /// <summary>Gets or sets the most messages that are kept, those in flight included.</summary>
    /// <value>100000 by default; at most half of them, and 1024, are in flight.</value>
    public int MaxMessages { get; set; } = 100_000;

    /// <summary>Gets or sets the most bytes that the kept messages hold.</summary>
    /// <value>256 MiB by default; a single larger message is still kept.</value>
    public long MaxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Gets or sets what happens to a message for which there is no room.</summary>
    /// <value><see cref="MqttOutboxFullPolicy.Wait"/> by default.</value>
    public MqttOutboxFullPolicy WhenFull { get; set; }

    internal MqttOutboxOptions Clone() => (MqttOutboxOptions)MemberwiseClone();

    internal IEnumerable<string> Problems()
    {
        if (File is not null && string.IsNullOrWhiteSpace(File))
            yield return "Outbox.File is empty: set the path of a file, or null to keep messages in memory.";
        if (MaxMessages <= 0)
            yield return $"Outbox.MaxMessages is '{MaxMessages}': set more than zero.";
        if (MaxBytes <= 0)
            yield return $"Outbox.MaxBytes is '{MaxBytes}': set more than zero.";
        if (!Enum.IsDefined(WhenFull))
            yield return $"Outbox.WhenFull is '{WhenFull}': set Wait, Refuse, DropOldest or DropNewest.";
    }
}
