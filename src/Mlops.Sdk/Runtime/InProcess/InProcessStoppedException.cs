namespace Mlops.Runtime.InProcess;

/// <summary>Says that a call did not run inside the host's process and is to be made in a worker: nothing runs there any more, or another call ran all the time.</summary>
internal sealed class InProcessStoppedException() : Exception("The call did not run inside the host's process.");
