using System.Runtime.InteropServices;

namespace Mlops.DuckDb.Native;

/// <summary>
/// The C API's <c>duckdb_string_t</c>, 16 bytes: up to 12 bytes of text lie in the entry itself, a longer text has its first 4 bytes
/// there and a pointer to the whole.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct StringEntry
{
    internal const int InlineLength = 12;

    [FieldOffset(0)]
    internal uint Length;

    [FieldOffset(4)]
    internal fixed byte Inline[InlineLength];

    [FieldOffset(8)]
    internal byte* Pointer;

    /// <summary>Gives the bytes of an entry that lies in native memory.</summary>
    internal static ReadOnlySpan<byte> Bytes(StringEntry* entry) =>
        new(entry->Length <= InlineLength ? entry->Inline : entry->Pointer, checked((int)entry->Length));

    /// <summary>Writes a text of at most <see cref="InlineLength"/> bytes; the rest is zero, because the engine compares whole entries.</summary>
    internal static void SetInline(StringEntry* entry, ReadOnlySpan<byte> text)
    {
        *entry = default;
        entry->Length = (uint)text.Length;
        text.CopyTo(new Span<byte>(entry->Inline, InlineLength));
    }
}

/// <summary>The C API's <c>duckdb_list_entry</c>: where a row's elements lie in the child vector.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ListEntry
{
    internal ulong Offset;
    internal ulong Length;
}
