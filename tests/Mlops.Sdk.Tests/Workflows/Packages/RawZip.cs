using System.IO.Compression;
using System.Text;

namespace Mlops.Workflows.Packages;

/// <summary>Writes zip files byte by byte, so that they can lie where ZipArchive does not let them.</summary>
internal sealed class RawZip
{
    private readonly List<Entry> _entries = [];

    public RawZip Add(Entry entry)
    {
        _entries.Add(entry);
        return this;
    }

    public byte[] Build()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        var offsets = new List<uint>();
        foreach (Entry entry in _entries)
        {
            offsets.Add((uint)memory.Position);
            writer.Write(0x04034b50);
            writer.Write((ushort)20);
            WriteCommon(writer, entry);
            writer.Write((ushort)0);
            writer.Write(entry.NameBytes);
            writer.Write(entry.Packed);
        }

        uint directory = (uint)memory.Position;
        foreach ((Entry entry, uint offset) in _entries.Zip(offsets))
        {
            writer.Write(0x02014b50);
            writer.Write((ushort)0x0314);
            writer.Write((ushort)20);
            WriteCommon(writer, entry);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(entry.Attributes);
            writer.Write(offset);
            writer.Write(entry.NameBytes);
        }

        uint size = (uint)memory.Position - directory;
        writer.Write(0x06054b50);
        writer.Write(0);
        writer.Write((ushort)_entries.Count);
        writer.Write((ushort)_entries.Count);
        writer.Write(size);
        writer.Write(directory);
        writer.Write((ushort)0);
        return memory.ToArray();
    }

    private static void WriteCommon(BinaryWriter writer, Entry entry)
    {
        writer.Write((ushort)(0x800 | entry.Flags));
        writer.Write(entry.Deflated ? (ushort)8 : (ushort)0);
        writer.Write(0x58CF0000);
        writer.Write(entry.Crc);
        writer.Write((uint)entry.Packed.Length);
        writer.Write(entry.Length);
        writer.Write((ushort)entry.NameBytes.Length);
    }

    /// <summary>An entry; what is not set is honest.</summary>
    internal sealed record Entry
    {
        public Entry(string name, string text, bool deflated = false)
            : this(name, Encoding.UTF8.GetBytes(text), deflated)
        {
        }

        public Entry(string name, byte[] content, bool deflated = false)
        {
            NameBytes = Encoding.UTF8.GetBytes(name);
            Deflated = deflated;
            Length = (uint)content.Length;
            var crc = new Crc32();
            crc.Append(content);
            Crc = crc.Value;
            Packed = content;
            if (!deflated)
                return;
            using var memory = new MemoryStream();
            using (var deflate = new DeflateStream(memory, CompressionLevel.Optimal, leaveOpen: true))
                deflate.Write(content);
            Packed = memory.ToArray();
        }

        public byte[] NameBytes { get; init; }

        public byte[] Packed { get; init; }

        public bool Deflated { get; }

        public uint Length { get; init; }

        public uint Crc { get; init; }

        public ushort Flags { get; init; }

        public uint Attributes { get; init; } = 0x81A40000;
    }
}
