namespace Mlops.Testing.Drivers;

/// <summary>A driver breaks a rule of its contract.</summary>
public sealed class DriverConformanceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="rule">Name of the rule; stable.</param>
    /// <param name="message">What the driver did, and what it must do instead.</param>
    /// <param name="innerException">What the driver threw, when it did.</param>
    public DriverConformanceException(string rule, string message, Exception? innerException = null)
        : base($"{rule}: {message}", innerException) => Rule = rule;

    /// <summary>Gets the name of the rule.</summary>
    public string Rule { get; }
}
