using Mlops.Prediction.Quality;

namespace Mlops.Tests.Prediction.Quality;

public sealed class TallyTests
{
    [Fact]
    public void Figures_Classes_AreThoseOfTheConfusionMatrix()
    {
        Tally tally = Classes(("a", "a", 5), ("a", "b", 1), ("b", "b", 3), ("b", "a", 2), ("c", "a", 1));

        AnswerFigures figures = tally.Figures();

        figures.Count.ShouldBe(12);
        figures.Accuracy!.Value.ShouldBe(8.0 / 12, 1e-12);
        ClassFigures a = figures.Classes.Single(c => c.Name == "a");
        a.Precision!.Value.ShouldBe(5.0 / 8, 1e-12);
        a.Recall!.Value.ShouldBe(5.0 / 6, 1e-12);
        figures.Classes.Single(c => c.Name == "c").Precision.ShouldBeNull("it was never answered");

        // F1: a 10/14, b 6/9, c 0.
        figures.MacroF1!.Value.ShouldBe(((10.0 / 14) + (6.0 / 9) + 0) / 3, 1e-12);
        figures.Confusion.ShouldContain(new ConfusionCell("b", "a", 2));
        figures.MeanAbsoluteError.ShouldBeNull();
    }

    [Fact]
    public void Figures_Numbers_HaveErrorsAndTheShareWithinAThousandth()
    {
        var tally = new Tally();
        tally.Add(new(null, 10), new(null, 10.005));
        tally.Add(new(null, 10), new(null, 13));
        tally.Add(new(null, 10), new(null, 6));

        AnswerFigures figures = tally.Figures();

        figures.Accuracy!.Value.ShouldBe(1.0 / 3, 1e-12);
        figures.MeanAbsoluteError!.Value.ShouldBe(7.005 / 3, 1e-9);
        figures.RootMeanSquareError!.Value.ShouldBe(Math.Sqrt((9 + 16 + 0.000025) / 3), 1e-9);
        figures.MacroF1.ShouldBeNull();
    }

    [Fact]
    public void Remove_WhatWasAdded_LeavesTheRest()
    {
        Tally tally = Classes(("a", "a", 2), ("a", "b", 1));

        tally.Remove(new("a", null), new("b", null));

        tally.Figures().Accuracy.ShouldBe(1);
        tally.Figures().Classes.Select(c => c.Name).ShouldBe(["a"]);
    }

    [Fact]
    public void Add_NoAnswer_CountsAsAMiss()
    {
        var tally = new Tally();
        tally.Add(new("a", null), default);

        tally.Accuracy.ShouldBe(0);
    }

    [Fact]
    public void FromJson_OfToJson_CountsOn()
    {
        Tally before = Classes(("a", "a", 2), ("b", "a", 1));
        before.Add(new(null, 1), new(null, 3));

        Tally after = Tally.FromJson(before.ToJson());
        after.Add(new("b", null), new("b", null));

        after.Count.ShouldBe(5);
        after.Figures().MeanAbsoluteError.ShouldBe(2);
        after.Figures().Confusion.ShouldContain(new ConfusionCell("b", "b", 1));
    }

    [Fact]
    public void Add_ThousandsOfClasses_StaysBounded()
    {
        var tally = new Tally();
        for (int i = 0; i < 5000; i++)
            tally.Add(new($"c{i}", null), new($"c{i}", null));

        tally.Figures().Classes.Count.ShouldBe(101);
        tally.Accuracy.ShouldBe(1);
    }

    private static Tally Classes(params (string Expected, string Answered, int Count)[] cells)
    {
        var tally = new Tally();
        foreach ((string expected, string answered, int count) in cells)
        {
            for (int i = 0; i < count; i++)
                tally.Add(new(expected, null), new(answered, null));
        }

        return tally;
    }
}
