using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public sealed class SettingsTests : IDisposable
{
    private readonly string _user = Directory.CreateTempSubdirectory("hub-user-").FullName;

    [Fact]
    public void Without_variables_the_defaults_are_the_references()
    {
        HubSettings settings = From();

        Assert.Equal("https://huggingface.co/", settings.Endpoint.AbsoluteUri);
        Assert.Equal(Path.Combine(_user, ".cache", "huggingface", "hub"), settings.CacheFolder);
        Assert.Null(settings.Token);
        Assert.False(settings.Offline);
        Assert.True(settings.UseLinks);
    }

    [Fact]
    public void The_cache_is_where_the_most_particular_variable_says()
    {
        Assert.Equal(Path.Combine(_user, "xdg", "huggingface", "hub"), From(("XDG_CACHE_HOME", Path.Combine(_user, "xdg"))).CacheFolder);
        Assert.Equal(Path.Combine(_user, "home", "hub"), From(("XDG_CACHE_HOME", "/x"), ("HF_HOME", "~/home")).CacheFolder);
        Assert.Equal(Path.Combine(_user, "cache"),
            From(("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/y"), ("HF_HUB_CACHE", Path.Combine(_user, "cache"))).CacheFolder);
    }

    [Fact]
    public void The_token_is_the_variables_else_the_files()
    {
        string home = Path.Combine(_user, "home");
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "token"), "hf_from_file\n");

        HubSettings fromFile = From(("HF_HOME", home));
        HubSettings fromVariable = From(("HF_HOME", home), ("HF_TOKEN", " hf_from_variable "));

        Assert.Equal(("hf_from_file", Path.Combine(home, "token")), (fromFile.Token, fromFile.TokenSource));
        Assert.Equal(("hf_from_variable", "HF_TOKEN"), (fromVariable.Token, fromVariable.TokenSource));
    }

    [Theory]
    [InlineData("hf_a\r\nX-Evil: 1")]
    [InlineData("two words")]
    [InlineData("hf_ñ")]
    public void A_token_that_would_end_the_header_is_refused_and_not_shown(string token)
    {
        var e = Assert.Throws<SentimentMLException>(() => From(("HF_TOKEN", token)));

        Assert.StartsWith("What HF_TOKEN holds is not a hub token.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_said_as_to_the_reference(string value, bool offline) =>
        Assert.Equal(offline, From(("HF_HUB_OFFLINE", value)).Offline);

    [Theory]
    [InlineData("https://mirror.example/", "https://mirror.example/org/tiny/resolve/main/config.json")]
    [InlineData("http://mirror.example:8080/api/hf", "http://mirror.example:8080/api/hf/org/tiny/resolve/main/config.json")]
    public void A_mirror_may_have_a_port_and_a_path(string endpoint, string expected) =>
        Assert.Equal(expected, HubReference.Parse("org/tiny").AddressOf("config.json", From(("HF_ENDPOINT", endpoint)).Endpoint).AbsoluteUri);

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("/etc/passwd")]
    [InlineData("https://user:password@huggingface.co")]
    [InlineData("https://huggingface.co?x=1")]
    public void An_endpoint_that_is_no_address_is_refused(string endpoint)
    {
        var e = Assert.Throws<SentimentMLException>(() => From(("HF_ENDPOINT", endpoint)));

        Assert.StartsWith("HF_ENDPOINT is not the address of a hub.", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_user, recursive: true);

    private HubSettings From(params (string Name, string Value)[] variables) =>
        HubSettings.From(name => variables.FirstOrDefault(v => v.Name == name).Value, _user);
}
