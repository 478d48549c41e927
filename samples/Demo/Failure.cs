namespace Demo;

/// <summary>Finds the message that helps in what may be several wrapped exceptions.</summary>
internal static class Failure
{
    public static string Describe(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: > 0 } many => Describe(many.InnerExceptions[0]),
        Microsoft.Extensions.Options.OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Describe(inner),
        _ => exception.Message,
    };
}
