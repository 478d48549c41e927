using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>What is known about one read topic. Belongs to whoever holds the gate of the pipeline.</summary>
internal sealed class DatabusRoute(string app, string topic)
{
    private readonly List<DatabusMap> _maps = [];

    public string App { get; } = app;

    public string Topic { get; } = topic;

    /// <summary>Gets the inlet of the feed; set with the first map.</summary>
    public FeedInlet Inlet { get; private set; } = null!;

    public string PublishType { get; private set; } = "";

    /// <summary>Gets the newest map.</summary>
    public DatabusMap Current => _maps[^1];

    /// <summary>Gets or sets the data point whose single value each message is; -1 when messages bring lists of values.</summary>
    public int Single { get; set; } = -1;

    /// <summary>Gets or sets a value indicating whether the feed gets, with the first value that is less than good, a column that says which one.</summary>
    public bool KeepsQualities { get; set; } = true;

    /// <summary>Gets what is told about the topic outside.</summary>
    public DatabusFlow Flow { get; } = new();

    /// <summary>Gets or sets the number of the last message, to notice what is missing.</summary>
    public long LastSequence { get; set; } = RecordBatch.NoSequence;

    /// <summary>Gets or sets the number of the last record.</summary>
    public long LastRecordSequence { get; set; } = RecordBatch.NoSequence;

    /// <summary>Gets a value indicating whether the app has announced the topic since the node runs; else only an earlier run knew it.</summary>
    public bool IsAnnounced { get; private set; }

    /// <summary>Goes on with newer metadata. Older maps are kept for messages that are still on their way.</summary>
    public void Announce(FeedInlet inlet, DatabusMap map, string publishType)
    {
        Recall(inlet, map, publishType);
        IsAnnounced = true;
    }

    /// <summary>Takes up what an earlier run knew: it explains the messages that name its version, and no others.</summary>
    public void Recall(FeedInlet inlet, DatabusMap map, string publishType)
    {
        Inlet = inlet;
        PublishType = publishType;
        _maps.RemoveAll(m => m.Hash == map.Hash);
        if (_maps.Count == MetadataMemory.Versions)
            _maps.RemoveAt(0);
        _maps.Add(map);
    }

    /// <summary>Returns the map of a hash version; the newest one where the message or the metadata name none. None when it is not known (yet).</summary>
    public DatabusMap? Find(long? hash)
    {
        DatabusMap current = Current;
        if (current.Hash == hash && hash is not null)
            return current;
        if (hash is null || current.Hash is null)
            return IsAnnounced ? current : null;
        foreach (DatabusMap map in _maps)
        {
            if (map.Hash == hash)
                return map;
        }

        return null;
    }
}
