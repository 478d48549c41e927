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
}
