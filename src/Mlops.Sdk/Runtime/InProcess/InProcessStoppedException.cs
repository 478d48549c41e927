namespace Mlops.Runtime.InProcess;

/// <summary>Says that a call did not run because nothing runs inside the host's process any more: it is to be made in a worker.</summary>
internal sealed class InProcessStoppedException() : Exception("Nothing predicts inside the host's process until it restarts.");
