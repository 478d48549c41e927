using System.Runtime.CompilerServices;

namespace Mlops.Store.Charts;

/// <summary>What is known of the values of one field in one bucket; two of them can be added, in any order. Of values of the same time any may be the first or last.</summary>
/// <remarks>Stored as it is in memory, see <see cref="FieldSummary"/>.</remarks>
internal record struct BucketSummary(long Count, double Min, double Max, double Sum, long FirstTime, double First, long LastTime, double Last)
{
    public void Add(in BucketSummary other)
    {
        if (other.Count == 0)
            return;
        if (Count == 0)
        {
            this = other;
            return;
        }

        Count += other.Count;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Sum += other.Sum;
        if (other.FirstTime < FirstTime)
            (FirstTime, First) = (other.FirstTime, other.First);
        if (other.LastTime > LastTime)
            (LastTime, Last) = (other.LastTime, other.Last);
    }

    /// <summary>Adds a finite value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long time, double value)
    {
        if (Count++ == 0)
        {
            (Min, Max, Sum, FirstTime, First, LastTime, Last) = (value, value, value, time, value, time, value);
            return;
        }

        Sum += value;
        if (value < Min)
            Min = value;
        else if (value > Max)
            Max = value;
        if (time > LastTime)
            (LastTime, Last) = (time, value);
        else if (time < FirstTime)
            (FirstTime, First) = (time, value);
    }
}
