namespace Mlops.Store.Selection;

/// <summary>Labels of intervals, cut into pieces that do not overlap, each with the best rank of the intervals that cover it.</summary>
internal sealed class IntervalIndex
{
    private readonly List<long> _starts = [];
    private readonly List<int> _ranks = [];

    public IntervalIndex(List<(long From, long To, int Rank)> intervals)
    {
        var edges = new List<(long Time, bool Opens, int Rank)>(intervals.Count * 2);
        foreach ((long from, long to, int rank) in intervals)
        {
            edges.Add((from, true, rank));
            edges.Add((to, false, rank));
        }

        edges.Sort((a, b) => a.Time.CompareTo(b.Time));
        var open = new SortedSet<int>();
        for (int i = 0; i < edges.Count;)
        {
            long time = edges[i].Time;
            for (; i < edges.Count && edges[i].Time == time; i++)
            {
                if (edges[i].Opens)
                    open.Add(edges[i].Rank);
                else
                    open.Remove(edges[i].Rank);
            }

            _starts.Add(time);
            _ranks.Add(open.Count == 0 ? int.MaxValue : open.Min);
        }
    }

    /// <returns>The best rank at a time, or <see cref="int.MaxValue"/>.</returns>
    public int Find(long time)
    {
        int index = _starts.BinarySearch(time);
        index = index < 0 ? ~index - 1 : index;
        return index < 0 ? int.MaxValue : _ranks[index];
    }
}
