// The node's figures over the last minutes: kept in this page alone, made from /metrics.
import { useEffect, useState } from './lib/preact.js';
import { figures, may, text } from './api.js';

const KEPT = 150;
const EVERY_MILLIS = 2000;

export const samples = [];
const readers = new Set();
let timer = null;

async function read() {
  timer = null;
  if (!readers.size) return;
  if (!document.hidden && may('reader')) {
    try {
      samples.push({ at: Date.now(), figures: figures(await text('metrics', null, undefined, 'text/plain')) });
      if (samples.length > KEPT) samples.shift();
      readers.forEach(reader => reader());
    } catch {
      // The next reading comes anyway; the shell says that the node is lost.
    }
  }
  if (readers.size && !timer) timer = setTimeout(read, EVERY_MILLIS);
}

/** Draws again with each reading, while a page is shown that wants it. */
export function useFigures() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const reader = () => redraw(n => n + 1);
    readers.add(reader);
    if (!timer && readers.size === 1) timer = setTimeout(read, samples.length ? 0 : 50);
    return () => readers.delete(reader);
  }, []);
}

export function sum(all, name, when) {
  return (all.get(name) || []).reduce((total, row) => total + (!when || when(row.labels) ? row.value : 0), 0);
}

function before(seconds) {
  const last = samples[samples.length - 1];
  return last && samples.find(sample => last.at - sample.at <= seconds * 1000 + 500);
}

/** How a counter changed in the last seconds; a restart of the node begins anew. */
export function since(name, when, seconds) {
  const last = samples[samples.length - 1];
  const first = before(seconds);
  if (!last || first === last) return { change: 0, perSecond: undefined };
  const change = Math.max(0, sum(last.figures, name, when) - sum(first.figures, name, when));
  return { change, perSecond: change * 1000 / (last.at - first.at) };
}

/** The same for each set of labels. */
export function deltas(name, seconds) {
  const last = samples[samples.length - 1];
  const first = before(seconds);
  if (!last) return [];
  const was = new Map((first.figures.get(name) || []).map(row => [JSON.stringify(row.labels), row.value]));
  return (last.figures.get(name) || []).map(({ labels, value }) => ({ labels, value: Math.max(0, value - (was.get(JSON.stringify(labels)) || 0)) }));
}

/** The time below which a share of the durations of the last seconds was, null if there were none. */
export function quantile(name, when, share, seconds) {
  const bounds = new Map();
  for (const { labels, value } of deltas(name + '_bucket', seconds)) {
    if (when(labels)) bounds.set(labels.le, (bounds.get(labels.le) || 0) + value);
  }
  const list = [...bounds].map(([le, n]) => [le === '+Inf' ? Infinity : Number(le), n]).sort((a, b) => a[0] - b[0]);
  const all = list.length ? list[list.length - 1][1] : 0;
  if (!all) return null;
  let low = 0;
  let under = 0;
  for (const [bound, n] of list) {
    if (n >= share * all) {
      return bound === Infinity ? low : low + (bound - low) * (n === under ? 1 : (share * all - under) / (n - under));
    }
    [low, under] = [bound, n];
  }
  return low;
}
