using Microsoft.Extensions.Logging;
using Mlops.Pictures;
using Mlops.Python;
using Mlops.Runtime.Columns;

namespace Mlops.Runtime.InProcess;

// WHO HOLDS THE MEMORY OF A PICTURE
//
// A picture that lies in memory as arrays have it, such as a frame in the camera's buffer, is not copied: the code sees that memory, and
// cannot write it. The picture is disposed, and the buffer goes back, when the call has ended and nothing in Python looks at the memory any
// more. Code that keeps the array keeps the memory, which stays as it is until the array is gone. So that nobody can take all buffers of
// a camera, each input lends one picture at a time: while it is out, the next ones are copied into memory of Python's own, one each, which
// may be kept as long as one likes. Everything here is used on the engine's calling thread.

/// <summary>The pictures that the code of a model sees where they lie.</summary>
internal sealed class ShownPictures(ILogger logger, string title)
{
    // Lent to models that are closed, and kept by something that outlives them.
    private static readonly List<Loan> s_kept = [];
    private readonly Dictionary<int, Loan> _lent = [];
    private bool _isShowing;
    private bool _hasSaid;

    /// <summary>Puts a picture into the batch that the code gets next.</summary>
    /// <param name="py">The call.</param>
    /// <param name="predictor">Takes it.</param>
    /// <param name="name">Name of the input.</param>
    /// <param name="input">Number of the input.</param>
    /// <param name="picture">The picture; it is disposed when nobody sees it any more.</param>
    public void Show(PythonScope py, PythonObject predictor, string name, int input, IPicture picture)
    {
        int[] shape = InputPictures.ShapeOf(picture);
        int length = shape.Aggregate(1, static (product, length) => checked(product * length));
        if (_lent.ContainsKey(input))
            TryTakeBack(predictor);
        _isShowing = true;
        if (_lent.ContainsKey(input))
        {
            using (picture)
                ShowCopy(py, predictor, name, picture.Samples, length, shape);
            return;
        }

        Loan loan = _lent[input] = Loan.Of(py, picture, length);
        predictor.CallMethod("show", name, loan.Value, shape).Dispose();
    }

    /// <summary>Takes the pictures away from the code, as far as it lets go of them.</summary>
    public void TryTakeBack(PythonObject predictor)
    {
        if (_isShowing)
            predictor.CallMethod("hide").Dispose();
        _isShowing = false;
        foreach ((int input, Loan loan) in _lent)
        {
            if (loan.TryEnd())
                _lent.Remove(input);
        }

        s_kept.RemoveAll(static loan => loan.TryEnd());
        if (_lent.Count == 0 || _hasSaid)
            return;
        _hasSaid = true;
        Log.PictureKept(logger, title);
    }

    /// <summary>Takes them back after the model has gone.</summary>
    public void Close()
    {
        s_kept.AddRange(_lent.Values);
        _lent.Clear();
        s_kept.RemoveAll(static loan => loan.TryEnd());
    }

    private static unsafe void ShowCopy(PythonScope py, PythonObject predictor, string name, nint samples, int length, int[] shape)
    {
        using PythonBuffer<byte> own = py.Allocate<byte>(length);
        new ReadOnlySpan<byte>((void*)samples, length).CopyTo(own.Span);
        using PythonObject view = own.NewView(writable: false);
        predictor.CallMethod("show", name, view, shape).Dispose();
    }

    private sealed class Loan
    {
        private readonly IPicture _picture;
        private readonly PythonView _view;

        private Loan(IPicture picture, PythonView view) => (_picture, _view) = (picture, view);

        public PythonObject Value => _view.Value;

        public static Loan Of(PythonScope py, IPicture picture, int length)
        {
            try
            {
                return new Loan(picture, py.View<byte>(picture.Samples, length));
            }
            catch
            {
                picture.Dispose();
                throw;
            }
        }

        public bool TryEnd()
        {
            if (!_view.TryRelease())
                return false;
            _view.Dispose();
            _picture.Dispose();
            return true;
        }
    }
}
