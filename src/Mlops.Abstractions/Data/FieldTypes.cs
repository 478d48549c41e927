namespace Mlops.Data;

/// <summary>Tells how the types of fields are built: a list type is its element's type with one bit more.</summary>
public static class FieldTypes
{
    private const int ListBit = 16;

    /// <summary>Tells whether values are lists.</summary>
    /// <param name="type">The type.</param>
    /// <returns><see langword="true"/> for the types that end in List.</returns>
    public static bool IsList(this FieldType type) => ((int)type & ListBit) != 0;

    /// <summary>Returns the type of a list's elements; of any other type, itself.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The type of one element.</returns>
    public static FieldType Element(this FieldType type) => (FieldType)((int)type & ~ListBit);

    /// <summary>Returns the type of lists of such elements; of a list type, itself.</summary>
    /// <param name="element">The type of the elements.</param>
    /// <returns>The list type.</returns>
    public static FieldType ListOf(this FieldType element) => (FieldType)((int)element | ListBit);

    /// <summary>Tells whether values differ in size, so that a column has offsets: text and lists.</summary>
    /// <param name="type">The type.</param>
    /// <returns><see langword="false"/> for the types whose values stand one after the other.</returns>
    public static bool HasOffsets(this FieldType type) => type == FieldType.Text || type.IsList();
}
