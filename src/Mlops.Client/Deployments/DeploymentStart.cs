namespace Mlops.Client;

/// <summary>Asks for a deployment.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Model">The model.</param>
/// <param name="Feed">The feed each of whose records is answered, and whose fields have the inputs' names.</param>
/// <param name="Inputs">Which feed field stands behind each input, where names differ or another feed gives it.</param>
/// <param name="Delivery"><c>every</c> record is answered (default), or only the <c>latest</c>.</param>
/// <param name="MaxAge">The age above which an answer is stored but not published; 5 minutes where nothing is said. <c>00:05:00</c>, <c>5m</c>, <c>PT5M</c> or a number of seconds.</param>
/// <param name="Fill">What is done with missing values: <c>last</c>, <c>null</c> or <c>skip</c>; what the manifest says where nothing is said.</param>
/// <param name="From">Time from which earlier records are answered as well.</param>
/// <param name="Output">The names under which answers appear on the databus.</param>
/// <param name="Tolerance">How much older records of other feeds may be, by feed, under <c>*</c> for all others; as in the model's training where nothing is said.</param>
public sealed record DeploymentStart(
    string Workflow,
    string Model,
    string? Feed = null,
    IReadOnlyDictionary<string, FieldReference>? Inputs = null,
    string? Delivery = null,
    TimeSpan? MaxAge = null,
    string? Fill = null,
    DateTimeOffset? From = null,
    OutputNames? Output = null,
    IReadOnlyDictionary<string, TimeSpan>? Tolerance = null);
