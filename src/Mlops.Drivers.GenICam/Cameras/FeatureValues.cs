using System.Globalization;

namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>Converts and checks values of features, so that an error names feature, value and what is allowed.</summary>
internal static class FeatureValues
{
    /// <summary>Returns a value as the feature wants it: bool, long, double or string.</summary>
    /// <exception cref="CameraException">The feature does not take it.</exception>
    public static object Fit(string camera, CameraFeature feature, object value)
    {
        switch (feature.Kind)
        {
            case FeatureKind.Command:
                return value;
            case FeatureKind.Boolean:
                return value as bool? ?? (bool.TryParse(Show(value), out bool flag) ? flag : throw Wrong(camera, feature, value, "It is true or false."));
            case FeatureKind.Integer:
                if (!TryInteger(value, out long integer))
                    throw Wrong(camera, feature, value, "It is a whole number.");
                Check(camera, feature, integer, feature.Minimum as long?, feature.Maximum as long?);
                if (feature is { Increment: long step and > 1, Minimum: long first } && (integer - first) % step != 0)
                    throw Wrong(camera, feature, value, $"It goes from {first} in steps of {step}; {integer - ((integer - first) % step)} is the nearest below.");
                return integer;
            case FeatureKind.Float:
                if (!double.TryParse(Show(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                    throw Wrong(camera, feature, value, "It is a number.");
                Check(camera, feature, number, feature.Minimum as double?, feature.Maximum as double?);
                return number;
            case FeatureKind.Enumeration:
                string choice = Show(value);
                return feature.Choices.Count == 0 || feature.Choices.Contains(choice) ? choice : throw Wrong(camera, feature, value, $"It can be {string.Join(", ", feature.Choices)}.");
            case FeatureKind.Text:
                return Show(value);
            default:
                throw Wrong(camera, feature, value, feature.Kind == FeatureKind.Category ? "It is a category; name one of its features." : "Raw registers are not written.");
        }
    }

    /// <summary>Checks that the camera took a value.</summary>
    /// <returns>What it made of it: floating-point values may be rounded.</returns>
    /// <exception cref="CameraException">It kept another value.</exception>
    public static object Verify(string camera, CameraFeature feature, object wanted, object now)
    {
        bool isTaken = feature.Kind == FeatureKind.Float
            ? Math.Abs((double)now - (double)wanted) <= 0.01 * Math.Max(1, Math.Abs((double)wanted))
            : Equals(now, wanted);
        return isTaken ? now : throw Wrong(camera, feature, wanted, $"The camera took it without an error, yet it is {Show(now)} now.");
    }

    public static string Show(object? value) => value switch
    {
        null => "unknown",
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool TryInteger(object value, out long integer)
    {
        switch (value)
        {
            case long number:
                integer = number;
                return true;
            case double number when Math.Truncate(number) == number && Math.Abs(number) < 9e15:
                integer = (long)number;
                return true;
            default:
                return long.TryParse(Show(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out integer);
        }
    }

    private static void Check<T>(string camera, CameraFeature feature, T value, T? least, T? most)
        where T : struct, IComparable<T>
    {
        if ((least is { } low && value.CompareTo(low) < 0) || (most is { } high && value.CompareTo(high) > 0))
            throw Wrong(camera, feature, value, $"Allowed is {Show(least)} to {Show(most)}{(feature.Unit is null ? "" : " " + feature.Unit)}.");
    }

    private static CameraException Wrong(string camera, CameraFeature feature, object value, string remedy) =>
        new($"Camera '{camera}': '{feature.Name}' cannot be {Show(value)}. {remedy}") { IsWrongSetting = true };
}
