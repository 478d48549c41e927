using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Structures;

/// <summary>
/// Reads the values of a structure from its encoding (OPC 10000-6, 5.2.6 to 5.2.8), one for each of its <see cref="StructureType.Leaves"/>.
/// What is not there (an optional field, the other members of a union) is a null value.
/// </summary>
internal static class StructureDecoder
{
    // What a small message may make this side hold.
    private const int MostValues = 4_000_000;

    /// <summary>Reads the values of one structure, or of an array of them: then each value is an array with one element a structure.</summary>
    /// <returns>Whether the value is of the type and was read to its end.</returns>
    public static bool TryRead(in Variant value, StructureType type, Variant[] leaves)
    {
        Array.Clear(leaves);
        try
        {
            if (value.IsNull)
                return true;
            if (!value.IsArray)
                return value.ToObject() is ExtensionObject one && TryReadOne(one, type, leaves);
            return ReadAll(value.Elements, type, leaves);
        }
        catch (UaException)
        {
            Array.Clear(leaves);
            return false;
        }
    }

    private static bool ReadAll(Array? structures, StructureType type, Variant[] leaves)
    {
        Variant[][] columns = Columns(type.Leaves.Count, structures?.Length ?? 0);
        var row = new Variant[type.Leaves.Count];
        for (int i = 0; i < (structures?.Length ?? 0); i++)
        {
            Array.Clear(row);
            if (structures!.GetValue(i) is not ExtensionObject one || !TryReadOne(one, type, row))
                return false;
            Spread(row, columns, i);
        }

        Wrap(columns, leaves);
        return true;
    }

    private static bool TryReadOne(ExtensionObject structure, StructureType type, Span<Variant> leaves)
    {
        if (structure.IsXml || structure.TypeId != type.Encoding)
            return false;
        var reader = new UaReader(structure.Body.Span);
        Read(ref reader, type, leaves);
        return reader.Remaining == 0;
    }

    private static void Read(ref UaReader reader, StructureType type, Span<Variant> leaves)
    {
        uint there = type.Kind == StructureKind.WithOptionalFields || type.IsUnion ? reader.UInt32() : 0;
        if (type.IsUnion && there > type.Fields.Count)
            throw new UaException(StatusCodes.BadDecodingError, $"A union of {type.Fields.Count} members holds number {there}.");
        int next = 0;
        for (int i = 0; i < type.Fields.Count; i++)
        {
            StructureField field = type.Fields[i];
            bool isThere = type.IsUnion ? there == i + 1 : field.Bit < 0 || ((there >> field.Bit) & 1) == 1;
            if (isThere)
                ReadField(ref reader, field, leaves.Slice(next, field.Width));
            next += field.Width;
        }
    }

    private static void ReadField(ref UaReader reader, StructureField field, Span<Variant> leaves)
    {
        if (field.Rank < 0 && field.Inner is not null)
            Read(ref reader, field.Inner, leaves);
        else if (field.Rank < 0)
            leaves[0] = ReadOne(ref reader, field.Encoded);
        else if (field.Inner is null && field.Rank <= 1)
            leaves[0] = Variant.FromArray(field.Encoded, reader.Elements(field.Encoded));
        else
            ReadElements(ref reader, field, leaves);
    }

    private static Variant ReadOne(ref UaReader reader, BuiltInType type) => type == BuiltInType.Variant ? reader.Variant() : reader.Scalar(type);

    // Arrays of structures, and matrices: these tell the length of each dimension and then their elements.
    private static void ReadElements(ref UaReader reader, StructureField field, Span<Variant> leaves)
    {
        int count = field.Rank <= 1 ? Math.Max(reader.Count(1), 0) : Product(ref reader);
        Variant[][] columns = Columns(field.Width, count);
        var row = new Variant[field.Width];
        for (int i = 0; i < count; i++)
        {
            Array.Clear(row);
            if (field.Inner is null)
                row[0] = ReadOne(ref reader, field.Encoded);
            else
                Read(ref reader, field.Inner, row);
            Spread(row, columns, i);
        }

        Wrap(columns, leaves);
    }

    private static int Product(ref UaReader reader)
    {
        long product = 1;
        for (int left = reader.Count(4); left > 0; left--)
        {
            int length = reader.Int32();
            if (length < 0)
                throw new UaException(StatusCodes.BadDecodingError, "A matrix in a structure has a negative dimension.");
            product = Math.Min(product * length, int.MaxValue);
        }

        return product <= reader.Remaining ? (int)product : throw new UaException(StatusCodes.BadDecodingError, "A matrix in a structure exceeds the message.");
    }

    private static Variant[][] Columns(int width, int rows)
    {
        if ((long)width * rows > MostValues)
            throw new UaException(StatusCodes.BadEncodingLimitsExceeded, $"An array of {rows} structures with {width} values each is too large.");
        var columns = new Variant[width][];
        for (int i = 0; i < width; i++)
            columns[i] = new Variant[rows];
        return columns;
    }

    private static void Spread(ReadOnlySpan<Variant> row, Variant[][] columns, int index)
    {
        for (int i = 0; i < row.Length; i++)
            columns[i][index] = row[i];
    }

    private static void Wrap(Variant[][] columns, Span<Variant> leaves)
    {
        for (int i = 0; i < columns.Length; i++)
            leaves[i] = Variant.FromArray(BuiltInType.Variant, columns[i]);
    }
}
