using Mlops.Testing.Assets;

namespace Demo.Sources;

/// <summary>An asset as the demo uses it: first records to train on with their labels, then records to answer, whose labels come later.</summary>
internal interface IDemoSource : IAsyncDisposable
{
    /// <summary>Gets what it is, in a few words.</summary>
    string Title { get; }

    /// <summary>Gets the name of the workflow in samples/workflows.</summary>
    string Workflow { get; }

    /// <summary>Gets a value indicating whether a quantity is estimated, in place of one of several classes.</summary>
    bool IsQuantity { get; }

    /// <summary>Gets the id of the feed of records.</summary>
    string Feed { get; }

    /// <summary>Gets the id of the feed whose records are labels.</summary>
    string LabelFeed { get; }

    /// <summary>Gets the name of the label set.</summary>
    string LabelSet { get; }

    /// <summary>Gets how many records the training phase publishes.</summary>
    int TrainingRecords { get; }

    /// <summary>Gets how many records the prediction phase publishes at least in one run.</summary>
    int TestRecords { get; }

    /// <summary>Gets what the best possible classifier reaches on the records so far; null where nobody knows.</summary>
    double? BestAccuracy { get; }

    /// <summary>Gets how far it is.</summary>
    AssetCounts Counts { get; }

    /// <summary>Connects to the broker.</summary>
    /// <param name="host">The broker's host.</param>
    /// <param name="port">The broker's port.</param>
    /// <param name="firstSequence">The number of the first message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ConnectAsync(string host, int port, long firstSequence, CancellationToken cancellationToken);

    /// <summary>Publishes the records to train on and their labels.</summary>
    Task PublishTrainingAsync(CancellationToken cancellationToken);

    /// <summary>Publishes <see cref="TestRecords"/> records to answer, then their labels.</summary>
    Task PublishTestAsync(CancellationToken cancellationToken);

    /// <summary>Goes on until stopped.</summary>
    Task RunAsync(CancellationToken stop);
}
