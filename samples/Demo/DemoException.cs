namespace Demo;

/// <summary>The run cannot go on; the message says what, which and the remedy.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
