using Mlops.Data;

namespace Mlops.Ingest.Assembly;

/// <summary>Makes the rows of one feed out of what its messages bring. Belongs to whoever holds the gate.</summary>
internal sealed class RowAssembly
{
    private const long NanosecondsPerTick = 100;
    private readonly FeedAssembly _options;
    private LastValues _last;

    /// <param name="options">How.</param>
    /// <param name="schema">The feed's schema.</param>
    /// <param name="older">How it was until now; what is known goes on to be known unless its times mean something else.</param>
    public RowAssembly(FeedAssembly options, FeedSchema schema, RowAssembly? older = null)
    {
        _options = options;
        Brought = new RecordBatchBuilder(schema, 4);
        _last = older?._options.Mode == options.Mode ? older._last.Under(schema, MaxAge) : new LastValues(schema, MaxAge);
    }

    /// <summary>Gets where messages are parsed into.</summary>
    public RecordBatchBuilder Brought { get; private set; }

    /// <summary>Gets how long a cycle is; zero when rows come with the messages.</summary>
    public TimeSpan Period => _options.Mode == AssemblyMode.Cycle ? _options.Period : TimeSpan.Zero;

    /// <summary>Gets how it is assembled.</summary>
    public FeedAssembly Options => _options;

    /// <summary>Gets a value indicating whether no message has brought anything yet.</summary>
    public bool IsEmpty => _last.IsEmpty;

    private long MaxAge => _options.MaxAge.Ticks * NanosecondsPerTick;

    /// <summary>Takes what messages brought and ends the rows that follow from it.</summary>
    /// <returns>How many rows were ended.</returns>
    public int Assemble(RecordBatchBuilder rows)
    {
        if (Brought.Count == 0)
            return 0;
        using RecordBatch brought = Brought.Build();
        for (int i = 0; i < brought.Count; i++)
        {
            // A cycle is a matter of our own clock: a value counts from when it came.
            if (_options.Mode == AssemblyMode.Latest)
                EndRow(rows, brought, i);
            _last.Take(brought, i, _options.Mode == AssemblyMode.Latest ? brought.Timestamps[i] : brought.Received[i]);
        }

        return _options.Mode == AssemblyMode.Latest ? brought.Count : 0;
    }

    /// <summary>Ends the row of a cycle.</summary>
    /// <returns>How many rows were ended: none when no value is known that is not too old.</returns>
    public int EndCycle(RecordBatchBuilder rows, long now)
    {
        long period = _options.Period.Ticks * NanosecondsPerTick;
        rows.BeginRow(now - (now % period), now);
        if (!_last.Fill(rows, null, 0, now))
            return 0;
        rows.EndRow();
        return 1;
    }

    /// <summary>Goes on under a newer schema.</summary>
    public void Adopt(FeedSchema newer)
    {
        Brought = new RecordBatchBuilder(newer, 4);
        _last = _last.Under(newer, MaxAge);
    }

    private void EndRow(RecordBatchBuilder rows, RecordBatch brought, int i)
    {
        rows.BeginRow(brought.Timestamps[i], brought.Received[i], brought.Arrivals[i], brought.Sequences[i], brought.RecordSequences[i]);
        rows.AddQuality(brought.Qualities[i]);
        _last.Fill(rows, brought, i, brought.Timestamps[i]);
        rows.EndRow();
    }
}
