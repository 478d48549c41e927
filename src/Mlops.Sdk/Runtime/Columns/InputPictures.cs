using Mlops.Data;
using Mlops.Pictures;
using Mlops.Workflows;

namespace Mlops.Runtime.Columns;

/// <summary>Opens the pictures that the records of one package name.</summary>
internal sealed class InputPictures(IPictures? pictures, WorkflowPackage package)
{
    private string Title => $"Workflow '{package.Manifest.Name}' {package.Manifest.Version}";

    /// <exception cref="WorkflowException">The record has no picture, or it cannot be read.</exception>
    public IPicture Open(Column column, int row)
    {
        if (!column.IsValid(row))
            throw new WorkflowException($"{Title}: a record has no picture in '{column.Field.Name}'. Store a picture with each record, or leave out those without: {column.Field.Name} LIKE 'sha256:%'.") { IsOfRecord = true };
        try
        {
            return (pictures ?? throw new IOException("This host has no pictures. Call AddStore()."))
                .Open(System.Text.Encoding.UTF8.GetString(column.Utf8(row)), package.Folder);
        }
        catch (IOException error)
        {
            throw new WorkflowException($"{Title}: input '{column.Field.Name}': {error.Message}", traceback: null, error) { IsOfRecord = true };
        }
    }

    /// <summary>Returns the dimensions of a picture as arrays have them: height, width, and 3 for colours.</summary>
    public static int[] ShapeOf(IPicture picture) => picture.Channels == 1 ? [picture.Height, picture.Width] : [picture.Height, picture.Width, picture.Channels];

    /// <exception cref="WorkflowException">It has another size, or cannot be unpacked.</exception>
    public void Copy(IPicture picture, string field, int[] shape, Span<byte> samples)
    {
        int[] own = ShapeOf(picture);
        if (!own.AsSpan().SequenceEqual(shape))
            throw new WorkflowException($"{Title}: the pictures in '{field}' differ in size: {string.Join(" x ", shape)} and {string.Join(" x ", own)} (height, width, channels). Use records of one size, for example by a filter on width and height.");
        try
        {
            picture.CopyTo(samples);
        }
        catch (IOException error)
        {
            throw new WorkflowException($"{Title}: input '{field}': {error.Message}", traceback: null, error) { IsOfRecord = true };
        }
    }
}
