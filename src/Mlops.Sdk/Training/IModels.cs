using Mlops.Training.Profiles;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>The models that trainings have produced. Thread-safe.</summary>
public interface IModels
{
    /// <summary>Returns a model.</summary>
    /// <param name="id">Id of the model.</param>
    /// <returns>The model, or <see langword="null"/>.</returns>
    ModelInfo? Find(string id);

    /// <summary>Lists models, newest first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<ModelInfo> List();

    /// <summary>Returns how the data was distributed that a model learned from.</summary>
    /// <param name="id">Id of the model.</param>
    /// <returns>The profile, or <see langword="null"/> when there is no such model or its training kept none.</returns>
    ModelProfile? FindProfile(string id);

    /// <summary>Says what a model is meant for.</summary>
    /// <param name="id">Id of the model.</param>
    /// <param name="stage">The stage from now on.</param>
    /// <param name="author">Who says so.</param>
    /// <returns>The model.</returns>
    /// <exception cref="WorkflowException">There is no such model, or it is to be archived while a deployment uses it or can go back to it.</exception>
    Task<ModelInfo> SetStageAsync(string id, ModelStage stage, string? author = null);

    /// <summary>Deletes a model with its files. The training that made it stays.</summary>
    /// <param name="id">Id of the model.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="WorkflowException">A deployment uses it, tries it, or can go back to it; or it is meant for production.</exception>
    Task<bool> DeleteAsync(string id, string? author = null);
}
