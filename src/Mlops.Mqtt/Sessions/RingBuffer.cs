using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mlops.Mqtt.Sessions;

/// <summary>A growing queue of structs that can be looked into; not thread-safe.</summary>
internal sealed class RingBuffer<T>
{
    private const int SmallestCapacity = 4;

    private T[] items = [];
    private int head;

    public int Count { get; private set; }

    public ref T this[int index] => ref items[(head + index) & (items.Length - 1)];

    public void Enqueue(in T item)
    {
        if (Count == items.Length)
            Grow();
        items[(head + Count) & (items.Length - 1)] = item;
        Count++;
    }

    public T Dequeue()
    {
        ref T slot = ref items[head];
        var item = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            slot = default!;
        head = (head + 1) & (items.Length - 1);
        Count--;
        return item;
    }

    /// <summary>Forgets the content and gives the memory back.</summary>
    public void Clear()
    {
        items = [];
        head = 0;
        Count = 0;
    }

    /// <summary>Gives back the memory that the content does not take.</summary>
    public void Trim()
    {
        int needed = Count == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(SmallestCapacity, Count));
        if (needed < items.Length)
            Resize(needed);
    }

    private void Grow() => Resize(Math.Max(SmallestCapacity, items.Length * 2));

    private void Resize(int capacity)
    {
        T[] resized = capacity == 0 ? [] : new T[capacity];
        for (int i = 0; i < Count; i++)
            resized[i] = this[i];
        items = resized;
        head = 0;
    }
}
