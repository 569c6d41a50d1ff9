using System.Text.RegularExpressions;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>A browser without a screen.</summary>
internal static partial class LoggedIn
{
    /// <summary>Logs in as the installation's owner.</summary>
    public static async Task<HttpClient> AsOwnerAsync(Installation installation, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = installation.BaseUrl };
        var form = await http.GetStringAsync("/account/login", cancellationToken);
        var fields = HiddenField().Matches(form).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value);
        fields["Form.Email"] = Installation.OwnerEmail;
        fields["Form.Password"] = Installation.OwnerPassword;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync("/account/login", content, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        return http;
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""")]
    private static partial Regex HiddenField();
}
