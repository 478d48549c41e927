namespace Mlops.Web.Live;

/// <summary>Whether there is room for one more who listens.</summary>
internal enum EventPlace
{
    Taken,

    NoneLeft,

    NoneLeftForCaller,
}
