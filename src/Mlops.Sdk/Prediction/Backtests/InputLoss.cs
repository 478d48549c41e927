namespace Mlops.Prediction.Backtests;

/// <summary>What is lost when the values of an input are shuffled among the records.</summary>
/// <param name="Name">The input.</param>
/// <param name="Loss">For classes by how much the accuracy falls, for numbers by how much the root mean square error rises.</param>
public sealed record InputLoss(string Name, double Loss);
