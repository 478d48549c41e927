using System.Runtime.InteropServices;

namespace Mlops.Onnx.Native;

// One SafeHandle a native object that lives longer than a call: the reference count that a call takes keeps an object alive while
// another thread disposes of it. Values live as long as a call or until the next one, in the hands of one thread: OnnxCall owns them.

internal sealed unsafe class EnvironmentHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseEnv(handle);
}

internal sealed unsafe class SessionOptionsHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseSessionOptions(handle);
}

internal sealed unsafe class SessionHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseSession(handle);
}

internal sealed unsafe class RunOptionsHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseRunOptions(handle);
}

internal sealed unsafe class MemoryInfoHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseMemoryInfo(handle);
}

internal sealed unsafe class TypeInfoHandle : NativeHandle
{
    protected override void Free(nint handle) => Api.ReleaseTypeInfo(handle);
}

/// <summary>Base of the handles: a pointer that a function of the C API releases.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    internal nint Value => handle;

    /// <summary>Takes an object that a function has made.</summary>
    internal static T Take<T>(nint value)
        where T : NativeHandle, new()
    {
        var taken = new T();
        taken.SetHandle(value);
        return taken;
    }

    protected abstract void Free(nint handle);

    protected override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }
}
