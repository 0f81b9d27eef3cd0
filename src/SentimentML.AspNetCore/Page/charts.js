// Charts as SVG. Places are percentages, so that a chart fills what room there is without being drawn again.

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A bar for each label, as long as its share of all, with its count. */
export function bars(items, description) {
  const ROW = 46;
  const all = Math.max(1, sum(items.map((item) => item.count)));
  const chart = svg('svg', { role: 'img', 'aria-label': description, height: ROW * items.length });
  items.forEach((item, i) => {
    const y = ROW * i;
    chart.append(
      svg('text', { x: 0, y: y + 16, class: 'name' }, item.label),
      svg('text', { x: '100%', y: y + 16, 'text-anchor': 'end' }, item.shown),
      svg('rect', { x: 0, y: y + 24, width: '100%', height: 8, rx: 4, class: 'track' }),
      svg('rect', { x: 0, y: y + 24, width: percentage(item.count / all), height: 8, rx: 4, class: `fill ${item.hue}` }));
  });
  return chart;
}

/** How many answers have which certainty, the labels one above the other. */
export function histogram(bins, hues, description) {
  const TOP = 18, HEIGHT = 130, FOOT = 22;
  const highest = Math.max(1, ...bins.map(sum));
  const chart = svg('svg', { role: 'img', 'aria-label': description, height: TOP + HEIGHT + FOOT });
  bins.forEach((counts, bin) => {
    const x = percentage((bin + 0.06) / bins.length), width = percentage(0.88 / bins.length);
    let y = TOP + HEIGHT;
    counts.forEach((number, label) => {
      const height = (HEIGHT * number) / highest;
      y -= height;
      if (number > 0)
        chart.append(svg('rect', { x, y, width, height, class: `fill ${hues[label]}` }));
    });
  });
  chart.append(svg('line', { x1: 0, x2: '100%', y1: TOP + HEIGHT + 0.5, y2: TOP + HEIGHT + 0.5, class: 'base' }));
  ['0 %', '50 %', '100 %'].forEach((tick, i) =>
    chart.append(svg('text', { x: `${50 * i}%`, y: TOP + HEIGHT + 17, 'text-anchor': ['start', 'middle', 'end'][i] }, tick)));
  return chart;
}

/** One bar, cut by the labels' probabilities. */
export function shares(probabilities, hues) {
  const chart = svg('svg', { class: 'shares', height: 6, 'aria-hidden': 'true' });
  const all = sum(probabilities);
  let x = 0;
  probabilities.forEach((probability, label) => {
    const width = probability / all;
    chart.append(svg('rect', { x: percentage(x), y: 0, width: percentage(width), height: 6, class: `fill ${hues[label]}` }));
    x += width;
  });
  return chart;
}

const percentage = (share) => `${+(100 * share).toFixed(3)}%`;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
