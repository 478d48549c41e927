using Mlops.Drivers.GenICam.Aravis.Native;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>Reads what a camera sends beside the pixels of its frames, by the camera's own description. One thread at a time.</summary>
internal sealed unsafe class FrameChunks(CameraHandle camera) : IDisposable
{
    private readonly ChunkParserHandle _parser = Arv.arv_camera_create_chunk_parser(camera);
    private readonly Dictionary<string, Kind> _kinds = [];

    private enum Kind
    {
        Float,
        Integer,
        Boolean,
    }

    /// <summary>Reads a value; <see langword="null"/> when the frame has none of that name.</summary>
    public double? Read(nint buffer, string name)
    {
        if (_kinds.TryGetValue(name, out Kind known))
            return Read(buffer, name, known);
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            if (Read(buffer, name, kind) is { } value)
            {
                _kinds[name] = kind;
                return value;
            }
        }

        return null;
    }

    public void Dispose() => _parser.Dispose();

    private double? Read(nint buffer, string name, Kind kind)
    {
        GLib.ErrorRecord* error = null;
        double value = kind switch
        {
            Kind.Float => Arv.arv_chunk_parser_get_float_value(_parser, buffer, name, &error),
            Kind.Integer => Arv.arv_chunk_parser_get_integer_value(_parser, buffer, name, &error),
            _ => Arv.arv_chunk_parser_get_boolean_value(_parser, buffer, name, &error),
        };
        return AravisErrors.Take(ref error) is null ? value : null;
    }
}
