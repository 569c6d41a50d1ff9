using System.Globalization;
using System.Text.RegularExpressions;

namespace ErrorHub.Demo;

/// <summary>
/// Fills the <c>{names}</c> of a text. A name means the same through one event, so that its URL and its message tell of one
/// order. <c>{hex8}</c> is eight hex digits; anything in braces that is no known name stays as it is.
/// </summary>
/// <param name="vars">By name: <c>100-999</c> for a number in this range, else choices with <c>|</c> between them.</param>
/// <param name="random">Where values come from.</param>
internal sealed partial class DemoText(Dictionary<string, string> vars, Random random)
{
    private readonly Dictionary<string, string> _values = [];

    public string Fill(string text) => Name().Replace(text, match => ValueOf(match.Groups[1].Value) ?? match.Value);

    private string? ValueOf(string name)
    {
        if (_values.TryGetValue(name, out var known))
            return known;

        if (name == "hex8")
            return _values[name] = random.GetHexString(8, lowercase: true);

        return vars.TryGetValue(name, out var choices) ? _values[name] = Choose(choices) : null;
    }

    private string Choose(string choices)
    {
        if (Range().Match(choices) is not { Success: true } range)
            return choices.Split('|') is var words ? words[random.Next(words.Length)] : choices;

        var (from, to) = (NumberOf(range.Groups[1]), NumberOf(range.Groups[2]));
        return random.Next(from, to + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static int NumberOf(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(\d+)-(\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
