// How a chain agrees: whom the next quant waits for, who made and voted for what, what is final, and operations of its engine.
import { html, useState, useRead, Card, Part, Facts, Table, Time, Hash, Mark, State, Field, Act, Said, link, chainPage, num, duration } from '../ui.js';
import { T } from '../texts.js';
import { call, get, may, path } from '../api.js';
import { quant as readQuant } from '../ledger.js';

const RING_MAX = 60;
const LANES_MAX = 12;
/** Engines in which a quant becomes final by the votes of participants. */
const VOTES = ['poa', 'pos', 'dpos'];

/** Participants in the order of their turns, each by the pattern that its key has everywhere. */
function Ring({ participants, turn, rounds }) {
  const shown = participants.slice(0, RING_MAX);
  const at = i => [160 + 108 * Math.sin(2 * Math.PI * i / shown.length), 140 - 108 * Math.cos(2 * Math.PI * i / shown.length)];
  const last = rounds.find(round => round.height > 0);
  const small = shown.length > 20;
  return html`<svg class="picture ring" viewBox="0 0 320 280" role="img" aria-label=${T.consensus.ring(num(participants.length))}><circle cx="160" cy="140" r="108"/>
    ${shown.map((one, i) => {
      const [x, y] = at(i);
      const due = turn && turn.key === one.key;
      const radius = small ? 8 : 16;
      return html`<g>${last && last.producer === one.key && html`<circle class="on" cx=${x} cy=${y} r=${radius + 4} stroke-width="2"/>`}
        <circle class=${due ? 'node due' : 'node'} cx=${x} cy=${y} r=${radius}/>${!small && html`<g transform=${`translate(${x - 8} ${y - 8}) scale(3.2)`}><${Mark} of=${one.key} inside=${true}/></g>`}
        ${one.barred && html`<path d=${`M${x - 8} ${y - 8}l16 16m0-16l-16 16`} class="barred"/>`}<title>${one.key}${due ? ' · ' + T.consensus.due : ''}</title></g>`;
    })}
    <text x="160" y="136" text-anchor="middle">${turn ? T.consensus.slot(num(turn.slot)) : T.consensus.anyTime}</text>
    <text x="160" y="154" text-anchor="middle" class="soft">${T.consensus.legend}</text></svg>`;
}

/** How much of the chain is final, as a line from the genesis quant to the head. */
function Finality({ consensus, head }) {
  const share = height => (head ? Math.min(100, 100 * height / head) : 0) + '%';
  return html`<div class="finality" role="img" aria-label=${T.consensus.finalOf(num(consensus.finality), num(head))}><div class="track"><i style=${{ width: share(consensus.finality) }}/><b style=${{ left: share(consensus.justified) }}/></div>
    <p class="faint"><span>${T.consensus.final(num(consensus.finality))}</span><span>${T.consensus.justified(num(consensus.justified))}</span><span>${T.consensus.head(num(head))}</span></p></div>`;
}

/** Who made which of the newest quants: a lane for each key, a column for each quant, what is final tinted. */
function Lanes({ chain, consensus }) {
  const rounds = consensus.rounds.filter(round => round.height > 0).reverse();
  if (!rounds.length) return html`<p class="faint">${T.consensus.noRounds}</p>`;
  const makers = rounds.map(round => round.producer);
  const keys = [...new Set([...consensus.participants.map(one => one.key), ...makers])].filter(Boolean);
  const lanes = keys.length > LANES_MAX ? [...new Set([...(consensus.turn ? [consensus.turn.key] : []), ...makers.slice().reverse()])].filter(Boolean).slice(0, LANES_MAX) : keys;
  const final = height => (height <= consensus.finality ? 'final' : '');
  const votes = VOTES.includes(consensus.engine);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${T.consensus.lanes}><table class="lanes"><thead><tr><th scope="col" class="lane">${T.quant.height}</th>${rounds.map(round => html`<th scope="col" class=${final(round.height)}><a href=${link(chainPage(chain.name, 'quants', round.height))}>${num(round.height)}</a></th>`)}${consensus.turn && html`<th scope="col">${T.consensus.next}</th>`}</tr></thead>
    <tbody>${lanes.map(key => html`<tr key=${key}><th scope="row"><${Hash} of=${key} to=${link('/search', { q: key })}/></th>${rounds.map(round => html`<td class=${final(round.height)}>${round.producer === key ? html`<i class="dot"><span class="unseen">${T.consensus.made}</span></i>` : ''}</td>`)}
      ${consensus.turn && html`<td>${consensus.turn.key === key ? html`<i class="next"><span class="unseen">${T.consensus.due}</span></i>` : ''}</td>`}</tr>`)}
    <tr class="between"><th scope="row">${T.quant.interval}</th>${rounds.map((round, i) => html`<td class=${final(round.height)}>${i ? duration(round.timestamp - rounds[i - 1].timestamp) : ''}</td>`)}${consensus.turn && html`<td></td>`}</tr></tbody></table></div>
    <p class="faint key">${votes ? T.consensus.lanesVote : T.consensus.lanesMade} ${consensus.turn ? T.consensus.lanesTurn : ''} ${keys.length > lanes.length ? T.consensus.lanesCut(num(lanes.length), num(keys.length)) : ''}</p>`;
}

/** The difficulty that the head of a chain of pow states. */
function useDifficulty(chain, engine) {
  const head = useRead(signal => (engine === 'pow' ? readQuant(chain.name, chain.head.height, 0, signal) : Promise.resolve(null)), [engine, chain.name, chain.head.hash]);
  const bits = head.data && head.data.consensus;
  return bits && bits.length === 16 ? BigInt('0x' + bits).toLocaleString() : T.unknown;
}

function Waits({ chain, data }) {
  const lag = chain.head.height - data.finality;
  const votes = VOTES.includes(data.engine);
  const difficulty = useDifficulty(chain, data.engine);
  const spacing = chain.spec.consensus.spacing;
  return html`<${Card} title=${T.consensus.title}><p>${T.engines[data.engine] ? T.engines[data.engine].what : ''}</p>
    ${data.waiting.length ? html`<h3>${T.consensus.waiting}</h3><ul>${data.waiting.map(one => html`<li><${Said} text=${one}/></li>`)}</ul>` : html`<p><${State} is="well">${T.consensus.nothing}<//></p>`}
    ${(data.finality > 0 || votes) && html`<${Finality} consensus=${data} head=${chain.head.height}/>`}
    <${Facts} of=${[
      data.engine === 'pow' && [T.consensus.difficulty, difficulty, 'difficulty'],
      data.engine === 'pow' && [T.consensus.spacing, spacing ? duration(spacing) : T.consensus.noSpacing],
      votes && [T.consensus.lag, T.consensus.quants(num(lag)), 'finality'],
      data.turn && [T.consensus.turn, html`<${Hash} of=${data.turn.key}/>`, 'turn'],
      data.turn && [T.consensus.missed, num(data.missed)],
      data.pin && [T.consensus.pin, html`${num(data.pin.height)} <${Hash} of=${data.pin.hash}/>`, 'pin'],
      [T.consensus.offences, data.offences.length ? html`<${State} is="wrong">${num(data.offences.length)}<//>` : '0', 'offence'],
    ]}/><//>`;
}

function Participants({ data }) {
  if (!data.participants.length) return html`<${Card} title=${T.consensus.participants}><p>${T.consensus.anybody}</p><//>`;
  return html`<${Card} title=${T.consensus.participants}>${data.participants.length > 1 && html`<${Ring} participants=${data.participants} turn=${data.turn} rounds=${data.rounds}/>`}
    <${Table} label=${T.consensus.participants} rows=${data.participants} keyOf=${row => row.key} columns=${[
      [T.key, row => html`<${Hash} of=${row.key} to=${link('/search', { q: row.key })}/>`],
      [T.consensus.power, row => num(row.power), { number: true, term: 'power' }], [T.consensus.made, row => num(row.made), { number: true, term: 'made' }], [T.consensus.missedTurns, row => num(row.missed), { number: true, term: 'missed' }],
      ['', row => (row.barred ? html`<${State} is="wrong">${T.consensus.barred}<//>` : data.turn && data.turn.key === row.key ? html`<${State} is="well">${T.consensus.due}<//>` : '')],
    ]}/><//>`;
}

export function Consensus({ chain }) {
  const consensus = useRead(signal => get(path`v1/chains/${chain.name}/consensus`, null, signal), [chain.name], 1.5);
  return html`<${Part} of=${consensus}>${data => html`<div class="two"><div><${Waits} chain=${chain} data=${data}/>
      <${Card} title=${T.consensus.lanes}><${Lanes} chain=${chain} consensus=${data}/><//></div><${Participants} data=${data}/></div>
      <${Card} title=${T.consensus.rounds}><${Table} label=${T.consensus.rounds} rows=${data.rounds} keyOf=${row => row.hash} to=${row => link(chainPage(chain.name, 'quants', row.height))} columns=${[
        [T.quant.height, row => html`<a href=${link(chainPage(chain.name, 'quants', row.height))}>${num(row.height)}</a>`, { number: true }], [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`],
        [T.quant.producer, row => html`<${Hash} of=${row.producer} none=${T.quant.nobody}/>`], [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
        [T.consensus.finalWord, row => (row.height <= data.finality ? html`<${State} is="well">${T.consensus.isFinal}<//>` : html`<${State} is=${VOTES.includes(data.engine) ? 'waits' : 'rests'}>${T.consensus.notFinal}<//>`)],
      ]}/><//>
      ${data.offences.length > 0 && html`<${Card} title=${T.consensus.offences}><${Table} label=${T.consensus.offences} rows=${data.offences} columns=${[
        [T.key, row => html`<${Hash} of=${row.key}/>`], [T.quant.height, row => num(row.height), { number: true }], [T.consensus.first, row => html`<${Hash} of=${row.first}/>`], [T.consensus.second, row => html`<${Hash} of=${row.second}/>`]]}/><//>`}
      ${may('admin', [chain.name, chain.id]) && VOTES.includes(data.engine) && html`<${Operation} chain=${chain} engine=${data.engine}/>`}`}<//>`;
}

const OPERATIONS = {
  poa: { 'qbc.poa.vote': ['signer', 'add'] },
  pos: { 'qbc.pos.bond': ['amount'], 'qbc.pos.unbond': ['amount'], 'qbc.pos.transfer': ['to', 'amount'] },
  dpos: { 'qbc.pos.bond': ['amount'], 'qbc.pos.unbond': ['amount'], 'qbc.pos.transfer': ['to', 'amount'], 'qbc.dpos.stand': ['stand'], 'qbc.dpos.vote': ['delegate'] },
};

function Operation({ chain, engine }) {
  const kinds = OPERATIONS[engine];
  const [type, setType] = useState(Object.keys(kinds)[0]);
  const [data, setData] = useState({});
  const members = kinds[type];
  const flag = name => name === 'add' || name === 'stand';
  const body = () => ({ type, data: Object.fromEntries(members.map(name => [name, flag(name) ? data[name] !== 'false' : name === 'amount' ? Number(data[name]) : data[name]])) });
  return html`<${Card} title=${T.operation.title} note=${T.operation.note}><div class="inline">
    <${Field} label=${T.operation.type} type="choice" options=${Object.keys(kinds)} value=${type} onInput=${value => { setType(value); setData({}); }}/>
    ${members.map(name => (flag(name) ? html`<${Field} label=${name} type="choice" options=${[['true', T.operation[name].yes], ['false', T.operation[name].no]]} value=${data[name] || 'true'} onInput=${value => setData({ ...data, [name]: value })}/>`
      : html`<${Field} label=${name} type=${name === 'amount' ? 'number' : 'text'} value=${data[name] || ''} placeholder=${name === 'amount' ? '10' : T.operation.key} onInput=${value => setData({ ...data, [name]: value })}/>`))}
    <${Act} does=${() => call('POST', path`v1/chains/${chain.name}/operations`, { body: body() })} done=${made => T.operation.done(made.id.slice(0, 8))}>${T.operation.button}<//></div><//>`;
}

