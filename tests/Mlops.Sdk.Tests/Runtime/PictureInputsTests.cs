using Mlops.Data;
using Mlops.Pictures;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>What the code sees of pictures: the same in training and in both modes of prediction.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class PictureInputsTests(RuntimeFixture fixture)
{
    private const string Describe = """
        def describe(columns):
            array = columns["image"]
            return f"{array.dtype}:{array.shape}:{array.tolist()}:{array.flags.writeable}"

        def train(data, params, run):
            print(describe(data))
            print("frame", data.to_pandas()["image"].iloc[0].shape)
            return None

        def predict(model, batch):
            return {"seen": [describe(batch)] * batch.rows}
        """;

    private static readonly FeedSchema s_inputs = Records.Schema(("image", FieldType.Text));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_GreyAndColourOfAnySize_ArriveAsArrays(bool inProcess)
    {
        await using IPredictor predictor = await LoadAsync(inProcess);

        // Back and forth: the size changes from batch to batch.
        foreach ((string[] names, string seen) in ((string[], string)[])
        [
            (["2x1x1:1", "2x1x1:7"], "uint8:(2, 1, 2):[[[1, 2]], [[7, 8]]]:False"),
            (["1x2x3:1"], "uint8:(1, 2, 1, 3):[[[[1, 2, 3]], [[4, 5, 6]]]]:False"),
            (["2x1x1:5"], "uint8:(1, 1, 2):[[[5, 6]]]:False"),
        ])
        {
            using RecordBatch batch = Records.Batch(s_inputs, [.. names.Select(name => new object?[] { name })]);
            using RecordBatch answers = await predictor.PredictAsync(batch);
            answers.Column(0).GetValue(0).ShouldBe(seen);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_PictureThatCannotBeHad_SaysWhyAndAnswersTheNext(bool inProcess)
    {
        await using IPredictor predictor = await LoadAsync(inProcess);

        (await Refused(predictor, [null])).ShouldContain("has no picture in 'image'");
        (await Refused(predictor, ["gone"])).ShouldContain("'gone' is gone");
        (await Refused(predictor, ["2x1x1:1", "1x2x1:1"])).ShouldContain("differ in size: 1 x 2 and 2 x 1");
        using RecordBatch batch = Records.Batch(s_inputs, ["2x1x1:1"]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        answers.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_MoreThan64MegabytesOfPictures_ArrivesInPortions(bool inProcess)
    {
        WorkflowPackage package = new Package("counts", """
            def train(data, params, run):
                return None

            def predict(model, batch):
                return {"seen": [f"{batch['image'].shape[0]} {picture[0, 0]}" for picture in batch["image"]]}
            """).WithFields(new WorkflowInput("seen", InputType.Text)).WithInputs(new WorkflowInput("image", InputType.Image)).Install(inProcess);
        await using IPredictor predictor = await fixture.Create().LoadAsync(
            new PredictorRequest(package, Package.ModelOfNone(), s_inputs, null, 256) { Pictures = new NumberedPictures() }, CancellationToken.None);
        using RecordBatch batch = Records.Batch(s_inputs, [.. Enumerable.Range(0, 38).Select(i => new object?[] { $"2048x2048x1:{i}" })]);

        using RecordBatch answers = await predictor.PredictAsync(batch);

        Enumerable.Range(0, 38).Select(i => answers.Column(0).GetValue(i)).ShouldBe(Enumerable.Range(0, 38).Select(i => (object)$"{(i < 32 ? 16 : 6)} {i}"));
    }

    [Fact]
    public async Task Predict_CallOverItsTime_SaysWhyTheModelMoved()
    {
        WorkflowPackage package = new Package("stares", "def train(data, params, run):\n    return None\n\ndef predict(model, batch):\n    while batch['image'].max() > 8: pass\n    return {'seen': ['dark'] * batch.rows}\n")
            .WithFields(new WorkflowInput("seen", InputType.Text)).WithInputs(new WorkflowInput("image", InputType.Image))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(3) }).Install();
        await using IPredictor predictor = await fixture.Create().LoadAsync(
            new PredictorRequest(package, Package.ModelOfNone(), s_inputs, null, 16) { Pictures = new NumberedPictures() }, CancellationToken.None);

        await Refused(predictor, ["2x1x1:9"]);
        using RecordBatch dark = Records.Batch(s_inputs, ["2x1x1:1"]);
        (await predictor.PredictAsync(dark)).Dispose();

        (predictor.Mode, predictor.ModeReason).ShouldBe(
            ("worker", "Workflow 'stares' 1.0.0: predict did not answer 1 records within 3 s inside the host's process and was interrupted."));
    }

    [Fact]
    public async Task Train_SeveralBatches_AreOneArray()
    {
        var data = new TrainingData { Inputs = s_inputs, Batches = [Records.Batch(s_inputs, ["2x2x1:1"], ["2x2x1:5"]), Records.Batch(s_inputs, ["2x2x1:9"])] };
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(Install(trusted: true), data) with { Pictures = new NumberedPictures() }, observer, CancellationToken.None);

        observer.Said.ShouldContain("out uint8:(3, 2, 2):[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]:False");
        observer.Said.ShouldContain("out frame (2, 2)");
    }

    [Fact]
    public async Task Train_RecordWithoutPicture_SaysWhatHelps()
    {
        var data = new TrainingData { Inputs = s_inputs, Batches = [Records.Batch(s_inputs, ["2x2x1:1"], [null])] };

        WorkflowException error = await Should.ThrowAsync<WorkflowException>(() =>
            fixture.Create().TrainAsync(Records.Job(Install(trusted: true), data) with { Pictures = new NumberedPictures() }, new RecordingObserver(), CancellationToken.None));

        error.Message.ShouldContain("image LIKE 'sha256:%'");
    }

    private static WorkflowPackage Install(bool trusted) => new Package("looks", Describe).WithFields(new WorkflowInput("seen", InputType.Text))
        .WithInputs(new WorkflowInput("image", InputType.Image)).Install(trusted);

    private Task<IPredictor> LoadAsync(bool inProcess) => fixture.Create().LoadAsync(
        new PredictorRequest(Install(inProcess), Package.ModelOfNone(), s_inputs, null, 16) { Pictures = new NumberedPictures() }, CancellationToken.None);

    private static async Task<string> Refused(IPredictor predictor, params object?[] names)
    {
        using RecordBatch batch = Records.Batch(s_inputs, [.. names.Select(name => new[] { name })]);
        return (await Should.ThrowAsync<WorkflowException>(async () => (await predictor.PredictAsync(batch)).Dispose())).Message;
    }

    /// <summary>Pictures named by width, height, channels and their first sample; each next sample is one more.</summary>
    private sealed class NumberedPictures : IPictures
    {
        public IPicture Open(string reference, string? folder = null)
        {
            int[] parts = reference.Contains('x', StringComparison.Ordinal)
                ? [.. reference.Split('x', ':').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture))]
                : throw new IOException($"'{reference}' is gone.");
            return new NumberedPicture(parts[0], parts[1], parts[2], parts[3]);
        }

        public IDisposable Add(IPictureSource source) => throw new NotSupportedException();
    }

    private sealed class NumberedPicture(int width, int height, int channels, int first) : IPicture
    {
        public int Width => width;

        public int Height => height;

        public int Channels => channels;

        public void CopyTo(Span<byte> samples)
        {
            for (int i = 0; i < width * height * channels; i++)
                samples[i] = (byte)(first + i);
        }

        public void Dispose()
        {
            // It is made of numbers.
        }
    }
}
