// "How much, how fast, who?": what came to chains over time, from the node's own tallies.
import { html, useState, useRead, Head, Card, Failed, Field, Loading, Absent, isAbsent, fieldTime, instant, link, go, num, rate, size, duration, shortened, Part } from '../ui.js';
import { T } from '../texts.js';
import { get, needs, path } from '../api.js';
import { Chart, SERIES_MAX } from '../charts.js';
import { samples, sum, useFigures } from '../figures.js';

const HOUR_MILLIS = 3600000;
/** Engines of which quants become final by votes. */
const FINAL = ['poa', 'pos', 'dpos'];
const RANGES = { '1h': HOUR_MILLIS, '6h': 6 * HOUR_MILLIS, '24h': 24 * HOUR_MILLIS, '7d': 168 * HOUR_MILLIS, '30d': 720 * HOUR_MILLIS, '1y': 8760 * HOUR_MILLIS };

function nameOf(series) {
  if (series.kind === 'other') return T.analytics.others;
  if (series.kind === 'all') return T.analytics.all;
  return series.name === '' ? T.analytics.nameless : /^[0-9a-f]{64}$/.test(series.name) ? shortened(series.name) : series.name;
}

/** The series of all answers on one axis; where one has no step there is nothing. */
function together(answers) {
  const times = [...new Set(answers.flatMap(answer => (answer.series[0] ? answer.series[0].times : [])))].map(time => Date.parse(time)).sort((a, b) => a - b);
  const place = new Map(times.map((time, i) => [time, i]));
  const series = answers.flatMap(answer => answer.series.map(one => {
    const spread = values => {
      const all = new Array(times.length).fill(null);
      one.times.forEach((time, i) => { all[place.get(Date.parse(time))] = values[i]; });
      return all;
    };
    return { rest: one.kind === 'other' ? 1 : 0, name: answer.chain ? answer.chain : nameOf(one), transactions: spread(one.transactions), bytes: spread(one.bytes), quants: spread(one.quants), p50: spread(one.waitP50Millis), p99: spread(one.waitP99Millis), waited: spread(one.waitMillis), finality: spread(one.finalityP99Millis) };
  }));
  // By name, so that each keeps its colour when another one grows past it.
  const drawn = series.slice(0, SERIES_MAX).sort((a, b) => a.rest - b.rest || a.name.localeCompare(b.name));
  return { times, series: [...drawn, ...series.slice(SERIES_MAX)] };
}

const of = (series, member) => series.map(one => ({ name: one.name, values: one[member] }));
const STEPS = { minute: 60000, hour: HOUR_MILLIS, day: 24 * HOUR_MILLIS };

/** How wide each step is, of which the last may not be over. */
const widths = (times, step, to) => times.map(time => Math.min(STEPS[step] || (times.length > 1 ? times[1] - times[0] : HOUR_MILLIS), Math.max(1, to - time)));
const mapped = (series, member, value) => series.map(one => ({ name: one.name, values: one[member].map((each, i) => (each === null ? null : value(each, i))) }));
/** How long it was from one quant to the next in each step. */
const intervals = (series, width) => mapped(series, 'quants', (quants, i) => (quants ? width[i] / quants : null));
/** How many waited on average, which is what all waited together by the width of the step (Little's law). */
const waiting = (series, width) => mapped(series, 'waited', (waited, i) => waited / width[i]);
const hasSome = (series, member) => series.some(one => one[member].some(value => value !== null));
const divide = (series, over, under) => series.map(one => ({ name: one.name, values: one[over].map((value, i) => (one[under][i] ? value / one[under][i] : null)) }));

/** What a node can tell of now alone: as this page saw it. */
function Live({ chains, largest }) {
  useFigures();
  const times = samples.map(sample => sample.at);
  const seen = (name, chain) => samples.map(sample => sum(sample.figures, name, labels => labels.chain === chain));
  const loaded = times[times.length - 1];
  return html`<div><h2 class="group">${T.analytics.live}</h2><p class="faint">${T.analytics.liveNote}</p><div class="columns">
    <${Chart} title=${T.analytics.pool} name="pool" times=${times} loaded=${loaded} sync="live" series=${largest.map(name => ({ name, values: seen('qbc_pool_transactions', name) }))}/>
    <${Chart} title=${T.analytics.behind} name="behind" times=${times} loaded=${loaded} sync="live" series=${largest.map(name => ({ name, values: seen('qbc_chain_behind_quants', name) }))}/>
    <${Finality} chains=${chains}/></div></div>`;
}

const LAG_SECONDS = 5;
const LAGS_MAX = 60;
const lags = [];

/** How many quants of each chain with finality are not final yet, as often as this page asked. */
function Finality({ chains }) {
  const final = chains.filter(chain => FINAL.includes(chain.spec.consensus.engine)).slice(0, SERIES_MAX).map(chain => chain.name);
  useRead(async signal => {
    const values = await Promise.all(final.map(async name => {
      const [chain, consensus] = await Promise.all([get(path`v1/chains/${name}`, null, signal), get(path`v1/chains/${name}/consensus`, null, signal)]).catch(() => []);
      return [name, consensus ? Math.max(0, chain.head.height - consensus.finality) : null];
    }));
    lags.push({ at: Date.now(), of: new Map(values) });
    if (lags.length > LAGS_MAX) lags.shift();
    return null;
  }, [final.join(' ')], LAG_SECONDS);
  const times = lags.map(one => one.at);
  if (!final.length) return null;
  return html`<${Chart} title=${T.analytics.finality} name="not-final" times=${times} loaded=${times[times.length - 1]} sync="live" series=${final.map(name => ({ name, values: lags.map(one => (one.of.has(name) ? one.of.get(name) : null)) }))}/>`;
}

function Range({ query, set }) {
  const [from, setFrom] = useState(fieldTime(query.from));
  const [to, setTo] = useState(fieldTime(query.to));
  return html`<form class="inline" onSubmit=${event => { event.preventDefault(); set({ from: instant(from), to: instant(to), range: '' }); }}>
    <${Field} label=${T.analytics.from} type="datetime-local" value=${from} onInput=${setFrom}/><${Field} label=${T.analytics.to} type="datetime-local" value=${to} onInput=${setTo}/><button disabled=${!from}>${T.analytics.show}</button></form>`;
}

const Choices = ({ label, value, options, onPick }) => html`<div class="choices" role="group" aria-label=${label}>${options.map(([key, name]) => html`<button type="button" aria-pressed=${value === key} onClick=${() => onPick(key)}>${name}</button>`)}</div>`;

export function Analytics({ query }) {
  const chains = useRead(signal => get('v1/chains', { limit: 100 }, signal), [], 10);
  const by = query.by || 'none';
  const set = more => go('/analytics', { ...query, ...more });
  const names = chains.data ? chains.data.chains.filter(chain => chain.name !== 'audit').map(chain => chain.name) : [];
  const largest = chains.data ? chains.data.chains.filter(chain => chain.name !== 'audit').sort((a, b) => b.head.treeSize - a.head.treeSize).slice(0, SERIES_MAX).map(chain => chain.name).sort() : [];
  const chosen = query.chain || (by === 'chain' ? '' : names.includes('main') ? 'main' : names[0]);
  const range = query.from ? '' : query.range || '24h';
  const asked = by === 'chain' ? largest : chosen ? [chosen] : [];
  const figures = useRead(async signal => {
    await needs('/v1/chains/{chain}/analytics');
    const to = query.to || new Date().toISOString();
    const from = query.from || new Date(Date.now() - RANGES[range]).toISOString();
    const read = async (name, apart) => ({ ...(await get(path`v1/chains/${name}/analytics`, { from, to, step: query.step, by: apart }, signal)), chain: by === 'chain' ? name : '' });
    const answers = await Promise.all(asked.map(name => read(name, by === 'chain' ? 'none' : by)));
    // A quant has transactions of several types and authors: told apart by these there are more quants than were made.
    const whole = by === 'type' || by === 'author' ? together(await Promise.all(asked.map(name => read(name, 'none')))) : together(answers);
    return { ...together(answers), whole, step: answers[0] && answers[0].step, from, to, loaded: Date.now() };
  }, [asked.join(' '), by, range, query.from, query.to, query.step], range === '1h' ? 5 : 30);
  const zoom = (from, to) => set({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), range: '' });
  const data = figures.data;
  const stacked = query.lines !== '1';
  const off = figures.failure && (figures.failure.code === 'analytics_off' || isAbsent(figures.failure));
  const total = member => num((data.whole.series || []).reduce((sum, one) => sum + one[member].reduce((a, b) => a + (b || 0), 0), 0));
  const width = data && widths(data.whole.times, data.step, Date.parse(data.to));
  const made = data && { times: data.whole.times, step: STEPS[data.step], loaded: data.loaded, sync: 'history', onRange: zoom };
  const shared = data && { times: data.times, step: STEPS[data.step], loaded: data.loaded, sync: 'history', onRange: zoom };
  return html`<${Head} title=${T.menu.analytics} question=${T.analytics.question}/>
    <${Card}><div class="inline">
      ${by !== 'chain' && html`<${Field} label=${T.chain.one} type="choice" options=${names} value=${chosen || ''} onInput=${chain => set({ chain })}/>`}
      <div class="field"><span class="faint">${T.analytics.range}</span><br/><${Choices} label=${T.analytics.range} value=${range} options=${Object.keys(RANGES).map(one => [one, one])} onPick=${one => set({ range: one, from: '', to: '', step: '' })}/></div>
      <div class="field"><span class="faint">${T.analytics.by}</span><br/><${Choices} label=${T.analytics.by} value=${by} options=${Object.entries(T.analytics.bys)} onPick=${one => set({ by: one })}/></div>
      <div class="field"><span class="faint">${T.analytics.drawn}</span><br/><${Choices} label=${T.analytics.drawn} value=${stacked ? 'stacked' : 'lines'} options=${[['stacked', T.analytics.stacked], ['lines', T.analytics.lines]]} onPick=${one => set({ lines: one === 'lines' ? '1' : '' })}/></div></div>
      <details><summary>${T.analytics.custom}</summary><${Range} query=${query} set=${set}/></details>
      ${data && html`<p class="faint gap-small">${by === 'chain' && names.length > largest.length ? T.analytics.largest(num(largest.length), num(names.length)) + ' ' : ''}${T.analytics.sum(total('transactions'), total('quants'), data.step)} ${query.from ? html`<a href=${link('/analytics', { ...query, from: '', to: '' })}>${T.analytics.whole}</a>` : T.analytics.drag}</p>`}<//>
    <${Part} of=${chains}>${() => (off ? html`<${Absent}>${figures.failure.code === 'analytics_off' ? T.analytics.off : T.analytics.absent}<//>` : figures.failure && !data ? html`<${Failed} failure=${figures.failure} again=${figures.again}/>` : !data ? html`<${Loading}/>` : html`
      <${Chart} title=${T.analytics.transactions} name="transactions" ...${shared} series=${of(data.series, 'transactions')} stacked=${stacked} bars=${true}/>
      <div class="columns"><${Chart} title=${T.analytics.bytes} name="bytes" ...${shared} series=${of(data.series, 'bytes')} stacked=${stacked} format=${size} bars=${true}/>
      <${Chart} title=${T.analytics.quants} name="quants" ...${made} series=${of(data.whole.series, 'quants')} stacked=${stacked} bars=${true}/>
      <${Chart} title=${T.analytics.p50} name="wait-p50" ...${shared} series=${of(data.series, 'p50')} format=${duration}/>
      <${Chart} title=${T.analytics.p99} name="wait-p99" ...${shared} series=${of(data.series, 'p99')} format=${duration}/>
      <${Chart} title=${T.analytics.perQuant} name="quant-transactions" ...${made} series=${divide(data.whole.series, 'transactions', 'quants')}/>
      <${Chart} title=${T.analytics.quantBytes} name="quant-bytes" ...${made} series=${divide(data.whole.series, 'bytes', 'quants')} format=${size}/>
      <${Chart} title=${T.analytics.intervals} name="quant-intervals" ...${made} series=${intervals(data.whole.series, width)} format=${duration}/>
      <${Chart} title=${T.analytics.waiting} name="waiting" ...${made} series=${waiting(data.whole.series, width)} format=${rate}/>
      ${hasSome(data.whole.series, 'finality') && html`<${Chart} title=${T.analytics.finalityAge} name="finality" ...${made} series=${of(data.whole.series, 'finality')} format=${duration}/>`}</div>`)}<//>
    ${chains.data && html`<${Live} chains=${chains.data.chains} largest=${largest}/>`}`;
}
