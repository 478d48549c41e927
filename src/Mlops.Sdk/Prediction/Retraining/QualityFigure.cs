namespace Mlops.Prediction.Retraining;

/// <summary>A figure of the newest labelled answers.</summary>
public enum QualityFigure
{
    /// <summary>The share that matches; watched for falling below the limit.</summary>
    Accuracy,

    /// <summary>The unweighted mean of the classes' F1; watched for falling below the limit.</summary>
    MacroF1,

    /// <summary>The mean absolute error of numbers; watched for exceeding the limit.</summary>
    MeanAbsoluteError,

    /// <summary>The root of the mean squared error of numbers; watched for exceeding the limit.</summary>
    RootMeanSquareError,
}
