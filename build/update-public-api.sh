#!/usr/bin/env bash
# Writes every undeclared public symbol into PublicAPI.Unshipped.txt and takes out the ones that are gone, so that the
# diff shows what a change does to the public face. Usage: build/update-public-api.sh [project folder …]
set -euo pipefail
cd "$(dirname "$0")/.."
projects=("$@")
[ ${#projects[@]} -gt 0 ] || projects=(src/*/)
for project in "${projects[@]}"; do
  file="$project/PublicAPI.Unshipped.txt"
  [ -f "$file" ] || continue
  output=$(dotnet build "$project" -v q --no-incremental -p:BuildProjectReferences="${BUILD_REFERENCES:-true}" "-p:WarningsNotAsErrors=RS0016%3BRS0017%3BRS0026%3BRS0027" 2>&1 |
    grep -F "/$(basename "$project").csproj]" || true) # and not what the projects that it refers to lack
  added=$(sed -nE "s/.*warning RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" <<<"$output")
  gone=$(sed -nE "s/.*warning RS0017: Symbol '(.*)' is part of the declared API, but is either not public or could not be found.*/\1/p" <<<"$output")
  { echo '#nullable enable'; { grep -v '^#nullable' "$file" || true; echo "$added"; } | { grep -vxF -f <(echo "${gone:-<none>}") || true; } | sed '/^$/d' | LC_ALL=C sort -u; } >"$file.new"
  mv "$file.new" "$file"
done
