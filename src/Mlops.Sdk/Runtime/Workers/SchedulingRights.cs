using System.Globalization;

namespace Mlops.Runtime.Workers;

/// <summary>Reads what this process may do with the priorities of its workers (capabilities(7), getrlimit(2)).</summary>
internal static class SchedulingRights
{
    private const int ChangeNice = 23;
    private const int NiceZero = 20;

    /// <summary>Tells whether nice values down to 0 may be given back after they were higher.</summary>
    /// <param name="status">The file with the capabilities.</param>
    /// <param name="limits">The file with the limits.</param>
    public static bool MayRaise(string status, string limits)
    {
        try
        {
            string? capabilities = Value(status, "CapEff:");
            if (capabilities is not null && ((ulong.Parse(capabilities, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> ChangeNice) & 1) != 0)
                return true;

            // A limit of 20 stands for nice 0, of 40 for nice -20. It helps only where workers keep the host's account, which they do unless that is root.
            string? nice = Value(limits, "Max nice priority");
            return nice is not null && !Environment.IsPrivilegedProcess && int.Parse(nice.Split(' ')[0], CultureInfo.InvariantCulture) >= NiceZero;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static string? Value(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
}
