namespace Mlops.Web.Tests;

[CollectionDefinition(Name)]
public sealed class SharedNodeTests : ICollectionFixture<SharedNode>
{
    public const string Name = "shared node";
}
