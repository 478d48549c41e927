namespace Mlops.Hosting;

/// <summary>A configuration file is wrong; nothing was changed.</summary>
public sealed class NodeConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Everything that is wrong, each with its remedy.</param>
    public NodeConfigurationException(IReadOnlyList<string> errors)
        : base("The configuration was not taken over. " + string.Join(" ", errors)) => Errors = errors;

    /// <summary>Gets everything that is wrong.</summary>
    public IReadOnlyList<string> Errors { get; }
}
