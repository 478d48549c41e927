namespace Mlops.Python.Values;

/// <summary>The letters by which Python's buffers name element types (those of its struct module).</summary>
internal static class ElementType
{
    /// <summary>Returns the letter for a .NET type.</summary>
    public static char LetterOf<T>()
        where T : unmanaged
        => default(T) switch
        {
            bool => '?',
            sbyte => 'b',
            byte => 'B',
            short => 'h',
            ushort => 'H',
            int => 'i',
            uint => 'I',

            // NumPy's int64 is C's long where that has 64 bits.
            long => OperatingSystem.IsWindows() ? 'q' : 'l',
            ulong => OperatingSystem.IsWindows() ? 'Q' : 'L',
            float => 'f',
            double => 'd',
            _ => throw new NotSupportedException($"{typeof(T)} is no element type of Python's buffers: bool, the integers up to 64 bits, float and double are."),
        };

    /// <summary>Returns whether a format that a buffer tells means the same as the letter of a .NET type of the same size.</summary>
    public static bool Matches(char letter, ReadOnlySpan<byte> format)
    {
        if (format.Length == 2 && (char)format[0] is '@' or '=' || (format.Length == 2 && (char)format[0] == (BitConverter.IsLittleEndian ? '<' : '>')))
            format = format[1..];
        return format.Length == 1 && Family((char)format[0]) == Family(letter);
    }

    private static char Family(char letter) => letter switch
    {
        'b' or 'h' or 'i' or 'l' or 'q' or 'n' => 'i',
        'B' or 'H' or 'I' or 'L' or 'Q' or 'N' or 'c' => 'I',
        _ => letter,
    };
}
