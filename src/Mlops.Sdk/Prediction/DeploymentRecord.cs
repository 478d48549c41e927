using Mlops.Prediction.Candidates;

namespace Mlops.Prediction;

/// <summary>A deployment as the database remembers it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What was asked for, with the model that answers now.</param>
/// <param name="Models">The production models, the current one last; what was rolled back is not among them.</param>
/// <param name="Candidate">The model that is tried.</param>
/// <param name="PredictionFeed">The feed of its predictions.</param>
/// <param name="Stopped">Whether it was ended.</param>
/// <param name="Created">When it was created.</param>
internal sealed record DeploymentRecord(
    string Id, DeploymentRequest Request, IReadOnlyList<string> Models, CandidateRecord? Candidate, string PredictionFeed, bool Stopped, DateTimeOffset Created)
{
    private const int MaxModels = 20;

    /// <summary>Gets the model that a rollback would bring back.</summary>
    public string? PreviousModel => Models.Count > 1 ? Models[^2] : null;

    /// <summary>Returns the record with another production model.</summary>
    public DeploymentRecord With(string model) => model == Request.Model
        ? this
        : this with { Request = Request with { Model = model }, Models = [.. Models.TakeLast(MaxModels - 1), model] };

    /// <summary>Returns the record with the production model before.</summary>
    public DeploymentRecord Back() => this with { Request = Request with { Model = PreviousModel! }, Models = [.. Models.Take(Models.Count - 1)] };
}
