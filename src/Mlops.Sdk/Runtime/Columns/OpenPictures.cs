using Mlops.Data;
using Mlops.Pictures;
using Mlops.Workflows;

namespace Mlops.Runtime.Columns;

/// <summary>
/// The pictures of a batch on their way into a block. The first of each input is opened once: for its size, and then to be written, or to be
/// shown to the code where it lies. So the picture that was looked at is the one that is seen, though a camera's memory has moved on.
/// </summary>
internal sealed class OpenPictures(InputPictures pictures, int inputs)
{
    private readonly IPicture?[] _first = new IPicture?[inputs];
    private readonly IPicture?[] _shown = new IPicture?[inputs];

    /// <summary>Gets a value indicating whether pictures wait for being shown.</summary>
    public bool HasShown { get; private set; }

    /// <summary>Opens the first picture of a batch; it stays open.</summary>
    /// <exception cref="WorkflowException">The record has no picture, or it cannot be read.</exception>
    public IPicture Open(Column column, int input) => _first[input] ??= pictures.Open(column, 0);

    /// <summary>Says that the first picture of an input is shown where it lies, not written.</summary>
    public void Show(int input)
    {
        (_shown[input], _first[input]) = (_first[input], null);
        HasShown = true;
    }

    /// <summary>Returns the picture that is to be shown, which the caller disposes; <see langword="null"/> when there is none.</summary>
    public IPicture? TakeShown(int input)
    {
        IPicture? shown = _shown[input];
        _shown[input] = null;
        return shown;
    }

    /// <summary>Writes the pictures of a column, one behind the other; none where the first is shown.</summary>
    /// <exception cref="WorkflowException">One is missing, has another size, or cannot be unpacked.</exception>
    public unsafe void Write(Column column, int input, int[] shape, byte* samples, long pictureBytes)
    {
        if (_shown[input] is not null)
            return;
        for (int row = 0; row < column.Count; row++)
        {
            using IPicture picture = row == 0 ? Open(column, input) : pictures.Open(column, row);
            _first[input] = null;
            pictures.Copy(picture, column.Field.Name, shape, new Span<byte>(samples + (row * pictureBytes), checked((int)pictureBytes)));
        }
    }

    /// <summary>Closes what is still open.</summary>
    public void Close()
    {
        for (int input = 0; input < _first.Length; input++)
        {
            _first[input]?.Dispose();
            _shown[input]?.Dispose();
            _first[input] = _shown[input] = null;
        }

        HasShown = false;
    }
}
