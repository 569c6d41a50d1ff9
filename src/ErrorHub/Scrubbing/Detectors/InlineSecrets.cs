using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// Secrets that prose, code, connection strings, forms, markup and cut JSON give under a name: <c>password='x'</c>, <c>Pwd=x;</c>,
/// <c>"token":"x"</c>, <c>the password is x</c>, <c>Cookie: a=b; c=d</c>. <see cref="KeyRules"/> knows the names, <see cref="SecretValue"/> the
/// values, and <see cref="NamedSecrets"/> finds those that stand behind their name without a sign between them.
/// </summary>
/// <param name="own">The names of a project that has keys of its own; null for all others.</param>
internal sealed class InlineSecrets(KeyNames? own = null) : Detector
{
    private const int MaxName = 64;

    // "mot de passe incorrect", "API key".
    private const int MostWordsBefore = 3;

    // From the name of a field to its value: <add key="Password" value="x"/>, {"name": "password", "value": "x"}.
    private const int MaxBetween = 24;

    private static readonly SearchValues<string> Verbs =
        SearchValues.Create([" is ", " was ", " ist ", " est ", " es ", " lautet ", " changed to ", " set to ", " reset to "], StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "secret";

    internal override bool LooksAt(TextPlace place) => place != TextPlace.Source;

    internal override IEnumerable<AnchorWord> Words => InAnyCase("is ", "was ", "ist ", "est ", "es ", "lautet ", "changed to ", "set to ", "reset to ");

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) =>
        text.Colons + text.EqualSigns + text.LessThans > 0 || (own is not null && (text.Words & TextScrubber.BitOfVerbs) != 0);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        FindSeparated(text, found);
        FindTold(text, found);
        FindInTags(text, found);
    }

    /// <summary>Behind <c>=</c> and <c>:</c>.</summary>
    private void FindSeparated(ReadOnlySpan<char> text, List<Finding> found)
    {
        var stop = -1;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny('=', ':');
            if (hit < 0)
                return;

            at += hit + 1;
            if (At(text, at) == ':' || (text[at - 1] == ':' && At(text, at) == '/' && At(text, at + 1) == '/'))
                continue;

            var form = text[at - 1] == ':' && At(text, at) == ' ' ? SecretForm.Told : SecretForm.Assigned;
            var name = NameBefore(text, at - 1, out var word);
            if (At(text, at) is '=' or '>')
                at++;

            if (name.Strength != KeyStrength.None)
                at = SecretValue.Add(text, at, name, form, found, ref stop);
            else if (word.Equals("name", StringComparison.OrdinalIgnoreCase) || word.Equals("key", StringComparison.OrdinalIgnoreCase))
                AddValueOfField(text, at, found, ref stop);
        }
    }

    /// <summary>Behind a verb.</summary>
    private void FindTold(ReadOnlySpan<char> text, List<Finding> found)
    {
        var stop = -1;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Verbs);
            if (hit < 0)
                return;

            at += hit;
            var name = NameBefore(text, at, out _);
            at += 1 + text[(at + 1)..].IndexOf(' ');
            if (text[at..].StartsWith(" to "))
                at += 3;

            if (name.Strength == KeyStrength.None)
                continue;

            // What is no secret may be the next verb: "was reset to x".
            var (count, end) = (found.Count, SecretValue.Add(text, at, name, SecretForm.Said, found, ref stop));
            if (found.Count > count)
                at = end;
        }
    }

    /// <summary>Between tags, by the second: <c>&lt;ns:password type="x"&gt;…&lt;/ns:password&gt;</c>.</summary>
    private void FindInTags(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var from = 0; text[from..].IndexOf("</") is >= 0 and var hit;)
        {
            var (first, end) = (text.Slice(from, hit).LastIndexOf('>'), from + hit);
            var start = from + first + 1;
            from = end + 2;
            var tag = text.Slice(from, Math.Min(MaxName, text.Length - from));
            if (first < 0 || tag.IndexOf('>') is not (> 0 and var close))
                continue;

            var name = new SecretName(StrengthOf(tag[(tag[..close].IndexOf(':') + 1)..close]), false, false, false, ' ');
            if (name.Strength != KeyStrength.None && SecretValue.IsSecret(text[start..end], name, SecretForm.Quoted))
                found.Add(new Finding(start, end, TextScrubber.Filtered));
        }
    }

    /// <summary>The value of a field whose name stands here: <c>"password", "value": "x"</c>, or in a part of a form <c>"password"\r\n\r\nx</c>.</summary>
    private void AddValueOfField(ReadOnlySpan<char> text, int at, List<Finding> found, ref int stop)
    {
        while (at < text.Length && text[at] is ' ' or '"' or '\'')
            at++;

        var end = KeyRules.EndOfName(text, at);
        var strength = end > at ? StrengthOf(text[at..end]) : KeyStrength.None;
        if (strength == KeyStrength.None)
            return;

        var between = text.Slice(end, Math.Min(MaxBetween, text.Length - end));
        var name = NameOf(strength, text[at..end], ' ');
        if (between.IndexOf("value", StringComparison.OrdinalIgnoreCase) is >= 0 and var value && between[(value + 5)..].IndexOfAny('=', ':') is >= 0 and var sign)
            SecretValue.Add(text, end + value + 5 + sign + 1, name, SecretForm.Assigned, found, ref stop);
        else if (between.IndexOf("\n\r\n") is >= 0 and var line)
            SecretValue.Add(text, end + line + 3, name, SecretForm.Assigned, found, ref stop);
        else if (between.IndexOf("\n\n") is >= 0 and var blank)
            SecretValue.Add(text, end + blank + 2, name, SecretForm.Assigned, found, ref stop);
    }

    private SecretName NameBefore(ReadOnlySpan<char> text, int separator, out ReadOnlySpan<char> word)
    {
        // Of JSON in JSON in JSON each quote has several marks before it.
        const int MostMarks = 8;
        var end = separator;
        while (end > 0 && separator - end < MostMarks && text[end - 1] is ' ' or '"' or '\'' or '`' or ']' or '\\' or '?' or '!' or ':')
            end--;

        var start = KeyRules.StartOfName(text, end);
        word = text[start..end];
        if (Before(text, start) == '[' && At(text, end) == ']' && TextScrubber.HasPlaceholder(text[(start - 1)..(end + 1)]))
            return default;

        var strength = StrengthOf(word);
        for (var (from, words) = (start, 0); strength == KeyStrength.None && words < MostWordsBefore && from > 0 && text[from - 1] == ' ' && start < end && (end - start < 8 || SecretValue.IsTalk(word)); words++)
        {
            from = KeyRules.StartOfName(text, from - 1);
            strength = StrengthOf(text[from..end]);
        }

        return NameOf(strength, word, Before(text, start));
    }

    private static SecretName NameOf(KeyStrength strength, ReadOnlySpan<char> word, char before) => strength == KeyStrength.None ? default : new SecretName(
        strength, word.EndsWith("cookie", StringComparison.OrdinalIgnoreCase), word.EndsWith("authorization", StringComparison.OrdinalIgnoreCase),
        strength == KeyStrength.Weak && !KeyRules.IsOfDigits(word), before is '"' or '\'' or '`' ? before : ' ');

    private KeyStrength StrengthOf(ReadOnlySpan<char> name) => own is null ? KeyRules.StrengthOf(name) : own.StrengthOf(name);
}
