using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Routing;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.Playwright;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>The page as a person uses it.</summary>
public sealed class PageInChromiumTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Reviews =
        ["Me encanta, funciona muy bien", "Muy malo: llegó roto y no responde nadie", "Es normal, ni bien ni mal", "<b>no</b> lo compren"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Typed_texts_are_shown_with_their_labels_and_the_words_that_moved_them()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SentimentClassifier classifier = TestServer.LoadClassifier();
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        await ClassifyAsync(page, string.Join('\n', Reviews));
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Listo: 4 textos.");
        ILocator rows = page.Locator("#rows > li");
        await Assertions.Expect(rows).ToHaveCountAsync(Reviews.Length);
        for (int i = 0; i < Reviews.Length; i++)
        {
            SentimentPrediction expected = classifier.Classify(Reviews[i]);
            ILocator row = rows.Nth(i);
            await Assertions.Expect(row.Locator(".text")).ToHaveTextAsync(Reviews[i]);
            await Assertions.Expect(row.Locator(".label")).ToHaveTextAsync(expected.Label);
            await Assertions.Expect(row.Locator(".head .number"))
                .ToHaveTextAsync(expected.Score.ToString("P1", CultureInfo.InvariantCulture).Replace('.', ','));
            await row.ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(row.Locator("mark").First).ToBeVisibleAsync();
            await Assertions.Expect(row.Locator(".words .unseen")).ToContainTextAsync(new Regex("(A favor|En contra): "));
            Explanation explanation = classifier.Explain(Reviews[i], ExplanationMethod.Occlusion, cancellationToken: Stop);
            string strongest = explanation.Words.MaxBy(word => Math.Abs(word.Weight))!.Word;
            Assert.Contains(strongest, await row.Locator("mark.for4, mark.against4").AllTextContentsAsync());
        }
        IReadOnlyList<string> counted = await page.Locator("#label-filter .number").AllInnerTextsAsync();
        Assert.Equal(Reviews.Length, counted.Sum(text => int.Parse(text, CultureInfo.InvariantCulture)));
        await Assertions.Expect(page.Locator("#label-chart svg")).ToHaveAttributeAsync("aria-label", new Regex("positivo: [0-9]"));
        Assert.Equal(0, await page.Locator("#rows b").CountAsync());
        Unremarkable(opened, server);
    }

    [Theory]
    [InlineData("reseñas.csv", "chosen")]
    [InlineData("reseñas.jsonl", "dropped")]
    [InlineData("reseñas.xlsx", "dropped")]
    public async Task A_file_is_classified_filtered_corrected_and_downloaded_ready_to_train_on(string name, string way)
    {
        await using TestServer server = await TestServer.StartAsync();
        using var folder = new TemporaryFolder();
        string[] texts = [.. MixedTexts.Of(300, seed: 5).Select((text, i) => i % 10 == 0 ? $"{text}, \"con comillas\"" : text)];
        byte[] file = Path.GetExtension(name) switch
        {
            ".xlsx" => Workbook.With([["id", "text"], .. texts.Select((text, i) => (string[])[$"n{i}", text])]),
            ".jsonl" => Encoding.UTF8.GetBytes(
                string.Concat(texts.Select((text, i) => $$"""{"id": "n{{i}}", "text": {{JsonSerializer.Serialize(text)}}}{{"\n"}}"""))),
            _ => Encoding.UTF8.GetBytes(
                "id;text\n" + string.Concat(texts.Select((text, i) => $"n{i};\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"))),
        };
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        await (way == "chosen" ? ChooseAsync(page, name, file) : DropAsync(page, name, file));
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Listo: 300 textos.");
        ILocator rows = page.Locator("#rows > li"), count = page.Locator("#count");
        await Assertions.Expect(count).ToHaveTextAsync("Se muestran 25 de 300; en total hay 300.");
        await page.Locator("#more").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(50);

        using SentimentClassifier classifier = TestServer.LoadClassifier();
        SentimentPrediction[] expected = [.. classifier.Classify(texts, Stop)];
        string label = expected.GroupBy(prediction => prediction.Label).MaxBy(group => group.Count())!.Key;
        foreach (string other in classifier.Labels.Where(other => other != label))
            await page.Locator($"#label-filter input[value={other}]").UncheckAsync();
        int ofLabel = expected.Count(prediction => prediction.Label == label);
        await Assertions.Expect(count).ToHaveTextAsync($"Se muestran {Math.Min(25, ofLabel)} de {ofLabel}; en total hay 300.");
        float middle = expected.Where(prediction => prediction.Label == label).Select(prediction => prediction.Score).Order().ElementAt(ofLabel / 2);
        int most = (int)(middle * 100);
        await page.Locator("#most").FillAsync(most.ToString(CultureInfo.InvariantCulture));
        int unsure = expected.Count(prediction => prediction.Label == label && prediction.Score <= most / 100.0);
        await Assertions.Expect(count).ToContainTextAsync($" de {unsure};");
        await page.Locator("#most").FillAsync("100");
        await page.Locator("#order").SelectOptionAsync("unsure");
        int least = Enumerable.Range(0, 300).Where(i => expected[i].Label == label).MinBy(i => expected[i].Score);
        await Assertions.Expect(rows.First.Locator(".text")).ToHaveTextAsync(texts[least]);

        string right = classifier.Labels.First(other => other != label);
        await rows.First.GetByRole(AriaRole.Combobox).SelectOptionAsync(right);
        await rows.Nth(1).GetByRole(AriaRole.Combobox).SelectOptionAsync(label);
        string second = await rows.Nth(1).Locator(".text").InnerTextAsync();
        await Assertions.Expect(page.Locator("#corrections-count")).ToHaveTextAsync("Correcciones: 2");
        foreach (string format in (string[])["csv", "jsonl"])
        {
            string corrections = await DownloadAsync(page, $"#corrections-{format}", folder, $"correcciones.{format}");
            Assert.Equal([(texts[least], right), (second, label)], Labelled(corrections, "Label"));
            string results = await DownloadAsync(page, $"#results-{format}", folder, $"resultados.{format}");
            (string Text, string Label)[] answers = Labelled(results, "Label", new ReviewFileOptions { LabelColumn = "label" });
            Assert.Equal(ofLabel, answers.Length);
            Assert.All(answers, row => Assert.Equal(label, row.Label));
            IEnumerable<(string Text, string Label)> given = Labelled(results, "Label").Where(row => row.Label.Length > 0); // by a person, not the model
            Assert.Equal(new[] { (texts[least], right), (second, label) }.Order(), given.Order());
            Assert.Contains($"n{least}", Labelled(results, "id").Select(row => row.Label));
        }
        Unremarkable(opened, server);
    }

    [Fact]
    public async Task Corrections_train_a_model()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        string[] labels = ["negativo", "neutro", "positivo"];
        await ClassifyAsync(page, string.Join('\n', Enumerable.Range(0, 24).Select(i => $"texto número {i} {labels[i % 3]}")));
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(24);
        for (int i = 0; i < 24; i++)
            await page.Locator("#rows > li").Nth(i).GetByRole(AriaRole.Combobox).SelectOptionAsync(labels[i % 3]);
        string corrections = await DownloadAsync(page, "#corrections-csv", folder, "correcciones.csv");
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadReviews(corrections);
        var options = new SentimentClassificationOptions { Backbone = Backbone.FromFolder(TestServer.ModelFolder), Epochs = 1, Device = TorchDevice.Cpu };
        ITransformer trained = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SentimentClassification(options))
            .Fit(data);
        Assert.Equal(24, trained.Transform(data).GetColumn<float[]>("Score").Count(scores => scores.Length == 3));
    }

    [Fact]
    public async Task The_language_is_the_browsers_until_a_person_chooses_and_then_stays()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage opened = await browser.OpenAsync(server.Address, locale: "en-GB");
        IPage page = opened.Page;
        await ClassifyAsync(page, "bueno");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What do the texts say?" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Assertions.Expect(page.Locator("#about"))
            .ToHaveTextAsync("The model tiny_classifier_3 answers negativo, neutro, or positivo.", new() { IgnoreCase = true });
        await page.Locator("label[for=language-es]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "¿Qué dicen los textos?" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("Se muestran 1 de 1; en total hay 1.");
        string[] untranslated =
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('[data-say]')].filter(e => !e.textContent).map(e => e.dataset.say)");
        Assert.Empty(untranslated);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "es");
        Unremarkable(opened, server);
    }

    [Fact]
    public async Task Everything_is_done_by_keyboard()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("positivo");
        await TabToAsync(page, "language-es");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What do the texts say?" })).ToBeVisibleAsync();
        await TabToAsync(page, "texts");
        await page.Keyboard.InsertTextAsync("muy bueno\nmuy malo");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Done: 2 texts.");
        await TabToAsync(page, "file"); // the system's own dialog comes from here
        string label = await page.Locator("#rows > li").First.Locator(".label").InnerTextAsync();
        await page.Locator($"#label-filter input[value={label}]").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("#count")).Not.ToHaveTextAsync("Showing 2 of 2; there are 2 in all.");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "least");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("#least-value")).ToHaveTextAsync("1%");
        await TabToAsync(page, "right-1");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#corrections-count")).ToHaveTextAsync("Corrections: 1");
        await TabToAsync(page, "corrections-csv");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        Assert.Equal("corrections.csv", download.SuggestedFilename);
        Unremarkable(opened, server);
    }

    [Fact]
    public async Task With_a_key_the_page_asks_for_it_and_forgets_it_with_the_tab()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ApiKey = "s3cret");
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        Assert.Empty(await FaultsAsync(page));
        await page.Locator("#key").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("El servidor no aceptó esa clave.")).ToBeVisibleAsync();
        await page.Locator("#key").FillAsync("s3cret");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await ClassifyAsync(page, "bueno");
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Listo: 1 texto.");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("positivo");
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.DoesNotContain("s3cret", await page.EvaluateAsync<string>("JSON.stringify(localStorage)"), StringComparison.Ordinal);
        IPage another = await page.Context.NewPageAsync();
        await another.GotoAsync(server.Address.AbsoluteUri);
        await Assertions.Expect(another.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await another.Keyboard.PressAsync("Escape");
        await Assertions.Expect(another.Locator("#fault")).ToHaveTextAsync("Sin la clave, el servidor no responde.");
    }

    [Fact]
    public async Task One_of_several_models_is_chosen_and_answers()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.AddModel("three", TestServer.ModelFolder, new SentimentClassifierOptions { Device = TorchDevice.Cpu });
            options.AddModel("two", Shared.Golden("tiny_classifier"), new SentimentClassifierOptions { Device = TorchDevice.Cpu });
        }, map: app =>
        {
            RouteGroupBuilder group = app.MapGroup("/sentiment");
            group.MapSentimentClassifier();
            group.MapSentimentPage();
        });
        await using OpenedPage opened = await browser.OpenAsync(new Uri(server.Address, "sentiment"));
        IPage page = opened.Page;
        await ClassifyAsync(page, "bueno");
        await Assertions.Expect(page.Locator("#label-filter input")).ToHaveCountAsync(3);
        await page.GetByLabel("Modelo").SelectOptionAsync("two");
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("El modelo two");
        await ChooseAsync(page, "a.csv", "text\nbueno\nmalo\n"u8.ToArray());
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Listo: 2 textos.");
        await Assertions.Expect(page.Locator("#label-filter input")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#rows mark").First).ToBeVisibleAsync();
        Unremarkable(opened, server);
    }

    [Fact]
    public async Task What_goes_wrong_is_said_and_nothing_is_lost()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxTextCharacters = 100);
        await using OpenedPage opened = await browser.OpenAsync(server.Address);
        IPage page = opened.Page;
        ILocator fault = page.Locator("#fault");
        await ClassifyAsync(page, "bueno");
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(1);
        await page.Locator("#rows > li").First.GetByRole(AriaRole.Combobox).SelectOptionAsync("positivo");
        await ChooseAsync(page, "a.csv", "id,number\n1,2\n"u8.ToArray());
        await Assertions.Expect(fault).ToContainTextAsync("El servidor no pudo leerlo.");
        await Assertions.Expect(fault).ToContainTextAsync("number"); // the server says which columns there are
        await Assertions.Expect(page.Locator("#rows > li")).ToHaveCountAsync(1);
        await ChooseAsync(page, "photo.png", [1, 2, 3]);
        await Assertions.Expect(fault).ToContainTextAsync("photo.png");
        await ChooseAsync(page, "a.csv", "opinion;n\nbueno;1\n"u8.ToArray(), textColumn: "opinion");
        await Assertions.Expect(fault).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#rows .text")).ToHaveTextAsync("bueno");
        await ClassifyAsync(page, new string('a', 101));
        await Assertions.Expect(fault).ToContainTextAsync("100");
        await Assertions.Expect(page.Locator("#corrections-count")).ToHaveTextAsync("Correcciones: 1");
        await server.StopAsync();
        await ClassifyAsync(page, "bueno");
        await Assertions.Expect(fault).ToContainTextAsync("No se pudo conectar con el servidor.");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_no_fault_and_nothing_is_wider_than_a_phone(ColorScheme scheme)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage opened = await browser.OpenAsync(server.Address, 1280, scheme);
        IPage page = opened.Page;
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("positivo");
        Assert.Empty(await FaultsAsync(page));
        await ClassifyAsync(page, string.Join('\n', [.. Reviews, new string('x', 300), .. MixedTexts.Of(60, seed: 2)]));
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("Listo: 65 textos.");
        await page.Locator("#rows > li").First.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("#rows > li").Nth(2).Locator("mark").First).ToBeVisibleAsync();
        await page.Locator("#rows > li").Nth(1).GetByRole(AriaRole.Combobox).SelectOptionAsync("positivo");
        Assert.Empty(await FaultsAsync(page));
        foreach (int width in (int[])[320, 360, 768, 1280])
        {
            await page.SetViewportSizeAsync(width, 800);
            foreach (string language in (string[])["en", "es"])
            {
                await page.Locator($"label[for=language-{language}]").ClickAsync();
                int needed = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.True(needed <= width, $"in {language} the page needs {needed} of {width} pixels");
                await KeepAsync(page, $"{width}-{scheme}-{language}");
            }
        }
        Unremarkable(opened, server);
    }

    private static async Task ClassifyAsync(IPage page, string texts)
    {
        await page.Locator("#texts").FillAsync(texts);
        await page.Locator("#typed button").ClickAsync();
    }

    private static async Task ChooseAsync(IPage page, string name, byte[] content, string textColumn = "")
    {
        await page.Locator("#text-column").FillAsync(textColumn);
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "", Buffer = content });
    }

    private static async Task DropAsync(IPage page, string name, byte[] content)
    {
        IJSHandle transfer = await page.EvaluateHandleAsync(
            "([name, base64]) => { const transfer = new DataTransfer(); transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], "
                + "name)); return transfer; }",
            new[] { name, Convert.ToBase64String(content) });
        await page.DispatchEventAsync("#drop", "dragover", new { dataTransfer = transfer });
        await Assertions.Expect(page.Locator("#drop")).ToHaveClassAsync("drop over");
        await page.DispatchEventAsync("#drop", "drop", new { dataTransfer = transfer });
        await Assertions.Expect(page.Locator("#drop")).ToHaveClassAsync("drop");
    }

    private static async Task<string> DownloadAsync(IPage page, string button, TemporaryFolder folder, string name)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator(button).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        string path = Path.Combine(folder.Path, name);
        await download.SaveAsAsync(path);
        return path;
    }

    private static (string Text, string Label)[] Labelled(string path, string column, ReviewFileOptions? options = null)
    {
        IDataView view = new MLContext().Data.LoadReviews(path, options);
        return [.. view.GetColumn<string>("Text").Zip(view.GetColumn<string>(column))];
    }

    /// <summary>Presses the tabulator until an element has the focus.</summary>
    private static async Task TabToAsync(IPage page, string id)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
                return;
        }
        Assert.Fail($"{id} is not reached by the tabulator");
    }

    private static async Task<string[]> FaultsAsync(IPage page)
    {
        AxeResult result = await page.RunAxe();
        return [.. result.Violations.Select(
            fault => $"{fault.Impact} {fault.Id}: {fault.Help}: {string.Join(" | ", fault.Nodes.Take(3).Select(node => node.Html))}")];
    }

    /// <summary>The page asked its own server alone, and the browser complained of nothing.</summary>
    private static void Unremarkable(OpenedPage opened, TestServer server)
    {
        Assert.Empty(opened.Complaints);
        Assert.Empty(server.Errors);
        Assert.All(opened.Requests, address =>
            Assert.True(address.StartsWith(server.Address.AbsoluteUri, StringComparison.Ordinal)
                || address.StartsWith($"blob:{server.Address.AbsoluteUri}", StringComparison.Ordinal), address));
    }

    /// <summary>Where a person wants to look at the page: PAGE_SCREENSHOTS names a folder.</summary>
    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PAGE_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
