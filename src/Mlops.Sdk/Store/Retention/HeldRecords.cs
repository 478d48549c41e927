namespace Mlops.Store;

/// <summary>Records that a reader has not come to yet.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="AfterPosition">Position up to which the reader has read; records behind it are held.</param>
/// <param name="Reader">Who reads, for example <c>deployment d-17</c>.</param>
public sealed record HeldRecords(string Feed, long AfterPosition, string Reader);
