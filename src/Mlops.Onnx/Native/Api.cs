using System.Runtime.InteropServices;

namespace Mlops.Onnx.Native;

// HOW THE TABLE IS READ
//
// ONNX Runtime exports one function that returns a table of all others. Their order (OrtApi in onnxruntime_c_api.h) only ever grows at
// its end, so a function is its number. A function returns null or a status, which holds code and message and must be released. Objects
// come out through a last parameter. On Windows paths are wide characters, which is one reason why models are loaded from memory.

/// <summary>The functions of ONNX Runtime that are used here, by their place in its table.</summary>
internal static unsafe class Api
{
    private static readonly nint* s_table = OnnxLibrary.Functions();

    // Status
    internal static readonly delegate* unmanaged<nint, int> GetErrorCode = (delegate* unmanaged<nint, int>)s_table[1];
    internal static readonly delegate* unmanaged<nint, byte*> GetErrorMessage = (delegate* unmanaged<nint, byte*>)s_table[2];
    internal static readonly delegate* unmanaged<nint, void> ReleaseStatus = (delegate* unmanaged<nint, void>)s_table[93];

    // Environment
    internal static readonly delegate* unmanaged<int, byte*, nint, nint*, nint> CreateEnvWithGlobalThreadPools = (delegate* unmanaged<int, byte*, nint, nint*, nint>)s_table[119];
    internal static readonly delegate* unmanaged<nint, nint> DisableTelemetryEvents = (delegate* unmanaged<nint, nint>)s_table[6];
    internal static readonly delegate* unmanaged<nint, void> ReleaseEnv = (delegate* unmanaged<nint, void>)s_table[92];
    internal static readonly delegate* unmanaged<nint*, nint> CreateThreadingOptions = (delegate* unmanaged<nint*, nint>)s_table[121];
    internal static readonly delegate* unmanaged<nint, void> ReleaseThreadingOptions = (delegate* unmanaged<nint, void>)s_table[122];
    internal static readonly delegate* unmanaged<nint, int, nint> SetGlobalIntraOpNumThreads = (delegate* unmanaged<nint, int, nint>)s_table[147];
    internal static readonly delegate* unmanaged<nint, int, nint> SetGlobalInterOpNumThreads = (delegate* unmanaged<nint, int, nint>)s_table[148];
    internal static readonly delegate* unmanaged<nint, int, nint> SetGlobalSpinControl = (delegate* unmanaged<nint, int, nint>)s_table[149];
    internal static readonly delegate* unmanaged<byte***, int*, nint> GetAvailableProviders = (delegate* unmanaged<byte***, int*, nint>)s_table[125];
    internal static readonly delegate* unmanaged<byte**, int, nint> ReleaseAvailableProviders = (delegate* unmanaged<byte**, int, nint>)s_table[126];

    // Sessions
    internal static readonly delegate* unmanaged<nint*, nint> CreateSessionOptions = (delegate* unmanaged<nint*, nint>)s_table[10];
    internal static readonly delegate* unmanaged<nint, nint> DisableProfiling = (delegate* unmanaged<nint, nint>)s_table[15];
    internal static readonly delegate* unmanaged<nint, int, nint> SetSessionLogSeverityLevel = (delegate* unmanaged<nint, int, nint>)s_table[22];
    internal static readonly delegate* unmanaged<nint, int, nint> SetSessionGraphOptimizationLevel = (delegate* unmanaged<nint, int, nint>)s_table[23];
    internal static readonly delegate* unmanaged<nint, nint> DisablePerSessionThreads = (delegate* unmanaged<nint, nint>)s_table[120];
    internal static readonly delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint> AppendExecutionProvider = (delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint>)s_table[216];
    internal static readonly delegate* unmanaged<nint, nint, nint> AppendCudaProvider = (delegate* unmanaged<nint, nint, nint>)s_table[204];
    internal static readonly delegate* unmanaged<nint*, nint> CreateCudaProviderOptions = (delegate* unmanaged<nint*, nint>)s_table[205];
    internal static readonly delegate* unmanaged<nint, void> ReleaseCudaProviderOptions = (delegate* unmanaged<nint, void>)s_table[208];
    internal static readonly delegate* unmanaged<nint, void> ReleaseSessionOptions = (delegate* unmanaged<nint, void>)s_table[100];
    internal static readonly delegate* unmanaged<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray = (delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)s_table[8];
    internal static readonly delegate* unmanaged<nint, void> ReleaseSession = (delegate* unmanaged<nint, void>)s_table[95];
    internal static readonly delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)s_table[30];
    internal static readonly delegate* unmanaged<nint, nuint*, nint> SessionGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)s_table[31];
    internal static readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)s_table[33];
    internal static readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOutputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)s_table[34];
    internal static readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetInputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)s_table[36];
    internal static readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetOutputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)s_table[37];

    // Types
    internal static readonly delegate* unmanaged<nint, int*, nint> GetOnnxTypeFromTypeInfo = (delegate* unmanaged<nint, int*, nint>)s_table[56];
    internal static readonly delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo = (delegate* unmanaged<nint, nint*, nint>)s_table[55];
    internal static readonly delegate* unmanaged<nint, int*, nint> GetTensorElementType = (delegate* unmanaged<nint, int*, nint>)s_table[60];
    internal static readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)s_table[61];
    internal static readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)s_table[62];
    internal static readonly delegate* unmanaged<nint, void> ReleaseTypeInfo = (delegate* unmanaged<nint, void>)s_table[98];
    internal static readonly delegate* unmanaged<nint, void> ReleaseTensorInfo = (delegate* unmanaged<nint, void>)s_table[99];

    // Calls
    internal static readonly delegate* unmanaged<nint*, nint> CreateRunOptions = (delegate* unmanaged<nint*, nint>)s_table[39];
    internal static readonly delegate* unmanaged<nint, int, nint> RunOptionsSetRunLogSeverityLevel = (delegate* unmanaged<nint, int, nint>)s_table[41];
    internal static readonly delegate* unmanaged<nint, nint> RunOptionsSetTerminate = (delegate* unmanaged<nint, nint>)s_table[46];
    internal static readonly delegate* unmanaged<nint, nint> RunOptionsUnsetTerminate = (delegate* unmanaged<nint, nint>)s_table[47];
    internal static readonly delegate* unmanaged<nint, void> ReleaseRunOptions = (delegate* unmanaged<nint, void>)s_table[97];
    internal static readonly delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)s_table[9];

    // Values
    internal static readonly delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo = (delegate* unmanaged<int, int, nint*, nint>)s_table[69];
    internal static readonly delegate* unmanaged<nint, void> ReleaseMemoryInfo = (delegate* unmanaged<nint, void>)s_table[94];
    internal static readonly delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions = (delegate* unmanaged<nint*, nint>)s_table[78];
    internal static readonly delegate* unmanaged<nint, void*, nint> AllocatorFree = (delegate* unmanaged<nint, void*, nint>)s_table[76];
    internal static readonly delegate* unmanaged<nint, long*, nuint, int, nint*, nint> CreateTensorAsOrtValue = (delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)s_table[48];
    internal static readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)s_table[49];
    internal static readonly delegate* unmanaged<nint, void**, nint> GetTensorMutableData = (delegate* unmanaged<nint, void**, nint>)s_table[51];
    internal static readonly delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)s_table[65];
    internal static readonly delegate* unmanaged<nint, nuint*, nint> GetTensorShapeElementCount = (delegate* unmanaged<nint, nuint*, nint>)s_table[64];
    internal static readonly delegate* unmanaged<nint, int*, nint> GetValueType = (delegate* unmanaged<nint, int*, nint>)s_table[67];
    internal static readonly delegate* unmanaged<nint, int, nint, nint*, nint> GetValue = (delegate* unmanaged<nint, int, nint, nint*, nint>)s_table[80];
    internal static readonly delegate* unmanaged<nint, nuint*, nint> GetValueCount = (delegate* unmanaged<nint, nuint*, nint>)s_table[81];
    internal static readonly delegate* unmanaged<nint, nuint, nuint*, nint> GetStringTensorElementLength = (delegate* unmanaged<nint, nuint, nuint*, nint>)s_table[127];
    internal static readonly delegate* unmanaged<nint, nuint, nuint, void*, nint> GetStringTensorElement = (delegate* unmanaged<nint, nuint, nuint, void*, nint>)s_table[128];
    internal static readonly delegate* unmanaged<nint, nuint, nuint, byte**, nint> GetResizedStringTensorElementBuffer = (delegate* unmanaged<nint, nuint, nuint, byte**, nint>)s_table[252];
    internal static readonly delegate* unmanaged<nint, void> ReleaseValue = (delegate* unmanaged<nint, void>)s_table[96];

    /// <summary>Takes what a function returned: nothing, or the reason why it failed.</summary>
    /// <param name="status">What it returned.</param>
    /// <param name="model">The model it was about; empty when none.</param>
    /// <param name="doing">Completes "ONNX Runtime could not …".</param>
    internal static void Check(nint status, string model, string doing)
    {
        if (status != 0)
            throw Failure(status, model, doing);
    }

    private static OnnxException Failure(nint status, string model, string doing)
    {
        string message = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "";
        int code = GetErrorCode(status);
        ReleaseStatus(status);
        return OnnxException.Of(code, message, model, doing);
    }
}
