using System.Numerics;
using Mlops.Data;
using Mlops.Pictures;
using Mlops.Workflows;

namespace Mlops.Runtime.Columns;

/// <summary>The block of one predictor: batches in, answers out. Says when it must grow; whoever owns the memory then binds a larger one.</summary>
internal sealed unsafe class PredictionBlock
{
    private const int FirstRows = 64;
    private const int FirstText = 1024;
    private const long MaxBytes = 1 << 30;
    private readonly FeedSchema _inputs;
    private readonly ColumnKind[] _kinds;
    private readonly AnswerReader _answers;
    private readonly bool[] _hasNulls;
    private readonly long[] _inputText;
    private readonly OpenPictures _pictures;
    private readonly int[]?[] _dimensions;
    private readonly string _title;
    private readonly int _window;
    private FeedSchema _checked;
    private long _rows = FirstRows;
    private long _outputText = FirstText;
    private byte* _address;
    private ColumnWriter? _writer;

    public PredictionBlock(PredictorRequest request)
    {
        WorkflowManifest manifest = request.Package.Manifest;
        _title = $"'{manifest.Name}' {manifest.Version}";
        _window = manifest.Window?.Rows ?? 0;
        _inputs = _checked = request.Inputs;
        _kinds = InputKinds.Of(manifest, _inputs);
        _hasNulls = new bool[_kinds.Length];
        _inputText = new long[_kinds.Length];
        Array.Fill(_inputText, FirstText);
        _pictures = new OpenPictures(new InputPictures(request.Pictures, request.Package), _kinds.Length);
        _dimensions = new int[]?[_kinds.Length];

        // Pictures are large: there is room for as many as there are.
        if (_kinds.Contains(ColumnKind.Image))
            _rows = 1;
        _answers = new AnswerReader(manifest, request.Classes ?? manifest.Output.Classes);
    }

    public FeedSchema Output => _answers.Schema;

    /// <summary>Gets what host and worker see of each other in the block.</summary>
    public CallBell Bell { get; } = new();

    /// <summary>Gets the layout in use; <see langword="null"/> before the first memory is bound.</summary>
    public ColumnLayout? Layout { get; private set; }

    /// <summary>Gets a value indicating whether the batch that was written last has pictures that the code is to be shown: <see cref="TakeShown"/>.</summary>
    public bool HasShown => _pictures.HasShown;

    /// <summary>Returns the layout that a batch needs when it does not fit, else <see langword="null"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="showsPictures">Whether the picture of a record that is alone can be shown to the code where it lies; then it takes no room.</param>
    /// <exception cref="ArgumentException">The batch is not under the schema of the inputs.</exception>
    /// <exception cref="WorkflowException">A record has no picture, or it cannot be read.</exception>
    public ColumnLayout? PlanFor(RecordBatch batch, bool showsPictures = false)
    {
        Check(batch.Schema);
        if (_window > 0 && batch.Count % _window != 0)
            throw new ArgumentException($"Workflow {_title}: the batch has {batch.Count} rows, which are not whole windows of {_window}.");
        try
        {
            return Plan(batch, showsPictures && batch.Count == 1);
        }
        catch
        {
            _pictures.Close();
            throw;
        }
    }

    /// <summary>Returns the layout for answers that hold more text than fits.</summary>
    public ColumnLayout PlanForText(long bytes)
    {
        if (bytes <= _outputText || bytes > MaxBytes)
            throw new WorkflowException($"Workflow {_title}: predict answered with {bytes:N0} bytes of text in one field of one batch; {MaxBytes:N0} are possible.");
        _outputText = RoundUp(bytes);
        return Plan();
    }

    /// <summary>Takes memory of the layout's size; what was in the old one is lost.</summary>
    public void Bind(byte* address, ColumnLayout layout)
    {
        _address = address;
        Layout = layout;
        Bell.Bind(address);
        _writer = new ColumnWriter(address, layout, _pictures);
    }

    /// <summary>Forgets the memory: the next batch asks for a new one.</summary>
    public void Unbind()
    {
        _address = null;
        Bell.Unbind();
        _writer = null;
        Layout = null;
        _pictures.Close();
    }

    public void Write(RecordBatch batch)
    {
        for (int i = 0; i < _kinds.Length; i++)
            _hasNulls[i] = _kinds[i] is ColumnKind.Integer or ColumnKind.Unsigned or ColumnKind.Boolean && batch.Column(i).NullCount > 0;
        try
        {
            _writer!.Begin(_hasNulls);
            _writer.Append(batch);
        }
        catch
        {
            _pictures.Close();
            throw;
        }
    }

    /// <summary>Returns the next picture that is to be shown, with the name of its input; the caller disposes it.</summary>
    public (string Name, int Input, IPicture Picture)? TakeShown()
    {
        for (int i = 0; i < _kinds.Length; i++)
        {
            if (_pictures.TakeShown(i) is { } picture)
                return (_inputs.Fields[i].Name, i, picture);
        }

        _pictures.Close();
        return null;
    }

    /// <summary>Returns the answers to the batch that was written last.</summary>
    public RecordBatch Read(RecordBatch batch) => _answers.Read(_address, Layout, batch);

    private ColumnLayout? Plan(RecordBatch batch, bool showsPictures)
    {
        // Those of a batch that was never written.
        _pictures.Close();
        bool fits = batch.Count <= Layout?.Capacity;
        for (int i = 0; i < _kinds.Length; i++)
        {
            if (_kinds[i] == ColumnKind.Text && batch.Column(i).TextBytes.Length is var needed && !(needed <= Layout?.Inputs[i].TextCapacity))
            {
                _inputText[i] = Math.Max(_inputText[i], RoundUp(needed));
                fits = false;
            }
            else if (_kinds[i] == ColumnKind.Image && batch.Count > 0)
            {
                IPicture first = _pictures.Open(batch.Column(i), i);
                if (showsPictures && first.Samples != 0)
                    _pictures.Show(i);
                else
                    fits &= HasSizeOf(first, i);
            }
        }

        _rows = Math.Max(_rows, RoundUp(batch.Count));
        return fits ? null : Plan();
    }

    private bool HasSizeOf(IPicture first, int input)
    {
        int[] dimensions = InputPictures.ShapeOf(first);
        if (Layout?.Inputs[input].Dimensions is { } before && before.AsSpan().SequenceEqual(dimensions))
            return true;
        _dimensions[input] = dimensions;
        _rows = 1;
        return false;
    }

    private ColumnLayout Plan()
    {
        var shapes = new ColumnShape[_kinds.Length];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = new ColumnShape(_inputs.Fields[i].Name, _kinds[i], _inputText[i], _kinds[i] == ColumnKind.Image ? _dimensions[i] ?? [0, 0] : null);
        var layout = new ColumnLayout(_rows, shapes, label: null, [.. _answers.Shapes.Select(shape => shape with { TextCapacity = _outputText })], _window);
        if (layout.Size <= MaxBytes)
            return layout;

        // The next batch may be smaller.
        (long rows, _rows) = (_rows, 1);
        Array.Fill(_inputText, FirstText);
        throw new WorkflowException($"Workflow {_title}: a batch of {rows:N0} records needs {layout.Size:N0} bytes; {MaxBytes:N0} are possible. Predict in smaller batches.");
    }

    private void Check(FeedSchema schema)
    {
        if (ReferenceEquals(schema, _checked))
            return;
        bool matches = schema.Fields.Count == _inputs.Fields.Count;
        for (int i = 0; matches && i < _inputs.Fields.Count; i++)
            matches = schema.Fields[i].Type == _inputs.Fields[i].Type && schema.Fields[i].Name == _inputs.Fields[i].Name;
        if (!matches)
            throw new ArgumentException($"Workflow {_title}: the batch has the fields {Describe(schema)}, the model takes {Describe(_inputs)}.");
        _checked = schema;
    }

    private static string Describe(FeedSchema schema) => string.Join(", ", schema.Fields.Select(field => $"{field.Name} ({field.Type})"));

    private static long RoundUp(long value) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(value, 1));
}
