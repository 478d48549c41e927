using Mlops.Testing.Surfaces;

namespace Mlops.Testing.Tests.Surfaces;

public class SurfaceSceneTests
{
    [Fact]
    public void Next_SameSeed_DrawsTheSamePictures()
    {
        var one = new SurfaceScene(7);
        var other = new SurfaceScene(7);
        for (int i = 0; i < 10; i++)
        {
            (SurfacePicture a, SurfacePicture b) = (one.Next(), other.Next());
            (a.Label, a.Pixels.Span.SequenceEqual(b.Pixels.Span)).ShouldBe((b.Label, true));
        }

        new SurfaceScene(8).Next().Pixels.Span.SequenceEqual(new SurfaceScene(7).Next().Pixels.Span).ShouldBeFalse();
    }

    [Fact]
    public void Next_ManyPlates_HaveEachDefectAndItsBoxInThePicture()
    {
        var scene = new SurfaceScene(1, 160, 96);
        SurfacePicture[] pictures = [.. Enumerable.Range(0, 200).Select(_ => scene.Next())];

        foreach (SurfaceDefect defect in Enum.GetValues<SurfaceDefect>())
            pictures.Count(p => p.Defect == defect).ShouldBeInRange(25, 80);
        foreach (SurfacePicture picture in pictures.Where(p => p.Defect != SurfaceDefect.None))
        {
            SurfaceBox box = picture.Box;
            (box.X >= 0 && box.Y >= 0 && box.Width > 0 && box.Height > 0 && box.X + box.Width <= 160 && box.Y + box.Height <= 96).ShouldBeTrue(picture.Label);
            box.Agreement(box).ShouldBe(1);
        }

        pictures.Where(p => p.Defect == SurfaceDefect.None).ShouldAllBe(p => p.Label == "fine");
    }

    [Theory]
    [InlineData(SurfaceDefect.Scratch, true)]
    [InlineData(SurfaceDefect.Pit, false)]
    [InlineData(SurfaceDefect.Stain, false)]
    public void Next_Defect_IsBrighterOrDarkerThanTheMetal(SurfaceDefect defect, bool isBrighter)
    {
        SurfacePicture picture = new SurfaceScene(3).Next(defect);
        byte[] pixels = picture.Pixels.ToArray();
        double Mean(Func<int, int, bool> where) => pixels.Where((_, i) => where(i % 128, i / 128)).Average(p => (double)p);
        SurfaceBox box = picture.Box;
        bool IsInside(int x, int y) => x >= box.X && x < box.X + box.Width && y >= box.Y && y < box.Y + box.Height;

        double extreme = isBrighter
            ? pixels.Where((_, i) => IsInside(i % 128, i / 128)).Max()
            : pixels.Where((_, i) => IsInside(i % 128, i / 128)).Min();

        (isBrighter ? extreme - Mean((x, y) => !IsInside(x, y)) : Mean((x, y) => !IsInside(x, y)) - extreme).ShouldBeGreaterThan(20);
    }
}
