using Mlops.Store.Segments;

namespace Mlops.Store.Compaction;

/// <summary>Chooses which files of a feed become one: neighbours whose schemas go together and that are small together.</summary>
internal static class CompactionChoice
{
    /// <summary>Chooses the first files, in the order of positions, that are worth it.</summary>
    /// <param name="segments">A feed's files in the order of their positions.</param>
    /// <param name="minimumFiles">How many it takes.</param>
    /// <param name="maxBytes">How large they may be together.</param>
    /// <param name="maxSpan">How much time they may span, nanoseconds.</param>
    /// <param name="goTogether">Tells whether two files can be one without changing a value.</param>
    /// <returns>The files; none when nothing is worth it.</returns>
    public static IReadOnlyList<Segment> Of(IReadOnlyList<Segment> segments, int minimumFiles, long maxBytes, long maxSpan, Func<Segment, Segment, bool> goTogether)
    {
        var run = new List<Segment>();
        long bytes = 0;
        foreach (Segment next in segments.Where((s, i) => !Overlaps(segments, i)))
        {
            if (run.Count > 0 && !(bytes + next.Range.Bytes <= maxBytes && run.All(s => s.Revision == next.Revision || goTogether(s, next)) && Span(run, next) <= maxSpan && Follows(segments, run[^1], next)))
            {
                if (Worthwhile(run) is { } chosen && chosen.Count >= minimumFiles)
                    return chosen;
                run.Clear();
                bytes = 0;
            }

            if (next.Range.Bytes > maxBytes / 2)
                continue;
            run.Add(next);
            bytes += next.Range.Bytes;
        }

        List<Segment> last = Worthwhile(run);
        return last.Count >= minimumFiles ? last : [];
    }

    // A file that is larger than all that follow it would be written again for little: it waits for more. So each record is
    // rewritten only a few times, however many files come.
    private static List<Segment> Worthwhile(List<Segment> run)
    {
        int first = 0;
        while (first < run.Count - 1 && run[first].Range.Bytes > run.Skip(first + 1).Sum(s => s.Range.Bytes))
            first++;
        return run[first..];
    }

    private static double Span(List<Segment> run, Segment next) =>
        (double)Math.Max(next.Range.MaxTime, run.Max(s => s.Range.MaxTime)) - Math.Min(next.Range.MinTime, run.Min(s => s.Range.MinTime));

    private static bool Overlaps(IReadOnlyList<Segment> segments, int i) =>
        (i > 0 && segments[i - 1].Range.Last >= segments[i].Range.First) || (i + 1 < segments.Count && segments[i].Range.Last >= segments[i + 1].Range.First);

    // Nothing that stays as it is may come to lie inside the new file's range.
    private static bool Follows(IReadOnlyList<Segment> segments, Segment before, Segment next) =>
        !segments.Any(s => s.Range.First > before.Range.Last && s.Range.First < next.Range.First);
}
