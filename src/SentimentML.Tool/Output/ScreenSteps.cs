namespace SentimentML.Tool.Output;

/// <summary>Shows the step that a library call reports. It reports on its own thread, and the screen is that thread's.</summary>
/// <param name="screen">Where it is shown.</param>
/// <param name="doing">What stands before it. The default value is nothing.</param>
internal sealed class ScreenSteps(Screen screen, string doing = "") : IProgress<string>
{
    public void Report(string value) => screen.Show(doing + value);
}
