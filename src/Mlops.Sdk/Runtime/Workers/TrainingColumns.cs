using Mlops.Data;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

/// <summary>Writes the data of a training into a file that its worker maps.</summary>
internal static class TrainingColumns
{
    public static (MappedColumns Memory, ColumnLayout Layout) Write(TrainingJob job, TrainingData data, string path)
    {
        ColumnKind[] kinds = InputKinds.Of(job.Package.Manifest, data.Inputs);
        var pictures = new OpenPictures(new InputPictures(job.Pictures, job.Package), kinds.Length);
        try
        {
            return Write(job, data, kinds, pictures, path);
        }
        finally
        {
            pictures.Close();
        }
    }

    private static unsafe (MappedColumns Memory, ColumnLayout Layout) Write(TrainingJob job, TrainingData data, ColumnKind[] kinds, OpenPictures pictures, string path)
    {
        ColumnKind? labelKind = data.LabelType is { } type ? InputKinds.Of(type) : null;
        var inputs = new ColumnShape[kinds.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = new ColumnShape(data.Inputs.Fields[i].Name, kinds[i], TextBytes(data, i, kinds[i]), kinds[i] == ColumnKind.Image ? Dimensions(data, i, pictures) : null);
        ColumnShape? label = labelKind is { } kind ? new ColumnShape("label", kind, TextBytes(data, kinds.Length, kind)) : null;

        var layout = new ColumnLayout(data.Rows, inputs, label, [], job.Package.Manifest.Window?.Rows ?? 0);
        var memory = new MappedColumns(path, layout.Size);
        var hasNulls = new bool[kinds.Length + 1];
        for (int i = 0; i < hasNulls.Length; i++)
        {
            ColumnKind? of = i < kinds.Length ? kinds[i] : labelKind;
            hasNulls[i] = of is ColumnKind.Integer or ColumnKind.Unsigned or ColumnKind.Boolean && data.Batches.Any(batch => batch.Column(i).NullCount > 0);
        }

        var writer = new ColumnWriter(memory.Address, layout, pictures);
        writer.Begin(hasNulls);
        foreach (RecordBatch batch in data.Batches)
            writer.Append(batch);
        return (memory, layout);
    }

    /// <summary>Those of the first picture: all have the same.</summary>
    private static int[] Dimensions(TrainingData data, int column, OpenPictures pictures)
    {
        RecordBatch? batch = data.Batches.FirstOrDefault(batch => batch.Count > 0);
        return batch is null ? [1, 1] : InputPictures.ShapeOf(pictures.Open(batch.Column(column), column));
    }

    /// <summary>At least one byte: an empty section has no place in a mapped file.</summary>
    private static long TextBytes(TrainingData data, int column, ColumnKind kind) =>
        kind == ColumnKind.Text ? Math.Max(1, data.Batches.Sum(batch => (long)batch.Column(column).TextBytes.Length)) : 0;
}
