using System.Globalization;

namespace Mlops.Drivers.OpcUa.Types;

/// <summary>A name in a namespace, written <c>2:Temperature</c>.</summary>
/// <param name="NamespaceIndex">Index of the namespace.</param>
/// <param name="Name">The name.</param>
public readonly record struct QualifiedName(ushort NamespaceIndex, string? Name)
{
    /// <summary>Reads a name with or without an index before a colon.</summary>
    /// <param name="text">For example <c>2:Temperature</c>.</param>
    /// <returns>The name; without an index that of namespace 0.</returns>
    public static QualifiedName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out ushort index)
            ? new QualifiedName(index, text[(colon + 1)..])
            : new QualifiedName(0, text);
    }

    /// <inheritdoc/>
    public override string ToString() => NamespaceIndex == 0 ? Name ?? "" : string.Create(CultureInfo.InvariantCulture, $"{NamespaceIndex}:{Name}");
}
