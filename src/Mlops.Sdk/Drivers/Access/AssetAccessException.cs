namespace Mlops.Drivers;

/// <summary>An asset could not be reached through its driver.</summary>
public sealed class AssetAccessException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">Names the asset, and says what helps.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public AssetAccessException(AssetAccessFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Gets why.</summary>
    public AssetAccessFailure Failure { get; }
}
