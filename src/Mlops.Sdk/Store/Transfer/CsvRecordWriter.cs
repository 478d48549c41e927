using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Store.Transfer;

/// <summary>Writes CSV: null is nothing, an empty text is <c>""</c>, and numbers have all their digits.</summary>
internal sealed class CsvRecordWriter(Stream stream, FeedSchema schema, bool withTimestamp) : RecordWriter(stream, schema, withTimestamp)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    private protected override void Begin()
    {
        bool first = true;
        foreach (string name in (WithTimestamp ? [TimestampName] : Array.Empty<string>()).Concat(Schema.Fields.Select(f => f.Name)))
        {
            if (!first)
                Buffer.Write(","u8);
            first = false;
            WriteText(Encoding.UTF8.GetBytes(name));
        }

        Buffer.Write("\r\n"u8);
    }

    private protected override void Write(RecordBatch batch, int row)
    {
        if (WithTimestamp)
            InstantText.Write(Buffer, batch.Timestamps[row]);
        for (int c = 0; c < batch.Schema.Fields.Count; c++)
        {
            if (c > 0 || WithTimestamp)
                Buffer.Write(","u8);
            Column column = batch.Column(c);
            if (column.IsValid(row))
                WriteValue(column, row);
        }

        Buffer.Write("\r\n"u8);
    }

    private protected override void End()
    {
    }

    private void WriteValue(Column column, int row)
    {
        switch (column.Type)
        {
            case FieldType.Boolean:
                Buffer.Write(column.Values<byte>()[row] != 0 ? "true"u8 : "false"u8);
                break;
            case FieldType.Text:
                WriteText(column.Utf8(row));
                break;
            case FieldType.Timestamp:
                InstantText.Write(Buffer, column.Values<long>()[row]);
                break;
            case FieldType.Float64:
                column.Values<double>()[row].TryFormat(Buffer.GetSpan(32), out int digits, default, CultureInfo.InvariantCulture);
                Buffer.Advance(digits);
                break;
            case FieldType.UInt64:
                Utf8Formatter.TryFormat(column.Values<ulong>()[row], Buffer.GetSpan(32), out int unsigned);
                Buffer.Advance(unsigned);
                break;
            default:
                Utf8Formatter.TryFormat(column.Values<long>()[row], Buffer.GetSpan(32), out int signed);
                Buffer.Advance(signed);
                break;
        }
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && !text.ContainsAny(Special))
        {
            Buffer.Write(text);
            return;
        }

        Buffer.Write("\""u8);
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            Buffer.Write(text[..(quote + 1)]);
            Buffer.Write("\""u8);
        }

        Buffer.Write(text);
        Buffer.Write("\""u8);
    }
}
