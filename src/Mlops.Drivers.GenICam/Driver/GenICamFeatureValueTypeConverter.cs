using System.ComponentModel;
using System.Globalization;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Lets configurations, which know only texts, be bound to values.</summary>
internal sealed class GenICamFeatureValueTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => GenICamFeatureValue.FromString((string)value);
}
