namespace Mlops.Client;

/// <summary>How much a model's answers depend on an input: what is lost when its values are shuffled among the records.</summary>
/// <param name="Name">The input.</param>
/// <param name="Loss">For classes by how much the accuracy falls, for numbers by how much the root mean square error rises; about 0 when the input does not matter.</param>
public sealed record InputImportance(string Name, double Loss);
