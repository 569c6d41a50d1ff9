using ErrorHub.Web.Shared;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPages();
var app = builder.Build();
app.UseSecurityHeaders();
app.UseNotFoundPage();
app.UseAntiforgery();
app.MapGet("/healthz", () => "alive");
app.MapPages();
app.Run();
