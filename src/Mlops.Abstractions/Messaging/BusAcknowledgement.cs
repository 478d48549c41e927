namespace Mlops.Messaging;

/// <summary>Tells the sender of a message that it is safe. Until then the broker keeps it or the publisher sends it again.</summary>
/// <param name="complete">Called once with the two values below; <see langword="null"/> when the sender does not wait.</param>
/// <param name="state">Whatever the bus needs to find the message again.</param>
/// <param name="token">The same, as a number.</param>
public readonly struct BusAcknowledgement(Action<object?, long>? complete, object? state, long token)
{
    /// <summary>Gets a value indicating whether the sender waits.</summary>
    public bool IsExpected => complete is not null;

    /// <summary>Acknowledges the message. Thread-safe; does nothing when the sender is gone.</summary>
    public void Complete() => complete?.Invoke(state, token);
}
