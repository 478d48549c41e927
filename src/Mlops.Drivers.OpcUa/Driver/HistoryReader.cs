using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Reads what a server has stored of several nodes, in slices of time, so that their values can be put in order.</summary>
internal sealed class HistoryReader(UaSession session, IReadOnlyList<WatchedNode> nodes)
{
    private const uint PageSize = 5_000;
    private const int MostValues = 200_000;
    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(10);

    private readonly HashSet<int> _refused = [];

    /// <summary>Gets the nodes whose history the server does not tell, with the reason.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Reads values with the places of their nodes, by time.</summary>
    /// <param name="from">The first instant; a value at just this time is left out.</param>
    /// <param name="to">The last instant.</param>
    /// <param name="cancel">Gives up.</param>
    public async IAsyncEnumerable<IReadOnlyList<(int Node, DataValue Value)>> ReadAsync(UaTime from, UaTime to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        TimeSpan slice = Slice;
        while (from.Ticks < to.Ticks && _refused.Count < nodes.Count)
        {
            var until = new UaTime(Math.Min(from.Ticks + slice.Ticks, to.Ticks));
            List<(int Node, DataValue Value)>? values = await SliceAsync(from, until, cancel).ConfigureAwait(false);
            if (values is null)
            {
                // More than shall be held at once: a shorter slice, of at least a second.
                slice = TimeSpan.FromTicks(Math.Max(slice.Ticks / 4, TimeSpan.TicksPerSecond));
                continue;
            }

            values.Sort(static (a, b) => RecordAssembler.TimeOf(a.Value).Ticks.CompareTo(RecordAssembler.TimeOf(b.Value).Ticks));
            if (values.Count > 0)
                yield return values;
            from = until;
        }
    }

    private async Task<List<(int Node, DataValue Value)>?> SliceAsync(UaTime from, UaTime until, CancellationToken cancel)
    {
        var values = new List<(int, DataValue)>();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (_refused.Contains(i))
                continue;
            try
            {
                await foreach (IReadOnlyList<DataValue> page in session.ReadHistoryAsync(nodes[i].Id, from, until, PageSize, cancel).ConfigureAwait(false))
                {
                    foreach (DataValue value in page)
                    {
                        UaTime time = RecordAssembler.TimeOf(value);
                        // Servers add the values at the bounds, also when they lie outside.
                        if (time.Ticks > from.Ticks && time.Ticks <= until.Ticks)
                            values.Add((i, value));
                    }

                    if (values.Count > MostValues && until.Ticks - from.Ticks > TimeSpan.TicksPerSecond)
                        return null;
                }
            }
            catch (UaException error) when (error.Status.IsBad && !session.Lost.IsCompleted && !error.Status.Is(StatusCodes.BadTimeout))
            {
                _refused.Add(i);
                Refused.Add($"{nodes[i].Text} (history: {error.Status})");
            }
        }

        return values;
    }
}
