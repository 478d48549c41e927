namespace Mlops.Drivers.OpcUa.Types;

/// <summary>A text in a language.</summary>
/// <param name="Text">The text.</param>
/// <param name="Locale">The language, for example <c>en-US</c>; <see langword="null"/> when it is not told.</param>
public readonly record struct LocalizedText(string? Text, string? Locale = null)
{
    /// <inheritdoc/>
    public override string ToString() => Text ?? "";
}
