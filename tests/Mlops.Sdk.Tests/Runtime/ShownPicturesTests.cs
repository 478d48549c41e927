using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>A record alone whose picture lies in memory: the code sees that memory, for as long as it looks at it.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class ShownPicturesTests(RuntimeFixture fixture)
{
    private const string Looks = """
        def train(data, params, run):
            return None

        def predict(model, batch):
            array = batch["image"]
            return {"seen": [f"{array.dtype}:{array.shape}:{array.flags.writeable}:{picture.min()}-{picture.max()}:{picture.ctypes.data}" for picture in array]}
        """;

    // What it is asked is the name of the picture; where it says so it keeps the array, lets go of all, or fails.
    private const string Keeps = """
        kept = []

        def train(data, params, run):
            return None

        def predict(model, batch):
            picture, wish = batch["image"], batch["wish"][0]
            if wish == "keep":
                kept.append(picture)
            elif wish == "keep batch":
                kept.append(batch)
            elif wish == "keep part":
                kept.append(picture[0, 1:, :])
            elif wish == "let go":
                kept.clear()
            elif wish == "hand on":
                import sys
                sys.handed_on = picture
            elif wish == "forget":
                import sys
                del sys.handed_on
            elif wish == "fail":
                raise ValueError("no")
            elif wish == "long":
                return {"seen": ["x" * 100_000 + str(picture.max())]}
            arrays = [item if hasattr(item, "min") else item["image"] for item in kept]
            return {"seen": [f"{picture.max()} {picture.ctypes.data} kept " + " ".join(f"{array.min()}-{array.max()}" for array in arrays)]}
        """;

    private static readonly FeedSchema s_picture = Records.Schema(("image", FieldType.Text));
    private static readonly FeedSchema s_wish = Records.Schema(("image", FieldType.Text), ("wish", FieldType.Text));
    private readonly PictureMemory _memory = new(width: 40, height: 30);

    [Fact]
    public async Task Predict_OneRecord_SeesTheMemoryItself()
    {
        await using IPredictor predictor = await LoadAsync(Looks, s_picture);

        for (int i = 1; i <= 3; i++)
        {
            string seen = await AskAsync(predictor, s_picture, $"{i}");

            // Each has other memory, and what it had is given back by now.
            seen.ShouldStartWith($"uint8:(1, 30, 40):False:{i}-{i}:");
            long.Parse(seen[(seen.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(_memory.AddressOf($"{i}"));
            _memory.Held.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Predict_Colours_AreAnArrayOfThem()
    {
        var colours = new PictureMemory(width: 4, height: 2, channels: 3);
        await using IPredictor predictor = await LoadAsync(Looks, s_picture, colours);

        (await AskAsync(predictor, s_picture, "7")).ShouldStartWith("uint8:(1, 2, 4, 3):False:7-7:");
    }

    [Fact]
    public async Task Predict_SeveralRecordsAndOneAgain_AreCopiedAndSeen()
    {
        await using IPredictor predictor = await LoadAsync(Looks, s_picture);
        await AskAsync(predictor, s_picture, "1");

        using (RecordBatch batch = Records.Batch(s_picture, ["2"], ["3"]))
        using (RecordBatch answers = await predictor.PredictAsync(batch))
        {
            answers.Column(0).GetValue(0).ShouldBeOfType<string>().ShouldStartWith("uint8:(2, 30, 40):False:2-2:");
            answers.Column(0).GetValue(1).ShouldBeOfType<string>().ShouldStartWith("uint8:(2, 30, 40):False:3-3:");
        }

        _memory.Held.ShouldBeEmpty();
        (await AskAsync(predictor, s_picture, "4")).ShouldEndWith($"False:4-4:{_memory.AddressOf("4")}");
    }

    [Theory]
    [InlineData("keep")]
    [InlineData("keep batch")]
    [InlineData("keep part")]
    public async Task Predict_CodeThatKeepsItsPictures_FindsThemAsTheyWereAndHoldsOneOfOurs(string wish)
    {
        await using IPredictor predictor = await LoadAsync(Keeps, s_wish);
        int before = fixture.Logged.Count(l => l.Event == 1319);

        (await AskAsync(predictor, s_wish, "1", wish)).ShouldBe($"1 {_memory.AddressOf("1")} kept 1-1");
        _memory.Held.ShouldBe(["1"]);
        for (int i = 2; i <= 6; i++)
        {
            string seen = await AskAsync(predictor, s_wish, $"{i}", wish);

            seen.ShouldStartWith($"{i} ");
            seen.ShouldNotStartWith($"{i} {_memory.AddressOf($"{i}")} ");
            seen.ShouldEndWith("kept " + string.Join(' ', Enumerable.Range(1, i).Select(n => $"{n}-{n}")));
            _memory.Held.ShouldBe(["1"], "the others were copied");
        }

        // As soon as it lets go, the memory is back, and the next one is seen where it lies.
        (await AskAsync(predictor, s_wish, "7", "let go")).ShouldEndWith(" kept ");
        _memory.Held.ShouldBeEmpty();
        (await AskAsync(predictor, s_wish, "8", "")).ShouldBe($"8 {_memory.AddressOf("8")} kept ");
        fixture.Logged.Count(l => l.Event == 1319).ShouldBe(before + 1, "said once");
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("long")]
    public async Task Predict_CallThatFailsOrNeedsMoreRoom_GivesThePictureBack(string wish)
    {
        await using IPredictor predictor = await LoadAsync(Keeps, s_wish);

        if (wish == "fail")
            await Should.ThrowAsync<WorkflowException>(() => AskAsync(predictor, s_wish, "1", wish));
        else
            (await AskAsync(predictor, s_wish, "1", wish)).ShouldEndWith("xxx1");

        _memory.Held.ShouldBeEmpty();
        (await AskAsync(predictor, s_wish, "2", "")).ShouldBe($"2 {_memory.AddressOf("2")} kept ");
    }

    [Fact]
    public async Task Dispose_PictureThatIsKeptBeyondTheModel_IsHeldUntilItIsLetGo()
    {
        await using (IPredictor predictor = await LoadAsync(Keeps, s_wish))
            await AskAsync(predictor, s_wish, "1", "hand on");
        _memory.Held.ShouldBe(["1"]);

        await using IPredictor other = await LoadAsync(Keeps, s_wish);
        await AskAsync(other, s_wish, "2", "forget");

        _memory.Held.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_PicturesThatThePackageKept_GoWithIt()
    {
        await using (IPredictor predictor = await LoadAsync(Keeps, s_wish))
            await AskAsync(predictor, s_wish, "1", "keep");

        _memory.Held.ShouldBeEmpty();
    }

    [Fact]
    public async Task Predict_InAWorker_SeesACopyInSharedMemory()
    {
        await using IPredictor predictor = await LoadAsync(Looks, s_picture, trusted: false);

        (await AskAsync(predictor, s_picture, "5")).ShouldStartWith("uint8:(1, 30, 40):False:5-5:");
        _memory.Held.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_TwoPicturesOfOneRecord_AreBothSeen(bool trusted)
    {
        const string Both = """
            def train(data, params, run):
                return None

            def predict(model, batch):
                return {"seen": [f"{batch['left'].max()} {batch['right'].max()} {batch['number'][0]}"]}
            """;
        FeedSchema schema = Records.Schema(("left", FieldType.Text), ("number", FieldType.Float64), ("right", FieldType.Text));
        WorkflowPackage package = new Package("both", Both).WithFields(new WorkflowInput("seen", InputType.Text))
            .WithInputs(new WorkflowInput("left", InputType.Image), new WorkflowInput("number", InputType.Number), new WorkflowInput("right", InputType.Image)).Install(trusted);
        await using IPredictor predictor = await fixture.Create().LoadAsync(new PredictorRequest(package, Package.ModelOfNone(), schema, null, 16) { Pictures = _memory }, CancellationToken.None);

        (await AskAsync(predictor, schema, "1", 0.5, "2")).ShouldBe("1 2 0.5");
        await Should.ThrowAsync<WorkflowException>(() => AskAsync(predictor, schema, "3", 0.5, null));

        _memory.Held.ShouldBeEmpty("that which was opened before the other was missing, too");
        (await AskAsync(predictor, schema, "5", 1.5, "6")).ShouldBe("5 6 1.5");
    }

    private static async Task<string> AskAsync(IPredictor predictor, FeedSchema schema, params object?[] values)
    {
        using RecordBatch batch = Records.Batch(schema, values);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return (string)answers.Column(0).GetValue(0)!;
    }

    private Task<IPredictor> LoadAsync(string code, FeedSchema inputs, PictureMemory? memory = null, bool trusted = true)
    {
        WorkflowInput[] declared = [.. inputs.Fields.Select(f => new WorkflowInput(f.Name, f.Name == "image" ? InputType.Image : InputType.Text))];
        WorkflowPackage package = new Package("shown", code).WithFields(new WorkflowInput("seen", InputType.Text)).WithInputs(declared).Install(trusted);
        return fixture.Create().LoadAsync(new PredictorRequest(package, Package.ModelOfNone(), inputs, null, 16) { Pictures = memory ?? _memory }, CancellationToken.None);
    }
}
