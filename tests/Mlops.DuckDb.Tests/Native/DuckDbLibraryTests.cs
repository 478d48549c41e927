using Mlops.DuckDb.Native;

namespace Mlops.DuckDb.Tests.Native;

public class DuckDbLibraryTests
{
    [Fact]
    public void Candidates_AppAndPluginFolder_ListsBothFlatAndByPlatform()
    {
        var candidates = DuckDbLibrary.Candidates("/app", "/plug-ins/x");
        candidates.Count.ShouldBe(4);
        candidates[0].ShouldBe(Path.Combine("/app", DuckDbLibrary.FileName));
        candidates[1].ShouldStartWith(Path.Combine("/app", "runtimes"));
        candidates[2].ShouldBe(Path.Combine("/plug-ins/x", DuckDbLibrary.FileName));
        DuckDbLibrary.Candidates("/app", "/app").Count.ShouldBe(2);
        DuckDbLibrary.Candidates("/app", null).Count.ShouldBe(2);
    }

    [Fact]
    public void Output_OfAProjectReference_HoldsTheLibraryOfThisPlatformOnly()
    {
        File.Exists(Path.Combine(AppContext.BaseDirectory, DuckDbLibrary.FileName)).ShouldBeTrue();
        Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes", "win-x64")).ShouldBeFalse();
        Directory.GetFiles(AppContext.BaseDirectory, "*duckdb.*").Select(Path.GetFileName)
            .Where(name => name!.StartsWith("libduckdb", StringComparison.Ordinal) || name == "duckdb.dll").ShouldBe([DuckDbLibrary.FileName]);
    }

    [Fact]
    public void Load_FileAmongTheCandidates_LoadsIt()
    {
        var handle = DuckDbLibrary.Load(DuckDbLibrary.Candidates("/nowhere", AppContext.BaseDirectory), () => throw new DllNotFoundException());
        handle.ShouldNotBe(0);
    }

    [Fact]
    public void Load_NothingFits_ListsThePlacesTriedAndTheRemedy()
    {
        using var temp = new TempFolder();
        var broken = temp.File(DuckDbLibrary.FileName);
        File.WriteAllText(broken, "not a library");
        var error = Should.Throw<DllNotFoundException>(() => DuckDbLibrary.Load([broken, "/nowhere/libduckdb.so"], () => throw new DllNotFoundException("no")));
        error.Message.ShouldContain(broken);
        error.Message.ShouldContain("/nowhere/libduckdb.so: no such file");
        error.Message.ShouldContain("linux-arm64");
    }

    [Fact]
    public void Load_NoCandidateExists_AsksTheSystem() => DuckDbLibrary.Load(["/nowhere/libduckdb.so"], () => 5).ShouldBe(5);
}
