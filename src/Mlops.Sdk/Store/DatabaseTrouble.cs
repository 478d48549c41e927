namespace Mlops.Store;

/// <summary>Why nothing can be written now, and since when.</summary>
internal sealed record DatabaseTrouble(string Reason, DateTimeOffset Since);
