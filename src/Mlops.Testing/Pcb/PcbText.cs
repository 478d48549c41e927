namespace Mlops.Testing.Pcb;

/// <summary>Gives labels and verdicts the words under which they travel.</summary>
public static class PcbText
{
    /// <summary>Gets the words of all labels in the order of <see cref="PcbLabel"/>.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["ok", "error", "pseudo-error"];

    private static readonly string[] Verdicts = ["good", "insufficient", "excess", "bridge", "offset", "shape"];

    /// <summary>Returns the word of a label: <c>ok</c>, <c>error</c> or <c>pseudo-error</c>.</summary>
    /// <param name="label">The label.</param>
    /// <returns>The word.</returns>
    public static string ToText(this PcbLabel label) => Labels[(int)label];

    /// <summary>Returns the word of a verdict in lower case, such as <c>insufficient</c>.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>The word.</returns>
    public static string ToText(this PcbVerdict verdict) => Verdicts[(int)verdict];
}
