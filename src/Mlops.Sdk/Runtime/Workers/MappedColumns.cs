using System.IO.MemoryMappedFiles;

namespace Mlops.Runtime.Workers;

/// <summary>Memory that a worker maps too, by way of a file whose name the worker removes once it has mapped it.</summary>
internal sealed unsafe class MappedColumns : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private bool _isMapped;

    public MappedColumns(string path, long size)
    {
        FilePath = path;

        // Preallocated: without room on the disk this throws, where a sparse file would end the host by SIGBUS later.
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            PreallocationSize = size,
        });
        _file = MemoryMappedFile.CreateFromFile(stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, size);
        byte* address = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        _isMapped = true;
        Address = address;
    }

    public string FilePath { get; }

    public byte* Address { get; }

    public void Dispose()
    {
        if (!_isMapped)
            return;
        _isMapped = false;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
