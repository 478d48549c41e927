using Mlops.Python.Locating;

namespace Mlops.Python;

/// <summary>
/// Finds an interpreter of this machine: the one that is set, else the environment variable MLOPS_PYTHON, else an active or local virtual
/// environment, <c>python3</c> and <c>python</c> in every folder of the PATH, and the usual places of the operating system.
/// </summary>
/// <remarks>
/// A candidate counts only if it runs, is 3.9 or later and imports the required modules; each is started once to find out.
/// Stateless and thread-safe.
/// </remarks>
public static class PythonLocator
{
    /// <summary>Names the environment variable that selects an interpreter for every host on this machine.</summary>
    public const string EnvironmentVariable = "MLOPS_PYTHON";

    /// <summary>Finds the first interpreter that does what is required. Blocks while candidates run.</summary>
    /// <param name="options">The requirements.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The interpreter.</returns>
    /// <exception cref="PythonNotFoundException">No interpreter qualifies; the message lists every place tried and a command that helps.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static PythonInstallation Locate(PythonLocatorOptions options, CancellationToken cancellationToken = default)
        => Locate(options, SearchEnvironment.OfThisProcess(), cancellationToken);

    internal static PythonInstallation Locate(
        PythonLocatorOptions options, SearchEnvironment environment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var requirement = new PythonRequirement([.. options.RequiredModules], options.RequireLibrary);
        var refused = new List<PythonCandidate>();
        var probed = new HashSet<string>(StringComparer.Ordinal);

        foreach (var place in new SearchPlaces(environment).For(options.Executable))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (place.Absence is { } absence)
            {
                refused.Add(new PythonCandidate(place.Name, place.Executable, null, absence));
                continue;
            }

            if (!probed.Add(place.Identity))
                continue;

            var probe = PythonProbe.Run(place, requirement.Modules, options.ProbeTimeout, cancellationToken);
            if (requirement.Check(probe) is { } reason)
                refused.Add(new PythonCandidate(place.Name, place.Executable, probe.Report?.ToVersion(), reason));
            else
                return probe.Report!.ToInstallation(place.Name);
        }

        throw new PythonNotFoundException(
            requirement.ToString(), refused, InstallAdvice.For(environment.Platform, refused, requirement, options.Executable));
    }
}
