namespace SentimentML.Tool.Output;

/// <summary>Shows the step that a library call reports. It reports on its own thread, and the screen is that thread's.</summary>
internal sealed class ScreenSteps(Screen screen) : IProgress<string>
{
    public void Report(string value) => screen.Show(value);
}
