namespace Mlops.Testing.Imu;

/// <summary>Writes activities as labels do.</summary>
public static class ImuText
{
    /// <summary>Gets the labels of all activities, in their order.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["idle", "hammering", "screwing", "sawing", "drilling"];

    /// <summary>Returns the label of an activity.</summary>
    /// <param name="activity">The activity.</param>
    /// <returns>Its label.</returns>
    public static string ToText(this ImuActivity activity) => Labels[(int)activity];
}
