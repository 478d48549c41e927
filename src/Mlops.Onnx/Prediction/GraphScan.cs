namespace Mlops.Onnx.Prediction;

// A graph computes and does nothing else, so a package that is not trusted may bring one into this process. What could still do harm is
// refused before the engine sees it: loops and branches, which may never end, files beside the model, operators of other libraries, and
// operators whose output is as large as their input says.

/// <summary>Reads as much of an ONNX file as it takes to tell whether its graph is plain.</summary>
internal static class GraphScan
{
    private const int ModelGraph = 7, ModelFunction = 25;
    private const int GraphNode = 1, GraphInitializer = 5, GraphSparseInitializer = 15;
    private const int NodeKind = 4, NodeAttribute = 5, NodeDomain = 7;
    private const int AttributeTensor = 5, AttributeGraph = 6, AttributeGraphs = 11;
    private const int TensorExternal = 13, TensorLocation = 14;

    private static readonly HashSet<string> s_sized =
    [
        "ConstantOfShape", "Expand", "Tile", "Range", "Resize", "Upsample", "Pad", "OneHot", "RandomNormal", "RandomUniform", "EyeLike", "Bernoulli", "Multinomial",
    ];

    /// <summary>Returns what is not plain, completing "model.onnx …"; <see langword="null"/> when all is.</summary>
    public static string? Refusal(ReadOnlySpan<byte> content)
    {
        try
        {
            var model = new MessageReader(content);
            while (model.Next(out int field, out ReadOnlySpan<byte> part))
            {
                if (field == ModelFunction)
                    return "defines functions of its own";
                if (field == ModelGraph && OfGraph(part) is { } refusal)
                    return refusal;
            }

            return null;
        }
        catch (InvalidDataException)
        {
            return "is damaged or not an ONNX model";
        }
    }

    private static string? OfGraph(ReadOnlySpan<byte> graph)
    {
        var parts = new MessageReader(graph);
        while (parts.Next(out int field, out ReadOnlySpan<byte> part))
        {
            string? refusal = field switch
            {
                GraphNode => OfNode(part),
                GraphInitializer => OfTensor(part),
                GraphSparseInitializer => "holds sparse tensors",
                _ => null,
            };
            if (refusal is not null)
                return refusal;
        }

        return null;
    }

    private static string? OfNode(ReadOnlySpan<byte> node)
    {
        var parts = new MessageReader(node);
        while (parts.Next(out int field, out ReadOnlySpan<byte> part))
        {
            string text = field is NodeKind or NodeDomain ? System.Text.Encoding.UTF8.GetString(part) : "";
            string? refusal = field switch
            {
                NodeKind when s_sized.Contains(text) => $"has the operator {text}, whose output may be of any size",
                NodeDomain when text is not ("" or "ai.onnx" or "ai.onnx.ml") => $"has operators of '{text}'",
                NodeAttribute => OfAttribute(part),
                _ => null,
            };
            if (refusal is not null)
                return refusal;
        }

        return null;
    }

    private static string? OfAttribute(ReadOnlySpan<byte> attribute)
    {
        var parts = new MessageReader(attribute);
        while (parts.Next(out int field, out ReadOnlySpan<byte> part))
        {
            if (field is AttributeGraph or AttributeGraphs)
                return "has loops or branches";
            if (field == AttributeTensor && OfTensor(part) is { } refusal)
                return refusal;
        }

        return null;
    }

    private static string? OfTensor(ReadOnlySpan<byte> tensor)
    {
        var parts = new MessageReader(tensor);
        while (parts.Next(out int field, out _))
        {
            if (field is TensorExternal or TensorLocation)
                return "keeps data in other files";
        }

        return null;
    }

    /// <summary>Walks the fields of a protobuf message; numbers come as empty parts.</summary>
    private ref struct MessageReader(ReadOnlySpan<byte> content)
    {
        private ReadOnlySpan<byte> _rest = content;

        public bool Next(out int field, out ReadOnlySpan<byte> part)
        {
            field = 0;
            part = default;
            if (_rest.IsEmpty)
                return false;
            ulong key = Number();
            field = (int)Math.Min(key >> 3, int.MaxValue);
            switch (key & 7)
            {
                case 0:
                    Number();
                    break;
                case 1:
                    Take(8);
                    break;
                case 2:
                    part = Take(Number());
                    break;
                case 5:
                    Take(4);
                    break;
                default:
                    throw new InvalidDataException();
            }

            return true;
        }

        private ReadOnlySpan<byte> Take(ulong length)
        {
            if (length > (ulong)_rest.Length)
                throw new InvalidDataException();
            ReadOnlySpan<byte> taken = _rest[..(int)length];
            _rest = _rest[(int)length..];
            return taken;
        }

        private ulong Number()
        {
            ulong value = 0;
            for (int shift = 0; shift < 64; shift += 7)
            {
                byte part = Take(1)[0];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                    return value;
            }

            throw new InvalidDataException();
        }
    }
}
