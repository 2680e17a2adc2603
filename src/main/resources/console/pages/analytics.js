// "How much, how fast, who?": what came to chains over time, from the node's own tallies.
import { html, useState, useRead, Head, Card, Failed, Field, Loading, Absent, isAbsent, link, go, num, size, duration, shortened, Part } from '../ui.js';
import { T } from '../texts.js';
import { get, needs, path } from '../api.js';
import { Chart, SERIES_MAX } from '../charts.js';
import { samples, sum, useFigures } from '../figures.js';

const HOUR_MILLIS = 3600000;
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
    return { name: answer.chain ? answer.chain : nameOf(one), transactions: spread(one.transactions), bytes: spread(one.bytes), quants: spread(one.quants), p50: spread(one.waitP50Millis), p99: spread(one.waitP99Millis) };
  }));
  return { times, series };
}

const of = (series, member) => series.map(one => ({ name: one.name, values: one[member] }));
const divide = (series, over, under) => series.map(one => ({ name: one.name, values: one[over].map((value, i) => (one[under][i] ? value / one[under][i] : null)) }));

/** What the node keeps no history of: as this page saw it. */
function Live({ chains }) {
  useFigures();
  const times = samples.map(sample => sample.at);
  const seen = (name, chain) => samples.map(sample => sum(sample.figures, name, labels => labels.chain === chain));
  const busy = chains.filter(name => samples.some(sample => sum(sample.figures, 'qbc_chain_height', labels => labels.chain === name) > 0)).slice(0, SERIES_MAX);
  const loaded = times[times.length - 1];
  return html`<div><h2 class="group">${T.analytics.live}</h2><p class="faint">${T.analytics.liveNote}</p><div class="columns">
    <${Chart} title=${T.analytics.pool} name="pool" times=${times} loaded=${loaded} sync="live" series=${busy.map(name => ({ name, values: seen('qbc_pool_transactions', name) }))}/>
    <${Chart} title=${T.analytics.behind} name="behind" times=${times} loaded=${loaded} sync="live" series=${busy.map(name => ({ name, values: seen('qbc_chain_behind_quants', name) }))}/></div></div>`;
}

function Finality({ chains }) {
  const lags = useRead(signal => Promise.all(chains.slice(0, 8).map(async chain => {
    const consensus = await get(path`v1/chains/${chain.name}/consensus`, null, signal).catch(() => null);
    return { name: chain.name, lag: consensus && consensus.finality ? chain.head.height - consensus.finality : null };
  })), [chains.map(chain => chain.name).join(' ')], 5);
  return html`<${Card} title=${T.analytics.finality}><dl class="facts">${(lags.data || []).map(one => html`<div><dt>${one.name}</dt><dd>${one.lag === null ? T.analytics.noFinality : T.consensus.quants(num(one.lag))}</dd></div>`)}</dl><//>`;
}

function Range({ query, set }) {
  const [from, setFrom] = useState(query.from || '');
  const [to, setTo] = useState(query.to || '');
  return html`<form class="inline" onSubmit=${event => { event.preventDefault(); set({ from: from && new Date(from).toISOString(), to: to && new Date(to).toISOString(), range: '' }); }}>
    <${Field} label=${T.analytics.from} type="datetime-local" value=${from} onInput=${setFrom}/><${Field} label=${T.analytics.to} type="datetime-local" value=${to} onInput=${setTo}/><button disabled=${!from}>${T.analytics.show}</button></form>`;
}

const Choices = ({ label, value, options, onPick }) => html`<div class="choices" role="group" aria-label=${label}>${options.map(([key, name]) => html`<button type="button" aria-pressed=${value === key} onClick=${() => onPick(key)}>${name}</button>`)}</div>`;

export function Analytics({ query }) {
  const chains = useRead(signal => get('v1/chains', { limit: 100 }, signal), [], 10);
  const by = query.by || 'none';
  const set = more => go('/analytics', { ...query, ...more });
  const names = chains.data ? chains.data.chains.filter(chain => chain.name !== 'audit').map(chain => chain.name) : [];
  const chosen = query.chain || (by === 'chain' ? '' : names.includes('main') ? 'main' : names[0]);
  const range = query.from ? '' : query.range || '24h';
  const asked = by === 'chain' ? names.slice(0, SERIES_MAX) : chosen ? [chosen] : [];
  const figures = useRead(async signal => {
    await needs('/v1/chains/{chain}/analytics');
    const to = query.to || new Date().toISOString();
    const from = query.from || new Date(Date.now() - RANGES[range]).toISOString();
    const answers = await Promise.all(asked.map(async name => ({ ...(await get(path`v1/chains/${name}/analytics`, { from, to, step: query.step, by: by === 'chain' ? 'none' : by }, signal)), chain: by === 'chain' ? name : '' })));
    return { ...together(answers), step: answers[0] && answers[0].step, from, to, loaded: Date.now() };
  }, [asked.join(' '), by, range, query.from, query.to, query.step], range === '1h' ? 5 : 30);
  const zoom = (from, to) => set({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), range: '' });
  const data = figures.data;
  const stacked = query.lines !== '1';
  const off = figures.failure && (figures.failure.code === 'analytics_off' || isAbsent(figures.failure));
  const total = member => num((data.series || []).reduce((sum, one) => sum + one[member].reduce((a, b) => a + (b || 0), 0), 0));
  const shared = data && { times: data.times, loaded: data.loaded, sync: 'history', onRange: zoom };
  return html`<${Head} title=${T.menu.analytics} question=${T.analytics.question}/>
    <${Card}><div class="inline">
      ${by !== 'chain' && html`<${Field} label=${T.chain.one} type="choice" options=${names} value=${chosen || ''} onInput=${chain => set({ chain })}/>`}
      <div class="field"><span class="faint">${T.analytics.range}</span><br/><${Choices} label=${T.analytics.range} value=${range} options=${Object.keys(RANGES).map(one => [one, one])} onPick=${one => set({ range: one, from: '', to: '', step: '' })}/></div>
      <div class="field"><span class="faint">${T.analytics.by}</span><br/><${Choices} label=${T.analytics.by} value=${by} options=${Object.entries(T.analytics.bys)} onPick=${one => set({ by: one })}/></div>
      <div class="field"><span class="faint">${T.analytics.drawn}</span><br/><${Choices} label=${T.analytics.drawn} value=${stacked ? 'stacked' : 'lines'} options=${[['stacked', T.analytics.stacked], ['lines', T.analytics.lines]]} onPick=${one => set({ lines: one === 'lines' ? '1' : '' })}/></div></div>
      <details><summary>${T.analytics.custom}</summary><${Range} query=${query} set=${set}/></details>
      ${data && html`<p class="faint">${T.analytics.sum(total('transactions'), total('quants'), data.step)} ${query.from ? html`<a href=${link('/analytics', { ...query, from: '', to: '' })}>${T.analytics.whole}</a>` : T.analytics.drag}</p>`}<//>
    <${Part} of=${chains}>${() => (off ? html`<${Absent}>${figures.failure.code === 'analytics_off' ? T.analytics.off : T.analytics.absent}<//>` : figures.failure && !data ? html`<${Failed} failure=${figures.failure} again=${figures.again}/>` : !data ? html`<${Loading}/>` : html`
      <${Chart} title=${T.analytics.transactions} name="transactions" ...${shared} series=${of(data.series, 'transactions')} stacked=${stacked} bars=${true}/>
      <div class="columns"><${Chart} title=${T.analytics.bytes} name="bytes" ...${shared} series=${of(data.series, 'bytes')} stacked=${stacked} format=${size} bars=${true}/>
      <${Chart} title=${T.analytics.quants} name="quants" ...${shared} series=${of(data.series, 'quants')} stacked=${stacked} bars=${true}/>
      <${Chart} title=${T.analytics.p50} name="wait-p50" ...${shared} series=${of(data.series, 'p50')} format=${duration}/>
      <${Chart} title=${T.analytics.p99} name="wait-p99" ...${shared} series=${of(data.series, 'p99')} format=${duration}/>
      <${Chart} title=${T.analytics.perQuant} name="quant-transactions" ...${shared} series=${divide(data.series, 'transactions', 'quants')}/>
      <${Chart} title=${T.analytics.quantBytes} name="quant-bytes" ...${shared} series=${divide(data.series, 'bytes', 'quants')} format=${size}/></div>`)}<//>
    ${chains.data && html`<div><${Live} chains=${names}/><${Finality} chains=${chains.data.chains}/></div>`}`;
}
