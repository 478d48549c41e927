namespace Mlops.Workflows;

/// <summary>A workflow's code or package is at fault. The message says what, where and the remedy.</summary>
public sealed class WorkflowException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, in which workflow, and what helps.</param>
    /// <param name="traceback">The code's traceback when it raised one.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public WorkflowException(string message, string? traceback = null, Exception? innerException = null)
        : base(message, innerException) => Traceback = traceback;

    /// <summary>Gets the full traceback of the code, chained causes included; <see langword="null"/> when there is none.</summary>
    public string? Traceback { get; }

    /// <summary>Gets a value indicating whether nothing is wrong in itself, but what is there already stands in its way.</summary>
    public bool IsConflict { get; init; }

    /// <summary>Gets a value indicating whether neither code nor package is at fault but a record, such as one whose picture is no longer there.</summary>
    public bool IsOfRecord { get; init; }

    /// <summary>Gets the findings that the message lists, when a package is at fault; up to a hundred.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
