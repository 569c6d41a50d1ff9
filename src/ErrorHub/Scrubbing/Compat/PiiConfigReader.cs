using System.Text;
using System.Text.Json;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>Reads a <c>piiConfig</c>. What Relay passes over in silence, such as a rule that does not exist, is a problem here.</summary>
/// <remarks>
/// <c>{"rules": {name: {"type": "pattern", "pattern": "…", "redaction": {"method": "replace", "text": "…"}}}, "vars": {"hashKey": "…"},
/// "applications": {selector: [rule, …]}}</c>
/// </remarks>
internal sealed class PiiConfigReader
{
    internal const int MaxLength = 64 * 1024;
    private const int MaxRules = 200;
    private const int MaxParts = 500;

    private readonly List<string> _problems = [];
    private readonly Dictionary<string, IReadOnlyList<PiiRule>> _ready = [];
    private readonly HashSet<string> _open = [];
    private JsonElement _rules;
    private int _parts;

    /// <summary>The configuration of a text; its problems when it has some.</summary>
    internal static (PiiConfig Config, IReadOnlyList<string> Problems) Read(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return (PiiConfig.Empty, []);
        if (json.Length > MaxLength)
            return (PiiConfig.Empty, [$"It has more than {MaxLength} characters."]);

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            var reader = new PiiConfigReader();
            var config = reader.ReadRoot(document.RootElement);
            return (config, reader._problems);
        }
        catch (JsonException e)
        {
            return (PiiConfig.Empty, [$"It is no JSON: line {(e.LineNumber ?? 0) + 1}, character {(e.BytePositionInLine ?? 0) + 1}."]);
        }
        catch (InvalidOperationException)
        {
            return (PiiConfig.Empty, ["It has half of a surrogate pair in it."]);
        }
    }

    private PiiConfig ReadRoot(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _problems.Add("It must be a JSON object with \"rules\" and \"applications\".");
            return PiiConfig.Empty;
        }

        foreach (var property in root.EnumerateObject())
            if (property.Name is not ("rules" or "applications" or "vars"))
                _problems.Add($"There is no \"{property.Name}\" beside rules, applications and vars.");

        _rules = Object(root, "rules");
        if (_rules.ValueKind == JsonValueKind.Object)
        {
            if (_rules.GetPropertyCount() > MaxRules)
                _problems.Add($"There are more than {MaxRules} rules.");

            // Those that nothing applies are read all the same, for their mistakes.
            foreach (var rule in _rules.EnumerateObject().Take(MaxRules))
                RulesOf(rule.Name, "rules");
        }

        List<PiiApplication> applications = [];
        if (Object(root, "applications") is { ValueKind: JsonValueKind.Object } all)
            // By name: JSON gives no order to keys.
            foreach (var application in all.EnumerateObject().OrderBy(a => a.Name, StringComparer.Ordinal))
                applications.AddRange(ReadApplication(application));

        var key = Object(root, "vars") is { ValueKind: JsonValueKind.Object } vars && vars.TryGetProperty("hashKey", out var hashKey) && hashKey.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetBytes(hashKey.GetString()!)
            : [];
        return new PiiConfig(applications, key);
    }

    private List<PiiApplication> ReadApplication(JsonProperty application)
    {
        var (selector, problem) = SelectorParser.Parse(application.Name);
        if (selector is null)
            _problems.Add($"Selector {application.Name}: {problem}.");

        List<PiiApplication> found = [];
        if (application.Value.ValueKind != JsonValueKind.Array)
            _problems.Add($"Selector {application.Name}: write a list of names of rules.");
        else
            foreach (var rule in application.Value.EnumerateArray().Where(IsText).Select(r => r.GetString()!).Distinct().Order(StringComparer.Ordinal))
                found.AddRange(RulesOf(rule, $"Selector {application.Name}").Select(r => new PiiApplication(selector!, r)));

        return selector is null ? [] : found;
    }

    /// <summary>The rules behind a name.</summary>
    private IReadOnlyList<PiiRule> RulesOf(string name, string usedBy)
    {
        if (_ready.TryGetValue(name, out var ready))
            return ready;
        if (_rules.ValueKind != JsonValueKind.Object || !_rules.TryGetProperty(name, out var rule))
        {
            if (BuiltInRules.Find(name) is { } builtIn)
                return builtIn;

            _problems.Add($"{usedBy}: there is no rule {name}.");
            return [];
        }

        if (!_open.Add(name))
        {
            _problems.Add($"Rule {name}: it is made of itself.");
            return [];
        }

        var problems = _problems.Count;
        var read = rule.ValueKind == JsonValueKind.Object ? ReadRule(name, rule) : Refuse(name, "write an object with a \"type\"");
        _open.Remove(name);
        _parts += read.Count;
        if (_parts > MaxParts && problems == _problems.Count)
            read = Refuse(name, $"all rules together come to more than {MaxParts} parts");

        return _ready[name] = read;
    }

    private IReadOnlyList<PiiRule> ReadRule(string name, JsonElement rule)
    {
        var redaction = ReadRedaction(name, rule);
        var type = rule.TryGetProperty("type", out var value) && IsText(value) ? value.GetString() : null;
        return type switch
        {
            "anything" => [new PiiRule.Anything(name, redaction)],
            "pattern" => ReadPattern(name, rule, redaction),
            "ip" => Parts(name, redaction, BuiltInRules.IpVersion4, BuiltInRules.IpVersion6),
            "imei" => Parts(name, redaction, BuiltInRules.Imei),
            "mac" => Parts(name, redaction, BuiltInRules.Mac),
            "uuid" => Parts(name, redaction, BuiltInRules.Uuid),
            "email" => Parts(name, redaction, BuiltInRules.Email),
            "creditcard" => Parts(name, redaction, BuiltInRules.CreditCard),
            "iban" => Parts(name, redaction, BuiltInRules.Iban),
            "userpath" => Parts(name, redaction, BuiltInRules.UserPath),
            "pemkey" => Parts(name, redaction, BuiltInRules.PemKey),
            "url_auth" => Parts(name, redaction, BuiltInRules.UrlAuth),
            "us_ssn" => Parts(name, redaction, BuiltInRules.UsSsn),
            "bearer" => Parts(name, redaction, BuiltInRules.Bearer),
            "password" => [new PiiRule.Whole(name, redaction, BuiltInRules.SecretKey, BuiltInRules.SecretText)],
            "redact_pair" => ReadPair(name, rule, redaction),
            "alias" => ReadInner(name, rule, redaction, "rule"),
            "multiple" => ReadInner(name, rule, redaction, "rules"),
            null => Refuse(name, "its \"type\" is missing"),
            _ => Refuse(name, $"there is no type {type}"),
        };
    }

    private static IReadOnlyList<PiiRule> Parts(string name, Redaction redaction, params TextMatcher[] matchers) =>
        [.. matchers.Select(m => new PiiRule.Parts(name, redaction, m))];

    private IReadOnlyList<PiiRule> ReadPattern(string name, JsonElement rule, Redaction redaction)
    {
        if (Compile(name, rule, "pattern") is not { } regex)
            return [];

        int[] groups = [0];
        if (rule.TryGetProperty("replaceGroups", out var value) && value.ValueKind != JsonValueKind.Null)
        {
            if (value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(g => g.ValueKind == JsonValueKind.Number && g.TryGetInt32(out _)))
                return Refuse(name, "replaceGroups is a list of numbers");

            groups = [.. value.EnumerateArray().Select(g => g.GetInt32()).Distinct().Order()];
            if (groups.FirstOrDefault(g => !regex.GetGroupNumbers().Contains(g), -1) is not -1 and var missing)
                return Refuse(name, $"its pattern has no group {missing}");
        }

        return Parts(name, redaction, new TextMatcher.Pattern(regex, null, groups));
    }

    private IReadOnlyList<PiiRule> ReadPair(string name, JsonElement rule, Redaction redaction)
    {
        if (Compile(name, rule, "keyPattern") is not { } regex)
            return [];

        var matcher = new TextMatcher.Pattern(regex, null, 0);
        return [new PiiRule.Whole(name, redaction, matcher, matcher)];
    }

    private System.Text.RegularExpressions.Regex? Compile(string name, JsonElement rule, string key)
    {
        if (!rule.TryGetProperty(key, out var value) || !IsText(value))
        {
            Refuse(name, $"its \"{key}\" is missing");
            return null;
        }

        var (regex, problem) = LinearPattern.CompileRust(value.GetString()!);
        if (regex is null)
            _problems.Add($"Rule {name}: {problem}");

        return regex;
    }

    // Rules within a rule keep their own method when they have one, and their own name unless it is hidden.
    private IReadOnlyList<PiiRule> ReadInner(string name, JsonElement rule, Redaction redaction, string key)
    {
        var names = !rule.TryGetProperty(key, out var value) ? null
            : IsText(value) ? [value.GetString()!]
            : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsText) ? value.EnumerateArray().Select(v => v.GetString()!).ToArray() : null;
        if (names is null)
            return Refuse(name, $"its \"{key}\" is missing");

        var hides = rule.TryGetProperty("hideInner", out var hide) && hide.ValueKind == JsonValueKind.True;
        return
        [
            .. names.SelectMany(inner => RulesOf(inner, $"Rule {name}")).Select(inner => inner with
            {
                Name = hides ? name : inner.Name,
                Redaction = inner.Redaction.Method == RedactionMethod.Default ? redaction : inner.Redaction,
            }),
        ];
    }

    // {"method": "replace", "text": "…"}; old configurations have the method alone.
    private Redaction ReadRedaction(string name, JsonElement rule)
    {
        if (!rule.TryGetProperty("redaction", out var redaction) || redaction.ValueKind == JsonValueKind.Null)
            return Redaction.Default;

        var method = IsText(redaction) ? redaction.GetString()
            : redaction.ValueKind == JsonValueKind.Object && redaction.TryGetProperty("method", out var value) && IsText(value) ? value.GetString() : null;
        var text = redaction.ValueKind == JsonValueKind.Object && redaction.TryGetProperty("text", out var replacement) && IsText(replacement)
            ? replacement.GetString()!.Replace("\0", "", StringComparison.Ordinal)
            : TextScrubber.Filtered;
        RedactionMethod? known = method switch
        {
            "default" => RedactionMethod.Default,
            "remove" => RedactionMethod.Remove,
            "replace" => RedactionMethod.Replace,
            "mask" => RedactionMethod.Mask,
            "hash" => RedactionMethod.Hash,
            _ => null,
        };
        if (known is null)
            Refuse(name, $"there is no redaction method {method ?? redaction.GetRawText()}");

        return new Redaction(known ?? RedactionMethod.Remove, text);
    }

    private JsonElement Object(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Object)
            return value;

        _problems.Add($"\"{key}\" must be an object.");
        return default;
    }

    private IReadOnlyList<PiiRule> Refuse(string name, string why)
    {
        _problems.Add($"Rule {name}: {why}.");
        return [];
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;
}
