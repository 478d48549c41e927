using System.Globalization;
using System.Numerics;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>Marks, record by record, which are held out, and parts the blocks at the end.</summary>
internal sealed class RowSplitter(SplitRule rule)
{
    private readonly List<bool> _marks = [];

    /// <exception cref="WorkflowException">The rule cannot be followed.</exception>
    public static RowSplitter? Of(SplitRule? rule, FeedSchema schema) =>
        ProblemOf(rule, schema) is { } problem ? throw new WorkflowException(problem) : rule is null ? null : new RowSplitter(rule);

    /// <summary>Returns why a rule cannot be followed; <see langword="null"/> if it can.</summary>
    public static string? ProblemOf(SplitRule? rule, FeedSchema schema) => rule switch
    {
        null => null,
        { HeldOut: not (> 0 and < 1) } => $"The part to be held out is {rule.HeldOut.ToString(CultureInfo.InvariantCulture)}. Give a number between 0 and 1, for example 0.2.",
        { Kind: SplitKind.Group } when rule.Field is null || schema.IndexOf(rule.Field) < 0 =>
            $"Records are to be held out by groups of the field '{rule.Field}', which feed '{schema.Feed}' does not have. Its fields: {string.Join(", ", schema.Fields.Select(f => f.Name))}.",
        _ => null,
    };

    /// <summary>Takes note of a selected record; in the order of the blocks.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="group">The column of the group's field, where the rule has one.</param>
    /// <param name="row">Its row there.</param>
    public void Note(long position, Column group, int row)
    {
        if (rule.Kind == SplitKind.Random)
            _marks.Add(SeededChance.Fraction(rule.Seed, position) < rule.HeldOut);
        else if (rule.Kind == SplitKind.Group)
            _marks.Add(SeededChance.Fraction(rule.Seed, KeyOf(group, row)) < rule.HeldOut);
    }

    /// <summary>Parts the blocks; they are disposed on the way.</summary>
    public (List<RecordBatch> Kept, List<RecordBatch> HeldOut) Part(List<RecordBatch> blocks)
    {
        if (rule.Kind == SplitKind.Time)
            MarkNewest(blocks);
        var kept = new RecordBatchBuilder(blocks[0].Schema, 1024);
        var heldOut = new RecordBatchBuilder(blocks[0].Schema, 1024);
        (List<RecordBatch> Kept, List<RecordBatch> HeldOut) parts = ([], []);
        int number = 0;
        foreach (RecordBatch block in blocks)
        {
            for (int row = 0; row < block.Count;)
            {
                bool mark = _marks[number];
                int start = row;
                while (row < block.Count && _marks[number] == mark)
                    (row, number) = (row + 1, number + 1);
                Add(mark ? heldOut : kept, block, start, row - start, mark ? parts.HeldOut : parts.Kept);
                if (number == _marks.Count)
                    break;
            }

            block.Dispose();
        }

        foreach ((RecordBatchBuilder rest, List<RecordBatch> part) in new[] { (kept, parts.Kept), (heldOut, parts.HeldOut) })
        {
            if (rest.Count > 0)
                part.Add(rest.Build());
        }

        return parts;
    }

    private static void Add(RecordBatchBuilder builder, RecordBatch block, int start, int count, List<RecordBatch> part)
    {
        builder.Append(block, start, count);
        if (builder.Count >= SelectionHash.BlockRows)
            part.Add(builder.Build());
    }

    // Records of the same time stay together, on the side of the training.
    private void MarkNewest(List<RecordBatch> blocks)
    {
        var times = new List<long>();
        foreach (RecordBatch block in blocks)
            times.AddRange(block.Timestamps);
        var sorted = new List<long>(times);
        sorted.Sort();
        long last = sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * (1 - rule.HeldOut)) - 1, 0, sorted.Count - 1)];
        foreach (long time in times)
            _marks.Add(time > last);
    }

    // Records without a value are a group of their own.
    private static long KeyOf(Column group, int row)
    {
        if (!group.IsValid(row))
            return -1;
        if (group.Type != FieldType.Text)
            return group.Type == FieldType.Boolean ? group.Values<byte>()[row] : group.Values<long>()[row];
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte b in group.Utf8(row))
            hash = unchecked((hash ^ b) * 1_099_511_628_211);
        return unchecked((long)BitOperations.RotateLeft(hash, 7));
    }
}
