using SentimentML;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSentimentClassifier(options =>
{
    // The ready model. Your own: options.AddModel("reviews", "sentiment.zip"), a model folder or a hub id.
    options.AddModel("spanish-small", cancellation => SpanishSmall.LoadClassifier(cancellationToken: cancellation));
    options.ApiKey = builder.Configuration["SentimentApiKey"]; // clients send it as Authorization: Bearer KEY; without one, everybody is answered
});

var app = builder.Build();
app.MapSentimentClassifier(); // POST /predict and more: /openapi.json describes them
app.MapSentimentPage();       // a page for people at /
app.Run();
