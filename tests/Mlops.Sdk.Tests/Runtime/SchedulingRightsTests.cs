using Mlops.Runtime.Workers;

namespace Mlops.Sdk.Tests.Runtime;

public sealed class SchedulingRightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-rights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0000000000800000", 0, true)]
    [InlineData("000001fffeffffff", 0, true)]
    [InlineData("00000000a80425fb", 0, false)]
    [InlineData("0000000000000000", 0, false)]
    [InlineData("0000000000000000", 19, false)]
    public void MayRaise_CapabilitiesAndLimit_SayWhether(string capabilities, int limit, bool expected) =>
        Read($"Name:\tmlops\nCapPrm:\tffffffffffffffff\nCapEff:\t{capabilities}\n", limit).ShouldBe(expected);

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void MayRaise_LimitThatReachesZero_HelpsHostsThatShareTheirAccountWithWorkers(int limit) =>
        Read("CapEff:\t0000000000000000\n", limit).ShouldBe(!Environment.IsPrivilegedProcess);

    [Fact]
    public void MayRaise_NoSuchFiles_IsFalse() => SchedulingRights.MayRaise(Path.Combine(_folder, "no"), Path.Combine(_folder, "no")).ShouldBeFalse();

    private bool Read(string status, int limit)
    {
        string statusFile = Path.Combine(_folder, "status"), limitsFile = Path.Combine(_folder, "limits");
        File.WriteAllText(statusFile, status);
        File.WriteAllText(limitsFile, $"Limit                     Soft Limit           Hard Limit           Units     \nMax nice priority         {limit,-20} {limit,-20} \nMax realtime priority     0                    0                    \n");
        return SchedulingRights.MayRaise(statusFile, limitsFile);
    }
}
