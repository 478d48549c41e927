using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class FramePreviewTests
{
    private readonly SetTime _time = new();

    [Fact]
    public void Show_LargeFrame_IsSmallAndMadeAnewOnlyAfterTheInterval()
    {
        using var preview = new FramePreview(longestSide: 64, TimeSpan.FromSeconds(1), _time);
        preview.Show().ShouldBeNull();
        Offer(preview, 10);
        PreviewFrame first = preview.Show()!;
        PythonPictures.Open(first.Content.ToArray()).ShouldBe("L 50x25");
        Grey(first).ShouldBe(10, tolerance: 2);

        Offer(preview, 200);
        _time.Now += TimeSpan.FromSeconds(0.9);
        preview.Show().ShouldBeSameAs(first);
        _time.Now += TimeSpan.FromSeconds(0.2);

        Grey(preview.Show()!).ShouldBe(200, tolerance: 2);
    }

    [Fact]
    public void Offer_NextFrameOrNone_GivesTheOneBeforeBack()
    {
        using var preview = new FramePreview(64, TimeSpan.FromSeconds(1), _time);
        PlainFrame one = Offer(preview, 1), two = Offer(preview, 2);
        (one.IsBack, two.IsBack).ShouldBe((true, false));

        preview.Show();
        preview.Release();

        two.IsBack.ShouldBeTrue();
        preview.Show().ShouldNotBeNull("what was seen last can still be seen");
    }

    private static PlainFrame Offer(FramePreview preview, byte grey)
    {
        var frame = new PlainFrame(time: 1, width: 200, height: 100, grey);
        preview.Offer(frame);
        frame.Dispose();
        return frame;
    }

    private static double Grey(PreviewFrame preview) => PythonPictures.Samples(preview.Content.ToArray()).Average(b => (double)b);
}
