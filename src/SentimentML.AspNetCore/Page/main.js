// The page: texts or a file in, labels, charts, corrections and downloads out.

import { askKeyBy, Fault, getJson, postFile, postJson } from './api.js';
import { bars, histogram } from './charts.js';
import { csv, download, jsonLines, typeOf } from './files.js';
import { badge, Explanations, item, make } from './rows.js';
import { chosen, count, keep, list, percent, say, speak } from './words.js';

const PAGE = 25, MAX_KEPT = 100_000, BINS = 10, BATCH_CHARACTERS = 300_000, REDRAW_MILLISECONDS = 250;

const $ = (id) => document.getElementById(id);

/** The model that the next texts go to. */
let model = null;

/** What was classified last, and by which model; more than MAX_KEPT rows are counted and not kept. */
let results = null;

/** What the person sees of the results. */
let shown = { rows: [], items: 0 };

let running = null;
let lastDrawn = 0;

/** For each model, the labels that a person gave to texts. */
const corrections = new Map();

/** The models whose corrections were not downloaded. */
const unsaved = new Set();

const explanations = new Explanations((row, signal) => postJson(`${results.model.path}/explain`, { inputs: row.text, label: row.label }, signal));

start();

async function start() {
  speak();
  $(`language-${chosen()}`).checked = true;
  askKeyBy(askForKey);
  bind();
  await load();
}

/** Asks the server which models it has. */
async function load() {
  try {
    const first = await getJson('info');
    $('model').replaceChildren(...first.models.map((name) => new Option(name, name)));
    $('models').hidden = first.models.length < 2;
    use(first);
  } catch (error) {
    showFault(error);
  }
}

function bind() {
  for (const input of document.querySelectorAll('[name=language]'))
    input.addEventListener('change', () => {
      speak(input.value);
      keep();
      describeModel();
      if (results)
        redraw();
    });
  $('model').addEventListener('change', async () => {
    try {
      use(await getJson(`models/${encodeURIComponent($('model').value)}/info`));
      $('fault').hidden = true;
    } catch (error) {
      showFault(error);
    }
  });
  $('typed').addEventListener('submit', (event) => {
    event.preventDefault();
    const all = $('texts').value;
    const texts = ($('by-line').checked ? all.split('\n') : [all]).map((text) => text.trim()).filter((text) => text);
    if (texts.length === 0)
      announce(say.noTexts);
    else
      run((signal) => classifyTexts(texts, signal));
  });
  $('texts').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      $('typed').requestSubmit();
  });
  $('file').addEventListener('change', () => {
    const [file] = $('file').files;
    $('file').value = ''; // the same file may be chosen again
    take(file);
  });
  addEventListener('dragover', (event) => {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      $('drop').classList.add('over');
    }
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget)
      $('drop').classList.remove('over');
  });
  addEventListener('drop', (event) => {
    $('drop').classList.remove('over');
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      take(event.dataTransfer.files[0]);
    }
  });
  $('stop').addEventListener('click', () => running?.abort());
  for (const id of ['least', 'most'])
    $(id).addEventListener('input', () => {
      const other = $(id === 'least' ? 'most' : 'least');
      if (Number($('least').value) > Number($('most').value))
        other.value = $(id).value;
      filter();
    });
  $('order').addEventListener('change', filter);
  $('filters').addEventListener('submit', (event) => event.preventDefault());
  $('more').addEventListener('click', () => {
    const before = shown.items;
    showMore();
    if ($('more').hidden)
      $('rows').children[before]?.focus();
  });
  for (const kind of ['csv', 'jsonl']) {
    $(`results-${kind}`).addEventListener('click', () => save(say.resultsFile, kind, resultColumns(), shown.rows.map(resultFields)));
    $(`corrections-${kind}`).addEventListener('click', () => {
      save(say.correctionsFile, kind, ['text', 'label'], [...correctionsOf(results.model)]);
      unsaved.delete(results.model.name);
    });
  }
  addEventListener('beforeunload', (event) => {
    if (unsaved.size > 0)
      event.preventDefault();
  });
}

function use(info) {
  const labels = Object.values(info.model_type.classifier.id2label);
  const sentiments = labels.map((label) => info.sentiments[label]);
  const areDistinct = new Set(sentiments).size === labels.length && !sentiments.includes(null);
  model = {
    name: info.served_model_name,
    path: `models/${encodeURIComponent(info.served_model_name)}`,
    labels,
    hues: labels.map((_, i) => `hue-${areDistinct ? sentiments[i] : i % 6}`),
    isRegression: info.problem_type === 'regression',
    maxTexts: info.max_client_batch_size,
  };
  describeModel();
}

function describeModel() {
  $('about').textContent = model ? say.about(model.name, list(model.labels)) : '';
}

function take(file) {
  const type = file && typeOf(file.name);
  if (type)
    run((signal) => classifyFile(file, type, signal));
  else if (file)
    showFault(new Fault(415, say.notAFile(file.name)));
}

/** Runs a classification; the one before it ends. */
async function run(classify) {
  if (!model)
    await load();
  if (!model)
    return;
  running?.abort();
  const controller = (running = new AbortController());
  $('fault').hidden = true;
  $('work').hidden = false;
  $('progress').removeAttribute('value');
  try {
    await classify(controller.signal);
    announce(say.done(results.all));
  } catch (error) {
    if (running !== controller)
      return;
    if (!controller.signal.aborted)
      showFault(error);
    announce(results?.controller === controller ? say.stopped(results.all) : '');
  }
  if (running !== controller)
    return;
  running = null;
  $('work').hidden = true;
  if (results)
    redraw();
}

async function classifyTexts(texts, signal) {
  begin(texts.length);
  for (let at = 0; at < texts.length;) {
    const batch = [];
    for (let characters = 0; at < texts.length && batch.length < results.model.maxTexts && (batch.length === 0 || characters + texts[at].length <= BATCH_CHARACTERS); at++) {
      characters += texts[at].length;
      batch.push(texts[at].toWellFormed?.() ?? texts[at]);
    }
    const answer = await postJson('classify', { model: results.model.name, input: batch }, signal);
    add(answer.data.map(({ label, probs }, i) => ({ text: batch[i], label, score: probs[results.model.labels.indexOf(label)], probabilities: probs, columns: {} })));
  }
}

async function classifyFile(file, type, signal) {
  announce(say.sending(file.name));
  const column = $('text-column').value.trim();
  const { total, groups } = await postFile(`${model.path}/predict/file${column ? `?text_column=${encodeURIComponent(column)}` : ''}`, file, type, signal);
  begin(total);
  try {
    for await (const group of groups)
      add(group.filter((line) => line).map((line) => {
        const { text, label, score, probabilities, sentiment, missing_text: missing, ...columns } = JSON.parse(line);
        return missing ? { missing } : { text, label, score, probabilities: results.model.labels.map((name) => probabilities[name]), columns };
      }));
  } catch (error) {
    throw signal.aborted ? error : new Fault('cut', '');
  }
  if (results.all < total)
    throw new Fault('cut', '');
}

function begin(total) {
  explanations.clear();
  const bins = Array.from({ length: BINS }, () => model.labels.map(() => 0));
  results = { model, total, controller: running, rows: [], all: 0, missing: 0, counts: model.labels.map(() => 0), bins };
  $('progress').max = total;
  $('least').value = 0;
  $('most').value = 100;
  $('order').value = 'given';
  $('label-filter').replaceChildren(...model.labels.map((label, i) => make('label', { className: 'chip' },
    make('input', { type: 'checkbox', checked: true, value: label, onchange: filter }), badge(label, model.hues[i]), ' ', make('span', { className: 'number' }))));
  $('rows').replaceChildren();
  shown = { rows: [], items: 0 };
  lastDrawn = 0;
}

/** Takes rows as they come. */
function add(rows) {
  for (const row of rows) {
    row.number = ++results.all;
    if (row.missing) {
      results.missing++;
      continue;
    }
    const label = results.model.labels.indexOf(row.label);
    results.counts[label]++;
    results.bins[Math.min(BINS - 1, Math.max(0, Math.floor(BINS * row.score)))][label]++;
    if (results.rows.length < MAX_KEPT)
      results.rows.push(row);
  }
  if (performance.now() - lastDrawn < REDRAW_MILLISECONDS || results.all === 0)
    return;
  const isFirst = lastDrawn === 0;
  lastDrawn = performance.now();
  $('progress').value = results.all;
  announce(say.working(results.all, results.total));
  drawSummary();
  match();
  showMore(PAGE);
  if (isFirst)
    $('results').scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

function redraw() {
  drawSummary();
  filter();
}

function drawSummary() {
  const { model: by, counts, bins } = results;
  const all = results.all - results.missing; // the rows that have an answer
  $('results').hidden = results.all === 0;
  const items = by.labels.map((label, i) => ({ label, count: counts[i], hue: by.hues[i], shown: `${count(counts[i])} · ${percent(counts[i] / Math.max(1, all))}` }));
  $('label-chart').replaceChildren(bars(items, items.map((one) => say.share(one.label, count(one.count), percent(one.count / Math.max(1, all)))).join(', ')));
  $('certainty').hidden = by.isRegression;
  const described = bins.map((bin, i) => say.bin((100 * i) / BINS, (100 * (i + 1)) / BINS, count(bin.reduce((a, b) => a + b, 0))));
  $('certainty-chart').replaceChildren(histogram(bins, by.hues, described.join(', ')));
  [...$('label-filter').querySelectorAll('.number')].forEach((element, i) => (element.textContent = count(counts[i])));
  $('filters').querySelector('.ranges').hidden = by.isRegression;
}

/** Shows what passes the filter, from its beginning. */
function filter() {
  explanations.clear();
  $('rows').replaceChildren();
  shown.items = 0;
  match();
  showMore();
}

function match() {
  const least = Number($('least').value) / 100, most = Number($('most').value) / 100;
  $('least-value').value = percent(least);
  $('most-value').value = percent(most);
  const labels = new Set([...$('label-filter').querySelectorAll(':checked')].map((input) => input.value));
  const { rows, model: by } = results;
  shown.rows = rows.filter((row) => labels.has(row.label) && (by.isRegression || (row.score >= least && row.score <= most)));
  const order = $('order').value;
  if (order !== 'given')
    shown.rows.sort((a, b) => (order === 'sure' ? b.score - a.score : a.score - b.score));
}

/** Shows as many more as a page has, or as there are up to a number. */
function showMore(upTo = shown.items + PAGE) {
  const mine = correctionsOf(results.model);
  for (const row of shown.rows.slice(shown.items, upTo)) {
    const { element, explained } = item(row, results.model, mine.get(row.text), (label) => correct(row, label));
    $('rows').append(element);
    explanations.watch(element, row, explained);
    shown.items++;
  }
  $('more').hidden = shown.items >= shown.rows.length;
  $('legend').hidden = shown.rows.length === 0;
  $('count').textContent = [
    say.count(count(shown.items), count(shown.rows.length), count(results.all)),
    results.missing > 0 ? say.missing(count(results.missing)) : '',
    results.all > MAX_KEPT ? say.tooMany(count(MAX_KEPT), count(results.all)) : '',
  ].filter((sentence) => sentence).join(' ');
  countDownloads();
}

function correct(row, label) {
  const mine = correctionsOf(results.model);
  if (label === null)
    mine.delete(row.text);
  else
    mine.set(row.text, label);
  if (mine.size > 0)
    unsaved.add(results.model.name);
  else
    unsaved.delete(results.model.name);
  countDownloads();
}

function countDownloads() {
  const corrected = correctionsOf(results.model).size;
  $('results-count').textContent = say.results(count(shown.rows.length));
  $('corrections-count').textContent = say.corrections(count(corrected));
  for (const kind of ['csv', 'jsonl']) {
    $(`results-${kind}`).disabled = shown.rows.length === 0;
    $(`corrections-${kind}`).disabled = corrected === 0;
  }
}

function correctionsOf(by) {
  if (!corrections.has(by.name))
    corrections.set(by.name, new Map());
  return corrections.get(by.name);
}

const otherColumns = () => Object.keys(results.rows[0]?.columns ?? {});

function resultColumns() {
  return [...otherColumns(), 'text', 'label', 'score', ...results.model.labels.map((label) => `probability_${label}`), 'corrected'];
}

function resultFields(row) {
  const corrected = correctionsOf(results.model).get(row.text) ?? '';
  return [...otherColumns().map((column) => row.columns[column]), row.text, row.label, row.score, ...row.probabilities, corrected];
}

function save(name, kind, columns, rows) {
  if (kind === 'csv')
    download(`${name}.csv`, csv(columns, rows), 'text/csv');
  else
    download(`${name}.jsonl`, jsonLines(columns, rows), 'application/x-ndjson');
}

/** Asks for the key until the person gives one or gives up. */
function askForKey(wasRefused) {
  const dialog = $('key-dialog');
  $('key').value = '';
  $('key-fault').hidden = !wasRefused;
  dialog.showModal();
  return new Promise((resolve) => {
    let given = null;
    const ending = new AbortController();
    const on = (element, type, listener) => element.addEventListener(type, listener, { signal: ending.signal });
    on($('key-form'), 'submit', (event) => {
      event.preventDefault();
      given = $('key').value.trim();
      dialog.close();
    });
    on($('key-cancel'), 'click', () => dialog.close());
    on(dialog, 'close', () => {
      $('key').value = '';
      ending.abort();
      resolve(given);
    });
  });
}

function announce(text) {
  $('status').textContent = text;
}

/** What went wrong in the person's language, then what the server said of it. */
function showFault(error) {
  if (!(error instanceof Fault))
    console.error(error);
  const sentence = error instanceof Fault ? say.faults[error.status] ?? say.faults.other : String(error);
  $('fault').textContent = [sentence, error instanceof Fault ? error.message : ''].filter((part) => part).join(' ');
  $('fault').hidden = false;
}
