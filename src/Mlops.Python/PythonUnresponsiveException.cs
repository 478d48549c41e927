namespace Mlops.Python;

/// <summary>
/// Thrown to the caller of a call that was cancelled but goes on: it sleeps, is inside a native function, or swallows the cancellation.
/// Calls behind it wait until it ends by itself, if ever.
/// </summary>
/// <param name="message">What was called and how long it was waited for.</param>
/// <param name="inner">What led to it, if anything.</param>
/// <param name="token">The token that cancelled the call.</param>
public sealed class PythonUnresponsiveException(string message, Exception? inner, CancellationToken token)
    : OperationCanceledException(message, inner, token);
