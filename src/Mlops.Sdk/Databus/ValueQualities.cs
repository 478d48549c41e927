using System.Buffers.Text;
using Mlops.Data;

namespace Mlops.Databus;

/// <summary>
/// Keeps the quality of single values: a list of texts <c>field=qc</c> or <c>field=qc/qx</c> beside the record, only for values that are
/// less than plainly good. The feed gets the column with the first such value.
/// </summary>
internal static class ValueQualities
{
    /// <summary>The column's name.</summary>
    public const string Name = "_qualities";

    private const int Good = 3;
    private const int MaxCodes = 16;
    private const int MaxStackName = 512;

    /// <summary>The column.</summary>
    public static readonly FeedField Field = new(Name, FieldType.TextList) { SourceType = "quality" };

    /// <summary>Returns the column of a feed, or -1.</summary>
    public static int ColumnOf(FeedSchema schema) =>
        schema.IndexOf(Name) is >= 0 and int column && schema.Fields[column].Type == FieldType.TextList ? column : -1;

    /// <summary>Tells whether a value's codes say more than that it is good.</summary>
    /// <param name="quality">qc, or -1.</param>
    /// <param name="extended">qx, or -1.</param>
    public static bool IsWorthKeeping(int quality, int extended) => (quality >= 0 && quality < Good) || (extended >= 0 && extended != Good << 6);

    /// <summary>Adds a value's codes to the list that was begun in the row.</summary>
    public static void Add(RecordBatchBuilder rows, int column, ReadOnlySpan<byte> field, int quality, int extended)
    {
        Span<byte> text = field.Length <= MaxStackName ? stackalloc byte[MaxStackName + MaxCodes] : new byte[field.Length + MaxCodes];
        field.CopyTo(text);
        text[field.Length] = (byte)'=';
        Utf8Formatter.TryFormat(quality, text[(field.Length + 1)..], out int written);
        int length = field.Length + 1 + written;
        if (extended >= 0)
        {
            text[length] = (byte)'/';
            Utf8Formatter.TryFormat(extended, text[(length + 1)..], out written);
            length += 1 + written;
        }

        rows.AddTextElement(column, text[..length]);
    }
}
