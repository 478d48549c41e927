using System.Text.Json;

namespace Mlops.Testing.Assets;

/// <summary>Is one data point of a collection as metadata announces it.</summary>
/// <param name="Name">The name, unique in its collection.</param>
/// <param name="Id">The id under which values name it, unique in its connection.</param>
/// <param name="DataType">The databus data type: LReal, LInt, Bool or String.</param>
internal sealed record DataPoint(string Name, JsonEncodedText Id, string DataType)
{
    public static DataPoint Numbered(string name, int number, string dataType) =>
        new(name, JsonEncodedText.Encode(number.ToString(System.Globalization.CultureInfo.InvariantCulture)), dataType);
}
