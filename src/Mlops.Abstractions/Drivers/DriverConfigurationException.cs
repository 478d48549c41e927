namespace Mlops.Drivers;

/// <summary>An asset's setting is wrong. The message names asset, setting, value and remedy.</summary>
public sealed class DriverConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names asset, setting, value and remedy; never a secret.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public DriverConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Gets what is wrong, setting by setting, for forms.</summary>
    /// <value>Empty when only the message says it.</value>
    public IReadOnlyList<SettingFinding> Findings { get; init; } = [];
}
