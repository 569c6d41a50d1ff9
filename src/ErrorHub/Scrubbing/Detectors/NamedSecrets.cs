using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// Secrets behind their name without a sign between them: <c>('password', 'x')</c>, <c>--password x</c>, <c>PASSWORD 'x'</c>, the words of
/// validators that quote what they refuse, and options of commands that take a password.
/// </summary>
/// <remarks>Not in <see cref="InlineSecrets"/>, which looks at every text with a colon: this looks at those with one of its words.</remarks>
internal sealed class NamedSecrets : Detector
{
    private const int MaxLine = 256;
    private const int FewestDigits = 3;
    private const int MostDigits = 8;
    private const int ShortRandom = 8;
    private const int LongRandom = 16;

    private static readonly SecretName Secret = new(KeyStrength.Strong, false, false, false, ' ');

    // These alone are followed by the value in prose: a "secret" or a "token" is followed by its name. All are ASCII, else the search takes ten times as long.
    private static readonly string[] Passwords =
    [
        "password", "passwd", "passwort", "kennwort", "passphrase", "passcode", "pswd", "pwd", "contrase", "senha", "wachtwoord", "mot de passe",
        "identified by",
    ];

    private static readonly string[] Codes = ["otp", "cvv", "cvc"];

    private static readonly string[] Others = ["secret", "token", "api-key", "api_key", "apikey"];

    private static readonly string[] Sessions = ["session id", "session"];

    private const string UserOption = " -u ";

    // A command, and the option behind which its password stands.
    private static readonly (string Command, string Option)[] Commands =
        [("sshpass ", " -p "), ("docker login ", " -p "), ("mysql ", " -p"), ("mysqldump ", " -p"), ("curl ", UserOption)];

    private static readonly SearchValues<char> Signs = SearchValues.Create("!#$%&*+/=?@^~");

    private static readonly SearchValues<char> OfOthers = SearchValues.Create("=<>'\"(:");

    private static readonly SearchValues<string> Names =
        SearchValues.Create([.. Passwords, .. Codes, .. Others, .. Sessions, .. Commands.Select(c => c.Command)], StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "secret";

    internal override bool LooksAt(TextPlace place) => place != TextPlace.Source;

    internal override IEnumerable<AnchorWord> Words => InAnyCase([.. Passwords, .. Codes, .. Others, .. Sessions, .. Commands.Select(c => c.Command)]);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Names);
            if (hit < 0)
                return;

            at += hit;
            var end = EndOfWord(text, at);
            at = Math.Max(end, AddBehind(text, KeyRules.StartOfName(text, at), at, end, found));
        }
    }

    /// <summary>Where the value behind a name ends that was added; -1 when none was.</summary>
    private static int AddBehind(ReadOnlySpan<char> text, int start, int word, int end, List<Finding> found)
    {
        if (text[start] == '-')
            return AddOption(text, end, found);
        if (IndexOf(Commands, text, word) is >= 0 and var command)
            return AddOfCommand(text, word, Commands[command].Command, Commands[command].Option, found);
        if (IsAny(Codes, text, word))
            return AddCode(text, end, found);

        if (IsAny(Sessions, text, word))
            return AddRandom(text, text[word..].StartsWith(Sessions[0], StringComparison.OrdinalIgnoreCase) ? word + Sessions[0].Length : end, LongRandom, found);

        var isPassword = IsAny(Passwords, text, word);
        // Erlang: {password,"x"}
        if (At(text, start - 1) == '{' && At(text, end) == ',' && SecretValue.IsQuote(At(text, SkipBlanks(text, end + 1))))
            return AddQuoted(text, SkipBlanks(text, end + 1), found);
        if (At(text, start - 1) == '[' && At(text, end) == ',')
            return AddUntil(text, SkipBlanks(text, end + 1), ']', isPlain: true, found);
        if (!SecretValue.IsQuote(At(text, end)))
            return isPassword ? AddTold(text, start, end, found) : -1;

        if (At(text, end + 1) == ',')
            return AddSecond(text, start, end, found);
        if (text[(end + 1)..].StartsWith(";s:") && text.Slice(end + 4, Math.Min(MostDigits, text.Length - end - 4)).IndexOf('"') is > 0 and var quote)
            return AddQuoted(text, end + 4 + quote, found);

        return isPassword ? AddRefused(text, end + 1, found) : -1;
    }

    // --password x, '--password', 'x'
    private static int AddOption(ReadOnlySpan<char> text, int end, List<Finding> found)
    {
        var at = SecretValue.IsQuote(At(text, end)) ? end + 1 : end;
        at = SkipBlanks(text, At(text, at) == ',' ? at + 1 : at);
        if (at == end || At(text, at) is '-' or '=')
            return -1;
        if (SecretValue.IsQuote(At(text, at)))
            return AddQuoted(text, at, found);

        var stop = -1;
        var last = SecretValue.EndOfPlain(text, at, ref stop);
        return Add(text, at, last, SecretForm.Assigned, found);
    }

    private static int AddOfCommand(ReadOnlySpan<char> text, int at, string command, string option, List<Finding> found)
    {
        // From the blank behind the command on.
        at += command.Length - 1;
        var line = text.Slice(at, Math.Min(MaxLine, text.Length - at));
        line = line.IndexOf('\n') is >= 0 and var end ? line[..end] : line;
        if (line.IndexOf(option) is not (>= 0 and var hit))
            return -1;

        var (value, stop) = (at + hit + option.Length, -1);
        var last = SecretValue.EndOfPlain(text, value, ref stop);
        // Of a user and a password the user stays.
        if (option == UserOption)
            value = text[value..last].IndexOf(':') is >= 0 and var colon ? value + colon + 1 : last;

        return Add(text, value, last, SecretForm.Assigned, found);
    }

    // "OTP 482913"
    private static int AddCode(ReadOnlySpan<char> text, int end, List<Finding> found)
    {
        var at = SkipBlanks(text, end);
        var last = at;
        while (char.IsAsciiDigit(At(text, last)))
            last++;

        if (at == end || last - at is < FewestDigits or > MostDigits || char.IsLetter(At(text, last)) || (At(text, last) == '.' && char.IsAsciiDigit(At(text, last + 1))))
            return -1;

        found.Add(new Finding(at, last, TextScrubber.Filtered));
        return last;
    }

    // The second of two: ('password', 'x'). Of more than two the next is a name like the first.
    private static int AddSecond(ReadOnlySpan<char> text, int start, int end, List<Finding> found)
    {
        var at = SkipBlanks(text, end + 2);
        // Behind a word it is a list of columns: users ("password", "email").
        var isFirst = start > 1 && text[start - 2] is '(' or '[' && text[..(start - 2)].TrimEnd() is [] or [.., '(' or '[' or '{' or ',' or '=' or ':'];
        if (!isFirst || !SecretValue.IsQuote(At(text, at)))
            return -1;

        var close = SecretValue.EndOfQuoted(text, at + 1, text[at], isEscaped: false);
        return At(text, close + 1) is ')' or ']' ? Add(text, at + 1, close, SecretForm.Quoted, found) : -1;
    }

    // "temporary password Xk29fQ was sent", "with password a1*b2": up to the blank, when it can be no word.
    private static int AddRandom(ReadOnlySpan<char> text, int end, int shortest, List<Finding> found)
    {
        var at = SkipBlanks(text, end);
        var length = text[at..].IndexOfAny(SecretValue.Stops);
        var value = (length < 0 ? text[at..] : text.Slice(at, length)).TrimEnd(".,;:!?)'\"");
        var kinds = (value.ContainsAnyInRange('0', '9') ? 1 : 0) + (value.ContainsAnyInRange('a', 'z') ? 1 : 0) + (value.ContainsAnyInRange('A', 'Z') ? 1 : 0) + (value.ContainsAny(Signs) ? 1 : 0);
        return at > end && value.Length >= shortest && kinds >= 3 && !value.TrimEnd('=').ContainsAny(OfOthers) ? Add(text, at, at + value.Length, SecretForm.Quoted, found) : -1;
    }

    // Invalid password 'x', IDENTIFIED BY 'x'; and what Pydantic says in the line behind the name.
    private static int AddTold(ReadOnlySpan<char> text, int start, int end, List<Finding> found)
    {
        // ASP.NET: The value 'x' is not valid for Password.
        const string NotValid = "' is not valid for ";
        if (text[..start].EndsWith(NotValid) && text[..(start - NotValid.Length)].LastIndexOf('\'') is >= 0 and var open)
            Add(text, open + 1, start - NotValid.Length, SecretForm.Quoted, found);

        if (At(text, end) == ' ' && SecretValue.IsQuote(At(text, end + 1)))
        {
            var close = SecretValue.EndOfQuoted(text, end + 2, text[end + 1], isEscaped: false);
            return text[(end + 2)..close].Contains(' ') ? -1 : Add(text, end + 2, close, SecretForm.Quoted, found);
        }

        if (text[end..].StartsWith(" (") && text[(end + 2)..].IndexOfAny(')', ' ') is > 0 and var bracket && At(text, end + 2 + bracket) == ')'
            && text.Slice(end + 2, bracket).ContainsAnyInRange('0', '9'))
            return Add(text, end + 2, end + 2 + bracket, SecretForm.Quoted, found);
        if (At(text, end) == ' ')
            return AddRandom(text, end, ShortRandom, found);

        if (At(text, end) != '\n' || At(text, start - 1) is not ('\n' or '.' or ' '))
            return -1;

        const string Input = "input_value=";
        var next = text.Slice(end, Math.Min(MaxLine, text.Length - end)).IndexOf(Input);
        return next > 0 && SecretValue.IsQuote(At(text, end + next + Input.Length)) ? AddQuoted(text, end + next + Input.Length, found) : -1;
    }

    // "password" with value "x"; 'password': rejected value [x]; `password` (`x`)
    private static int AddRefused(ReadOnlySpan<char> text, int at, List<Finding> found)
    {
        const string Spring = ": rejected value [", Joi = " with value ", Mongoose = " (`";
        var rest = text[at..];
        if (rest.StartsWith(Spring))
            return AddUntil(text, at + Spring.Length, ']', isPlain: false, found);
        if (rest.StartsWith(Mongoose))
            return AddQuoted(text, at + Mongoose.Length - 1, found);

        return rest.StartsWith(Joi) && SecretValue.IsQuote(At(text, at + Joi.Length)) ? AddQuoted(text, at + Joi.Length, found) : -1;
    }

    private static int AddQuoted(ReadOnlySpan<char> text, int quote, List<Finding> found) =>
        Add(text, quote + 1, SecretValue.EndOfQuoted(text, quote + 1, text[quote], isEscaped: false), SecretForm.Quoted, found);

    /// <summary>Up to a bracket on the same line; a plain one must not look like a word, since <c>[password, email]</c> are names.</summary>
    private static int AddUntil(ReadOnlySpan<char> text, int at, char close, bool isPlain, List<Finding> found)
    {
        var line = text.Slice(at, Math.Min(MaxLine, text.Length - at));
        var end = line.IndexOfAny(close, '\n');
        if (end < 0 || line[end] != close || (isPlain && (line[..end].Contains(',') || line[..end].IndexOfAnyInRange('0', '9') < 0)))
            return -1;

        return Add(text, at, at + end, SecretForm.Quoted, found);
    }

    private static int Add(ReadOnlySpan<char> text, int at, int end, SecretForm form, List<Finding> found)
    {
        if (end <= at || !SecretValue.IsSecret(text[at..end], Secret, form))
            return -1;

        found.Add(new Finding(at, end, TextScrubber.Filtered));
        return end;
    }

    private static bool IsAny(string[] words, ReadOnlySpan<char> text, int at)
    {
        foreach (var word in words)
            if (text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

    private static int IndexOf((string Command, string Option)[] commands, ReadOnlySpan<char> text, int at)
    {
        for (var i = 0; i < commands.Length; i++)
            if (text[at..].StartsWith(commands[i].Command, StringComparison.OrdinalIgnoreCase))
                return i;

        return -1;
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int at)
    {
        var end = KeyRules.EndOfName(text, at);
        // "mot de passe" and "identified by" are several.
        foreach (var name in Passwords)
            if (name.Contains(' ', StringComparison.Ordinal) && text[at..].StartsWith(name, StringComparison.OrdinalIgnoreCase))
                end = Math.Max(end, at + name.Length);

        return end;
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;

        return at;
    }
}
