namespace Mlops.Workflows.Windows;

/// <summary>What a window knows of one of its records beside the values.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Time">Its own time.</param>
/// <param name="Received">When it was accepted.</param>
/// <param name="Arrival">Monotonic tick of its arrival; 0 when it came from the store.</param>
/// <param name="Sequence">The asset's message number.</param>
/// <param name="RecordSequence">The asset's record number.</param>
/// <param name="Quality">Its quality.</param>
internal readonly record struct WindowRow(long Position, long Time, long Received, long Arrival, long Sequence, long RecordSequence, byte Quality);
