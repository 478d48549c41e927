namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>
/// Lets one thread of the process at a time into what Aravis does not make safe: it has one list of devices, and one state for reading
/// descriptions (arvdomparser.c), which it does when a camera is opened, when a parser for chunks is made, and when a feature is asked for
/// for the first time. Two cameras that start at the same moment would spoil each other's features.
/// </summary>
/// <remarks>
/// Taken before the gate of a camera, never while that is held: a camera that stops answering while it is opened holds it for seconds, and
/// nothing that goes on while frames are taken may wait so long. One that is not there never has it: it is looked for without Aravis
/// (<see cref="GigE.GigESearch"/>).
/// </remarks>
internal static class AravisGate
{
    public static Lock Process { get; } = new();
}
