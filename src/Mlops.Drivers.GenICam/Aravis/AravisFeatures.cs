using Mlops.Drivers.GenICam.Aravis.Native;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Aravis;

/// <summary>The features of an open camera, from its own description. One thread at a time.</summary>
internal sealed unsafe class AravisFeatures(nint device, string camera)
{
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private readonly Dictionary<string, nint> _nodes = [];

    /// <summary>Tells whether a feature has been asked for before: then the rest of the process need not be kept out (<see cref="AravisGate"/>).</summary>
    public bool IsKnown(string name) => _nodes.ContainsKey(name);

    /// <exception cref="CameraException">There is no such category.</exception>
    public IReadOnlyList<CameraFeature> List(string category)
    {
        nint node = Find(category);
        if (KindOf(node) != FeatureKind.Category)
            throw new CameraException($"Camera '{camera}': '{category}' is a feature, not a category of features.") { IsWrongSetting = true };
        var features = new List<CameraFeature>();
        for (GLib.ListEntry* entry = Arv.arv_gc_category_get_features(node); entry is not null; entry = entry->Next)
        {
            if (AravisErrors.Text(entry->Data) is { } name && TryFind(name) is var child and not 0 && Holds(child, implemented: true))
                features.Add(Describe(name, child));
        }

        return features;
    }

    /// <exception cref="CameraException">There is no such feature.</exception>
    public CameraFeature Describe(string name) => Describe(name, Find(name));

    /// <exception cref="CameraException">There is no such feature, or it cannot be read now.</exception>
    public object Read(string name)
    {
        nint node = Find(name);
        GLib.ErrorRecord* error = null;
        object? value = ReadValue(node, KindOf(node), &error);
        AravisErrors.ThrowIf(ref error, camera, $"does not tell its '{name}'");
        return value ?? throw new CameraException($"Camera '{camera}': '{name}' is a {Lower(KindOf(node))}; it has no value.") { IsWrongSetting = true };
    }

    /// <exception cref="CameraException">There is no such feature, it cannot be written now, or it does not take the value.</exception>
    public object Write(string name, object value)
    {
        nint node = Find(name);
        CameraFeature feature = Describe(name, node);
        object wanted = FeatureValues.Fit(camera, feature, value);
        if (!feature.IsWritable)
        {
            throw new CameraException($"Camera '{camera}': '{name}' cannot be written now (it is {Show(feature.Value)}). It may be read-only, locked while frames are taken, or governed by another feature such as an automatic mode.")
            {
                IsWrongSetting = true,
            };
        }

        GLib.ErrorRecord* error = null;
        switch (feature.Kind)
        {
            case FeatureKind.Command:
                Arv.arv_gc_command_execute(node, &error);
                break;
            case FeatureKind.Boolean:
                Arv.arv_gc_boolean_set_value(node, (bool)wanted ? 1 : 0, &error);
                break;
            case FeatureKind.Integer:
                Arv.arv_gc_integer_set_value(node, (long)wanted, &error);
                break;
            case FeatureKind.Float:
                Arv.arv_gc_float_set_value(node, (double)wanted, &error);
                break;
            case FeatureKind.Enumeration:
                Arv.arv_gc_enumeration_set_string_value(node, (string)wanted, &error);
                break;
            default:
                Arv.arv_gc_string_set_value(node, (string)wanted, &error);
                break;
        }

        AravisErrors.ThrowIf(ref error, camera, $"does not take {Show(wanted)} for '{name}'");
        if (feature.Kind == FeatureKind.Command)
            return wanted;
        object? now = ReadValue(node, feature.Kind, &error);
        AravisErrors.ThrowIf(ref error, camera, $"does not tell its '{name}'");
        return FeatureValues.Verify(camera, feature, wanted, now!);
    }

    private static CameraFeature Describe(string name, nint node)
    {
        FeatureKind kind = KindOf(node);
        bool isAvailable = Holds(node, implemented: false);
        GLib.ErrorRecord* error = null;
        object? value = isAvailable && Arv.arv_gc_feature_node_get_actual_access_mode(node) != WriteOnly ? ReadValue(node, kind, &error) : null;
        AravisErrors.Take(ref error);
        var feature = new CameraFeature(name, kind)
        {
            DisplayName = AravisErrors.Text(Arv.arv_gc_feature_node_get_display_name(node)),
            Description = AravisErrors.Text(Arv.arv_gc_feature_node_get_description(node)) ?? AravisErrors.Text(Arv.arv_gc_feature_node_get_tooltip(node)),
            Value = value,
            IsWritable = isAvailable && IsWritable(node),
        };
        return kind switch
        {
            FeatureKind.Integer => feature with { Minimum = Limit(node, &Arv.arv_gc_integer_get_min), Maximum = Limit(node, &Arv.arv_gc_integer_get_max), Increment = Limit(node, &Arv.arv_gc_integer_get_inc), Unit = Unit(Arv.arv_gc_integer_get_unit(node)) },
            FeatureKind.Float => feature with { Minimum = Limit(node, &Arv.arv_gc_float_get_min), Maximum = Limit(node, &Arv.arv_gc_float_get_max), Unit = Unit(Arv.arv_gc_float_get_unit(node)) },
            FeatureKind.Enumeration => feature with { Choices = Choices(node) },
            _ => feature,
        };
    }

    private static object? ReadValue(nint node, FeatureKind kind, GLib.ErrorRecord** error) => kind switch
    {
        FeatureKind.Boolean => Arv.arv_gc_boolean_get_value(node, error) != 0,
        FeatureKind.Integer => Arv.arv_gc_integer_get_value(node, error),
        FeatureKind.Float => Arv.arv_gc_float_get_value(node, error),
        FeatureKind.Enumeration => AravisErrors.Text(Arv.arv_gc_enumeration_get_string_value(node, error)) ?? "",
        FeatureKind.Text => AravisErrors.Text(Arv.arv_gc_string_get_value(node, error)) ?? "",
        _ => null,
    };

    // Enumerations and Booleans can be had as integers too, and text registers as registers: the narrower comes first.
    private static FeatureKind KindOf(nint node)
    {
        if (Is(node, Arv.arv_gc_category_get_type()))
            return FeatureKind.Category;
        if (Is(node, Arv.arv_gc_enumeration_get_type()))
            return FeatureKind.Enumeration;
        if (Is(node, Arv.arv_gc_boolean_get_type()))
            return FeatureKind.Boolean;
        if (Is(node, Arv.arv_gc_command_get_type()))
            return FeatureKind.Command;
        if (Is(node, Arv.arv_gc_string_get_type()))
            return FeatureKind.Text;
        if (Is(node, Arv.arv_gc_float_get_type()))
            return FeatureKind.Float;
        return Is(node, Arv.arv_gc_integer_get_type()) ? FeatureKind.Integer : FeatureKind.Register;
    }

    private static bool Is(nint node, nuint type) => GLib.g_type_check_instance_is_a(node, type) != 0;

    private static bool Holds(nint node, bool implemented)
    {
        GLib.ErrorRecord* error = null;
        int holds = implemented ? Arv.arv_gc_feature_node_is_implemented(node, &error) : Arv.arv_gc_feature_node_is_available(node, &error);
        return AravisErrors.Take(ref error) is null && holds != 0;
    }

    private static bool IsWritable(nint node)
    {
        GLib.ErrorRecord* error = null;
        bool isLocked = Arv.arv_gc_feature_node_is_locked(node, &error) != 0;
        return AravisErrors.Take(ref error) is null && !isLocked && Arv.arv_gc_feature_node_get_actual_access_mode(node) is WriteOnly or ReadWrite;
    }

    private static object? Limit<T>(nint node, delegate*<nint, GLib.ErrorRecord**, T> read)
        where T : struct
    {
        GLib.ErrorRecord* error = null;
        T value = read(node, &error);
        return AravisErrors.Take(ref error) is null ? value : null;
    }

    private static string? Unit(nint text) => AravisErrors.Text(text) is { Length: > 0 } unit ? unit : null;

    private static List<string> Choices(nint node)
    {
        GLib.ErrorRecord* error = null;
        nint* values = Arv.arv_gc_enumeration_dup_available_string_values(node, out uint count, &error);
        var choices = new List<string>();
        if (AravisErrors.Take(ref error) is null && values is not null)
        {
            for (uint i = 0; i < count; i++)
                choices.Add(AravisErrors.Text(values[i]) ?? "");
        }

        GLib.g_free((nint)values);
        return choices;
    }

    private static string Show(object? value) => FeatureValues.Show(value);

    private static string Lower(FeatureKind kind) => kind.ToString().ToLowerInvariant();

    private nint TryFind(string name)
    {
        if (!_nodes.TryGetValue(name, out nint node) && (node = Arv.arv_device_get_feature(device, name)) != 0)
            _nodes[name] = node;
        return node;
    }

    private nint Find(string name)
    {
        nint node = TryFind(name);
        return node != 0 ? node : throw new CameraException($"Camera '{camera}' has no feature '{name}'. Names are spelt as in its description, for example Width or ExposureTime; browse the asset to see them.") { IsWrongSetting = true };
    }
}
