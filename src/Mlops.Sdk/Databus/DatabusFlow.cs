namespace Mlops.Databus;

/// <summary>What flows on one read topic. Written under the gate of the pipeline, read by anybody.</summary>
internal sealed class DatabusFlow
{
    private long _missing;
    private long _newest;

    /// <summary>Gets or sets how many numbers were missing in the sender's sequence.</summary>
    public long Missing
    {
        get => Volatile.Read(ref _missing);
        set => Volatile.Write(ref _missing, value);
    }

    /// <summary>Gets or sets when values came last, nanoseconds since 1970 UTC; 0 for never.</summary>
    public long Newest
    {
        get => Volatile.Read(ref _newest);
        set => Volatile.Write(ref _newest, value);
    }
}
