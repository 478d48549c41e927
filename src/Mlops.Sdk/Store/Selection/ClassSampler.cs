using System.Runtime.InteropServices;
using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Store.Selection;

/// <summary>
/// Decides which records of each class stay. First it is shown every record that counts, 8 bytes each; of a class those with the lowest
/// numbers by seeded chance stay.
/// </summary>
internal sealed class ClassSampler(ClassBalance balance)
{
    private readonly Dictionary<string, List<ulong>> _seen = new(StringComparer.Ordinal);
    private Dictionary<string, ulong>? _highest;

    public void Show(long position, ReadOnlySpan<byte> label)
    {
        Span<char> text = label.Length <= 256 ? stackalloc char[256] : new char[label.Length];
        int length = Encoding.UTF8.GetChars(label, text);
        ref List<ulong>? numbers = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen.GetAlternateLookup<ReadOnlySpan<char>>(), text[..length], out _);
        (numbers ??= []).Add(SeededChance.Of(balance.Seed, position));
    }

    /// <summary>Makes the decision.</summary>
    public void Decide()
    {
        int wanted = balance.PerClass ?? (_seen.Count == 0 ? 0 : _seen.Values.Min(n => n.Count));
        _highest = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach ((string name, List<ulong> numbers) in _seen)
        {
            numbers.Sort();
            _highest.Add(name, numbers[Math.Min(wanted, numbers.Count) - 1]);
        }

        _seen.Clear();
    }

    public bool Keeps(long position, ReadOnlySpan<byte> label)
    {
        Span<char> text = label.Length <= 256 ? stackalloc char[256] : new char[label.Length];
        int length = Encoding.UTF8.GetChars(label, text);
        return _highest!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out ulong highest) && SeededChance.Of(balance.Seed, position) <= highest;
    }

    /// <exception cref="WorkflowException">The balance cannot be had.</exception>
    public static ClassSampler? Of(SelectionRequest request, FieldType? labelType)
    {
        if (request.Balance is not { } balance)
            return null;
        if (labelType is null)
            throw new WorkflowException("The selection is to be balanced by class, but has no label. Name the label, or leave the balance out.");
        if (labelType is FieldType.Float64 or FieldType.Timestamp)
            throw new WorkflowException($"The selection is to be balanced by class, but its label '{request.Label}' is {labelType}, which has no classes. Leave the balance out.");
        return balance.PerClass is < 1
            ? throw new WorkflowException($"The balance wants {balance.PerClass} records of each class. Give 1 or more, or leave the number out for as many as the rarest class has.")
            : new ClassSampler(balance);
    }
}
