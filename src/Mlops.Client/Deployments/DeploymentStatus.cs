namespace Mlops.Client;

/// <summary>A deployment as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="State"><c>loading</c>, <c>running</c>, <c>faulted</c> or <c>stopped</c>.</param>
/// <param name="Delivery">Which records are answered: <c>every</c> or <c>latest</c>.</param>
/// <param name="MaxAge">The age above which an answer is stored but not published.</param>
/// <param name="PredictionFeed">The feed that holds its answers.</param>
/// <param name="Position">The last answered position that is durable.</param>
/// <param name="Answered">How many records it has answered since the node started.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Quality">How its answers compare with labels, by model.</param>
/// <param name="Mode">Where its code runs: <c>in-process</c>, <c>worker</c> or <c>onnx</c>.</param>
/// <param name="Topic">The topic on which its answers are published.</param>
/// <param name="Feed">The feed it answers.</param>
/// <param name="Inputs">Which feed field stands behind each input.</param>
/// <param name="Output">The names of its answers on the databus.</param>
/// <param name="Reason">Why it is faulted.</param>
/// <param name="PreviousModel">The model that a rollback would bring back.</param>
/// <param name="Candidate">The model that is tried beside it.</param>
/// <param name="Drift">How far its newest records are from the training data.</param>
/// <param name="Measurements">What it took so far.</param>
/// <param name="Author">Who wanted it.</param>
/// <param name="Tolerance">How much older records of other feeds may be, where it was said.</param>
/// <param name="ModeReason">Why its code runs there and not where it was loaded, such as a call inside the node's process that took too long.</param>
/// <param name="Interruption">What keeps it from answering at once, such as a process that ended and waits to be started again.</param>
/// <param name="Memory">The memory that its model holds, once it is known.</param>
public sealed record DeploymentStatus(
    string Id,
    string Workflow,
    string Model,
    string State,
    string Delivery,
    TimeSpan MaxAge,
    string PredictionFeed,
    long Position,
    long Answered,
    DateTimeOffset Created,
    IReadOnlyList<QualityDetails> Quality,
    string? Mode = null,
    string? Topic = null,
    string? Feed = null,
    IReadOnlyDictionary<string, FieldReference>? Inputs = null,
    OutputNames? Output = null,
    string? Reason = null,
    string? PreviousModel = null,
    CandidateDetails? Candidate = null,
    DriftDetails? Drift = null,
    RunFigures? Measurements = null,
    string? Author = null,
    IReadOnlyDictionary<string, TimeSpan>? Tolerance = null,
    string? ModeReason = null,
    string? Interruption = null,
    ModelMemory? Memory = null);
