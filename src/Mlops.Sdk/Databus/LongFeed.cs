using System.Text.Json;
using Mlops.Data;

namespace Mlops.Databus;

/// <summary>
/// A feed with so many data points that a column each would be mostly empty: one record a value, with the name of its data point and
/// a column for each type that occurs.
/// </summary>
internal static class LongFeed
{
    /// <summary>The field with the name of the data point.</summary>
    public const string Point = "point";

    /// <summary>Stands for the time of a record until the message has told it.</summary>
    public const long Unset = long.MinValue;

    /// <summary>Returns the field that takes values of a type.</summary>
    public static string FieldOf(FieldType type) => JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    /// <summary>Returns the fields for data points of some types.</summary>
    public static List<FeedField> Fields(IEnumerable<FieldType> types) =>
        [new FeedField(Point, FieldType.Text), .. types.Distinct().Order().Select(t => new FeedField(FieldOf(t), t))];
}
