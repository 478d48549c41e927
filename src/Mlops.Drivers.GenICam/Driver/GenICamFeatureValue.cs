using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>The value of a feature in settings: a number, true, false or a text; kept as text.</summary>
/// <param name="Text">The value as text, numbers with a decimal point.</param>
[JsonConverter(typeof(GenICamFeatureValueJsonConverter))]
[TypeConverter(typeof(GenICamFeatureValueTypeConverter))]
public readonly record struct GenICamFeatureValue(string Text)
{
    /// <summary>Makes a value of a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator GenICamFeatureValue(string text) => FromString(text);

    /// <summary>Makes a value of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The value.</returns>
    public static GenICamFeatureValue FromString(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text ?? "";
}
