// A classified text as an item of the list, with the words that moved its label.

import { shares } from './charts.js';
import { count, decimal, percent, say } from './words.js';

const SHADES = 4, MOST_NAMED = 5;

/** An element with properties and children, all of them text or elements: nothing from a file becomes markup. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function score(model, value) {
  return model.isRegression ? decimal(value) : percent(value, 1);
}

/** The item; correct is called with the label that a person chooses, or with null. */
export function item(row, model, correction, correct) {
  const predicted = model.labels.indexOf(row.label);
  const text = make('p', { className: 'text', lang: 'es' });
  const words = make('p', { className: 'note words' });
  const id = `right-${row.number}`;
  const select = make('select', { id }, new Option(say.unchanged, ''), ...model.labels.map((label) => new Option(label, label)));
  select.value = correction ?? '';
  const element = make('li', { className: 'card', tabIndex: -1 },
    make('p', { className: 'head' },
      badge(row.label, model.hues[predicted]), ' ',
      make('span', { className: 'number' }, score(model, row.score)), ' ',
      make('span', { className: 'place' }, `${say.row} ${count(row.number)}`)),
    text, words,
    ...(model.isRegression ? [] : [shares(row.probabilities, model.hues)]),
    make('div', { className: 'foot' },
      make('p', { className: 'note number' }, model.labels.map((label, i) => `${label} ${score(model, row.probabilities[i])}`).join(' · ')),
      make('p', { className: 'right' }, make('label', { htmlFor: id }, say.rightLabel, make('span', { className: 'unseen' }, ` ${say.row} ${count(row.number)}`)), ' ', select)));
  const mark = () => element.classList.toggle('corrected', select.value !== '');
  select.addEventListener('change', () => {
    mark();
    correct(select.value || null);
  });
  mark();
  colour(row, text, words, model.hues[predicted]);
  return { element, explained: () => colour(row, text, words, model.hues[predicted]) };
}

export function badge(label, hue) {
  return make('span', { className: `label ${hue}` }, make('span', { className: 'dot' }), label);
}

/** Writes the text, and marks its words once it is explained, the stronger the darker. */
function colour(row, text, words, hue) {
  const explanation = row.explanation;
  if (!explanation) {
    text.replaceChildren(row.text);
    words.textContent = explanation === null ? say.unexplained : '';
    return;
  }
  const characters = Array.from(explanation.text); // places are counted in code points
  const between = (start, stop) => characters.slice(start, stop).join('');
  const strongest = Math.max(...explanation.words.map((word) => Math.abs(word.weight)), 0);
  const parts = [];
  let at = 0;
  for (const word of explanation.words) {
    const shade = strongest > 0 ? Math.round((SHADES * Math.abs(word.weight)) / strongest) : 0;
    if (shade === 0 || word.start < at)
      continue;
    parts.push(between(at, word.start), make('mark', { className: `${word.weight > 0 ? 'for' : 'against'}${shade} ${hue}` }, between(word.start, word.stop)));
    at = word.stop;
  }
  text.replaceChildren(...parts, between(at));
  const named = (sign) => explanation.words.filter((word) => sign * word.weight > strongest / (2 * SHADES))
    .sort((a, b) => sign * (b.weight - a.weight)).slice(0, MOST_NAMED).map((word) => word.text).join(', ');
  const spoken = [[say.inFavour, named(1)], [say.against, named(-1)]].filter(([, list]) => list).map(([side, list]) => `${side}: ${list}.`).join(' ');
  words.replaceChildren(make('span', { className: 'unseen' }, spoken), explanation.truncated ? say.onlyBeginning : '');
}

/** Explains texts one after the other, those first that came first into sight or near it. */
export class Explanations {
  #ask;
  #seen;
  #wanted = [];
  #waiting = new Map();
  #running = null;

  /** ask: a function of a row and a signal, to its explanation. */
  constructor(ask) {
    this.#ask = ask;
    this.#seen = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        this.#seen.unobserve(entry.target);
        this.#wanted.push(this.#waiting.get(entry.target));
        this.#waiting.delete(entry.target);
      }
      this.#run();
    }, { rootMargin: '50% 0%' });
  }

  /** Explains a row when its element comes into sight. */
  watch(element, row, done) {
    if (row.explanation !== undefined)
      return;
    this.#waiting.set(element, { row, done });
    this.#seen.observe(element);
  }

  clear() {
    this.#seen.disconnect();
    this.#waiting.clear();
    this.#wanted = [];
    this.#running?.abort();
    this.#running = null;
  }

  async #run() {
    if (this.#running)
      return;
    const running = (this.#running = new AbortController());
    for (let next; (next = this.#wanted.shift());) {
      try {
        next.row.explanation = await this.#ask(next.row, running.signal);
      } catch (error) {
        if (running.signal.aborted)
          return;
        console.warn(error);
        next.row.explanation = null; // which the item says
      }
      if (this.#running !== running)
        return;
      next.done();
    }
    this.#running = null;
  }
}
