// Charts over time by uPlot: one cursor through all of a page, a range to drag, and the same figures as a table.
import uPlot from './lib/uplot.js';
import { html, tame, useEffect, useRef, useState, Table, num, size, readerTime, utc, useStore, download, csv } from './ui.js';
import { T } from './texts.js';

const HEIGHT = 200;
export const SERIES_MAX = 6;
const BARS_MAX = 120;

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Values added up from the first series on, so that each is drawn on those before it. */
function stack(values) {
  const sums = values[0] ? values[0].map(() => 0) : [];
  return values.map(series => series.map((value, i) => (sums[i] += value || 0)));
}

const COUNTS = [1, 2, 5].flatMap(n => Array.from({ length: 12 }, (unused, i) => n * 10 ** i)).sort((a, b) => a - b);
const BYTES = Array.from({ length: 45 }, (unused, i) => 2 ** i);
const HOUR_MILLIS = 3600000;

/** The times of an axis in the reader's way, with the day where it changes. */
function axisTimes(zone) {
  const hours = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', timeZone: zone });
  const seconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone });
  const days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: zone });
  return (self, splits, axis, space, step) => {
    let last = '';
    let before = '';
    return splits.map(ms => {
      const day = days.format(ms);
      const text = step >= 24 * HOUR_MILLIS ? day : (step < 60000 ? seconds : hours).format(ms) + (day === last ? '' : '\n' + day);
      last = day;
      if (text === before) return '';
      before = text;
      return text;
    });
  };
}

/** Places of values that have no neighbour: a line through them would be nothing. */
const alone = values => values.flatMap((value, i) => (value !== null && value !== undefined && [values[i - 1], values[i + 1]].every(one => one === null || one === undefined) ? [i] : []));

const PICTURE = { head: 40, foot: 32, left: 16, box: 12, gap: 24, title: 15, text: 12 };

/** What is drawn, with its title and what the colours mean, on the ground of a card: to put into a report. */
function portrait(canvas, title, names, range) {
  const scale = devicePixelRatio || 1;
  const px = n => n * scale;
  const out = document.createElement('canvas');
  out.width = canvas.width;
  out.height = canvas.height + px(PICTURE.head + PICTURE.foot);
  const pen = out.getContext('2d');
  const write = (text, x, y, ink, size, weight = 400) => {
    pen.fillStyle = color(ink);
    pen.font = `${weight} ${px(size)}px system-ui, sans-serif`;
    pen.fillText(text, x, y);
    return pen.measureText(text).width;
  };
  pen.fillStyle = color('--card');
  pen.fillRect(0, 0, out.width, out.height);
  const width = write(title, px(PICTURE.left), px(26), '--ink', PICTURE.title, 600);
  write(range, px(PICTURE.left + PICTURE.gap) + width, px(26), '--soft', PICTURE.text);
  pen.drawImage(canvas, 0, px(PICTURE.head));
  let x = px(PICTURE.left);
  const y = out.height - px(12);
  names.forEach((name, i) => {
    pen.fillStyle = color('--c' + i);
    pen.fillRect(x, y - px(10), px(PICTURE.box), px(PICTURE.box));
    x += px(PICTURE.box + 6);
    x += write(name, x, y, '--ink', PICTURE.text) + px(PICTURE.gap);
  });
  return out;
}

export function Chart({ title, name, times, series, format, stacked, sync, onRange, bars, loaded, step = 0 }) {
  const place = useRef(null);
  const plot = useRef(null);
  const [table, setTable] = useState(false);
  const [scheme, setScheme] = useState(0);
  const plain = useStore(utc);
  const write = format || num;
  const shown = series.slice(0, SERIES_MAX);
  const values = shown.map(one => one.values);
  // So many bars would be borders alone.
  const dense = times.length > BARS_MAX;
  const stackedNow = stacked && shown.length > 1;
  // An area of steps ends where its last one ends, which is one more place.
  const areas = step > 0 && times.length > 0 && (stackedNow || (bars && dense));
  const drawn = stackedNow ? stack(values) : values;
  const data = areas ? [[...times, times[times.length - 1] + step], ...drawn.map(one => [...one, one[one.length - 1]])] : [times, ...drawn];
  const shape = JSON.stringify([dense, shown.map(one => one.name), stacked, scheme, table, plain, bars, step]);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const turn = () => setScheme(n => n + 1);
    dark.addEventListener('change', turn);
    return () => dark.removeEventListener('change', turn);
  }, []);
  useEffect(() => {
    if (table || !place.current || !times.length) return undefined;
    const axis = { stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 }, font: '12px system-ui' };
    const options = {
      width: Math.max(240, place.current.clientWidth), height: HEIGHT, ms: 1,
      tzDate: plain ? ms => uPlot.tzDate(new Date(ms), 'Etc/UTC') : undefined,
      cursor: { sync: sync ? { key: sync } : undefined, drag: { x: !!onRange, y: false, setScale: false } },
      legend: { live: true },
      // The last step is as wide as the others.
      scales: { x: { time: true, range: (self, low, high) => [low, areas ? high : high + step] }, y: { range: (self, low, high) => [Math.min(0, low || 0), high > 0 ? high * 1.08 : 1] } },
      axes: [{ ...axis, space: 96, values: axisTimes(plain ? 'UTC' : undefined) }, { ...axis, size: 72, ...(format && format !== size ? {} : { incrs: format ? BYTES : COUNTS }), values: (self, ticks) => ticks.map(tick => (tick === null ? '' : write(tick))) }],
      series: [{ label: T.time, value: (self, ms) => (ms === null || ms === undefined ? T.unknown : readerTime(ms)) },
        ...shown.map((one, i) => ({
          label: tame(one.name), stroke: color('--c' + i), width: 1.5, points: { show: !stackedNow && !bars, filter: (self, index) => alone(self.data[index]) },
          fill: stackedNow || (bars && i === 0) ? color('--c' + i) + '55' : undefined,
          paths: bars && !stackedNow && !dense ? uPlot.paths.bars({ size: [0.8, 40], align: 1 }) : stackedNow || bars ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
          value: (self, value, column, at) => (at === null || at === undefined ? T.unknown : write(values[i][at])),
        }))],
      bands: stackedNow ? shown.slice(1).map((one, i) => ({ series: [i + 2, i + 1] })) : [],
      hooks: { setSelect: [self => {
        if (!onRange || self.select.width < 8) return;
        const [from, to] = [self.posToVal(self.select.left, 'x'), self.posToVal(self.select.left + self.select.width, 'x')];
        self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        onRange(Math.round(from), Math.round(to));
      }] },
    };
    if (!options.tzDate) delete options.tzDate;
    plot.current = new uPlot(options, data, place.current);
    const watch = new ResizeObserver(() => plot.current && place.current && plot.current.setSize({ width: Math.max(240, place.current.clientWidth), height: HEIGHT }));
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [shape, times.length === 0]);
  useEffect(() => { if (plot.current) plot.current.setData(data); }, [loaded]);
  const png = () => place.current && portrait(place.current.querySelector('canvas'), title, shown.map(one => one.name), readerTime(times[0]) + ' – ' + readerTime(times[times.length - 1])).toBlob(blob => download(name + '.png', 'image/png', blob));
  const rows = () => times.map((time, i) => [new Date(time).toISOString(), ...series.map(one => one.values[i])]);
  return html`<section class="card chart" aria-label=${title}><header><h2>${title}</h2><div class="acts">
      <button type="button" class="quiet" aria-pressed=${table} onClick=${() => setTable(!table)}>${T.chart.table}</button>
      <button type="button" class="quiet" onClick=${() => download(name + '.csv', 'text/csv', csv(['time', ...series.map(one => one.name)], rows()))}>CSV</button>
      ${!table && html`<button type="button" class="quiet" onClick=${png}>PNG</button>`}</div></header>
    ${!times.length ? html`<p class="faint">${T.chart.none}</p>` : table ? html`<${Table} label=${title} rows=${rows().reverse()} columns=${[[T.time, row => readerTime(Date.parse(row[0]))],
      ...series.map((one, i) => [one.name, row => (row[i + 1] === null || row[i + 1] === undefined ? T.unknown : write(row[i + 1])), { number: true }])]}/>`
      : html`<div ref=${place} role="img" aria-label=${T.chart.says(title)}></div>`}
    ${series.length > SERIES_MAX && !table && html`<p class="faint">${T.chart.cut(num(SERIES_MAX), num(series.length))}</p>`}</section>`;
}
