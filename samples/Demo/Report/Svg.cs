using System.Globalization;
using System.Net;
using System.Text;

namespace Demo.Report;

/// <summary>Draws a chart as inline SVG; colours come from the page's style sheet.</summary>
internal sealed class Svg(int width, int height)
{
    private readonly StringBuilder _text = new();

    public void Rectangle(double x, double y, double w, double h, string style, string? hint = null)
    {
        _text.Append(Invariant($"<rect x='{x:0.##}' y='{y:0.##}' width='{Math.Max(0, w):0.##}' height='{Math.Max(0, h):0.##}' class='{style}'>"));
        if (hint is not null)
            _text.Append("<title>").Append(WebUtility.HtmlEncode(hint)).Append("</title>");
        _text.Append("</rect>");
    }

    public void Shade(double x, double y, double w, double h, double strength, string hint)
    {
        _text.Append(Invariant($"<rect x='{x:0.##}' y='{y:0.##}' width='{w:0.##}' height='{h:0.##}' class='cell' fill-opacity='{strength:0.###}'><title>"))
            .Append(WebUtility.HtmlEncode(hint)).Append("</title></rect>");
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _text.Append(Invariant($"<line x1='{x1:0.##}' y1='{y1:0.##}' x2='{x2:0.##}' y2='{y2:0.##}' class='{style}'/>"));

    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        _text.Append("<polyline class='").Append(style).Append("' points='")
            .AppendJoin(' ', points.Select(p => Invariant($"{p.X:0.##},{p.Y:0.##}"))).Append("'/>");

    public void Text(double x, double y, string text, string style = "label", string anchor = "middle") =>
        _text.Append(Invariant($"<text x='{x:0.##}' y='{y:0.##}' class='{style}' text-anchor='{anchor}'>")).Append(WebUtility.HtmlEncode(text)).Append("</text>");

    public override string ToString() => Invariant($"<svg viewBox='0 0 {width} {height}' role='img'>{_text}</svg>");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
