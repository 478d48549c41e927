using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Shows features as items of a tree.</summary>
internal static class FeatureItems
{
    public static BrowseItem Of(CameraFeature feature) => new(feature.Name, feature.DisplayName ?? feature.Name)
    {
        HasChildren = feature.Kind == FeatureKind.Category,
        Type = feature.Kind switch
        {
            FeatureKind.Boolean => FieldType.Boolean,
            FeatureKind.Integer => FieldType.Int64,
            FeatureKind.Float => FieldType.Float64,
            FeatureKind.Enumeration or FeatureKind.Text => FieldType.Text,
            _ => null,
        },
        Unit = feature.Unit,
        Writable = feature.IsWritable,
        Description = Describe(feature),
    };

    private static string Describe(CameraFeature feature)
    {
        var parts = new List<string>();
        if (feature.Value is not null)
            parts.Add($"now {FeatureValues.Show(feature.Value)}");
        if (feature is { Minimum: not null, Maximum: not null })
            parts.Add($"{FeatureValues.Show(feature.Minimum)} to {FeatureValues.Show(feature.Maximum)}");
        if (feature.Choices.Count > 0)
            parts.Add($"one of {string.Join(", ", feature.Choices)}");
        string state = string.Join("; ", parts);
        return feature.Description is { Length: > 0 } text ? state.Length > 0 ? $"{text} ({state})" : text : state;
    }
}
