namespace Mlops.Testing.Store;

/// <summary>Says what a contract wants and what was found instead.</summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Creates it.</summary>
    public ContractViolationException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What is wanted and what was found.</param>
    public ContractViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What is wanted and what was found.</param>
    /// <param name="innerException">What was thrown.</param>
    public ContractViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
