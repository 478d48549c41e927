namespace Mlops.Runtime.Workers;

/// <summary>Kinds of frames between host and worker. The Python side has the same numbers (mlops/_connection.py).</summary>
internal enum WorkerFrame : byte
{
    /// <summary>To the worker: train; JSON <see cref="TrainMessage"/>.</summary>
    Train = 1,

    /// <summary>To the worker: load a model; JSON <see cref="LoadMessage"/>.</summary>
    Load = 2,

    /// <summary>To the worker: map a block; JSON <see cref="AttachMessage"/>.</summary>
    Attach = 3,

    /// <summary>To the worker: answer the rows in the block.</summary>
    Predict = 4,

    /// <summary>To the worker: write the last answers, the block has grown; int64 rows.</summary>
    Resume = 5,

    /// <summary>To the worker: the training is to end.</summary>
    Cancel = 6,

    /// <summary>To the worker, before its purpose: import libraries that it will probably need; JSON <see cref="LibrariesMessage"/>.</summary>
    Prepare = 7,

    /// <summary>From the worker: it has started; JSON <see cref="HelloMessage"/>.</summary>
    Hello = 64,

    /// <summary>From the worker: JSON <see cref="ProgressMessage"/>.</summary>
    Progress = 65,

    /// <summary>From the worker: JSON <see cref="MetricMessage"/>.</summary>
    Metric = 66,

    /// <summary>From the worker: a printed line; JSON <see cref="LogMessage"/>.</summary>
    Log = 67,

    /// <summary>From the worker: the training has succeeded; JSON <see cref="DoneMessage"/>.</summary>
    Done = 68,

    /// <summary>From the worker: the code has failed; JSON <see cref="FailedMessage"/>.</summary>
    Failed = 69,

    /// <summary>From the worker: a call has ended; int64 0, or the bytes of text that the block lacks.</summary>
    Answered = 70,

    /// <summary>From the worker, before it imports code: what contains it; JSON <see cref="ContainedMessage"/>.</summary>
    Contained = 71,

    /// <summary>From the worker: the model is loaded; JSON <see cref="LibrariesMessage"/> with what is in use. An answer follows.</summary>
    Loaded = 72,
}
