// "What happened here, and what happens next?": a chain's quants, consensus, spec, forks, and what may be done to it.
import { html, useEffect, useRef, useState, useRead, Head, Card, Part, Facts, Table, Time, Hash, State, Term, Field, Act, Danger, Code, Failed, Said, link, chainPage, go, replace, num, size, duration } from '../ui.js';
import { T } from '../texts.js';
import { BASE, call, events, get, may, path } from '../api.js';
import { PAGE, firstQuant, quantList } from '../ledger.js';
import { Json } from '../json.js';
import { ChainState } from './overview.js';

const TABS = ['quants', 'consensus', 'spec', 'forks', 'manage'];

export function Chain({ names: [name], query }) {
  const chain = useRead(signal => get(path`v1/chains/${name}`, null, signal), [name], 3);
  const tab = TABS.includes(query.tab) ? query.tab : 'quants';
  const data = chain.data;
  const names = data ? [data.name, data.id] : [name];
  return html`<${Head} title=${data ? data.name : name} question=${T.chain.question}>
      ${data && may('writer', names) && html`<a class="button" href=${link('/inject', { chain: data.name })}>${T.menu.inject}</a>`}
      ${data && may('sealer', names) && html`<${Act} kind="main" disabled=${!data.pool.transactions} does=${() => call('POST', path`v1/chains/${name}/leaps`).then(leaped => (chain.again(), leaped))}
        done=${leaped => T.chain.leaped(num(leaped.count), num(leaped.height))}>${T.chain.leap(num(data.pool.transactions))}<//>`}<//>
    <${Part} of=${chain}>${found => html`
      <${Card}>${found.spec.description && html`<p>${found.spec.description}</p>`}<${Facts} of=${[
        [T.chain.id, html`<${Hash} of=${found.id}/>`, 'chain id'],
        [T.quant.height, html`<a href=${link(chainPage(found.name, 'quants', found.head.height))}>${num(found.head.height)}</a>`, 'height'],
        [T.tx.many, num(found.head.treeSize), 'tree size'],
        [T.chain.pool, T.chain.waiting(num(found.pool.transactions), size(found.pool.bytes)), 'pool'],
        found.pool.oldest && [T.chain.oldest, html`<${Time} ms=${found.pool.oldest}/>`],
        [T.chain.last, html`<${Time} ms=${found.head.timestamp}/>`],
        [T.chain.engine, html`<${Term} of=${found.spec.consensus.engine}>${found.spec.consensus.engine}<//>`],
        [T.chain.state, html`<${ChainState} chain=${found}/>`],
      ]}/><//>
      <nav class="tabs" aria-label=${T.chain.parts}>${TABS.filter(one => one !== 'manage' || may('admin', names)).map(one => html`<a href=${link(chainPage(name), { tab: one === 'quants' ? '' : one })}
        aria-current=${one === tab ? 'page' : null}>${T.chain.tabs[one]}</a>`)}</nav>
      ${tab === 'quants' && html`<${Quants} chain=${found} query=${query}/>`}
      ${tab === 'consensus' && html`<${Consensus} chain=${found}/>`}
      ${tab === 'spec' && html`<${Spec} chain=${found}/>`}
      ${tab === 'forks' && html`<${Forks} chain=${found} query=${query}/>`}
      ${tab === 'manage' && may('admin', names) && html`<${Manage} chain=${found} again=${chain.again}/>`}`}<//>`;
}

/** The quants of a page as bars: how many transactions each has. */
function Bars({ quants, name }) {
  const most = Math.max(1, ...quants.map(quant => quant.count));
  const width = 600 / Math.max(PAGE, quants.length);
  return html`<svg class="leaps" viewBox="0 0 600 56" preserveAspectRatio="none" height="56" role="img" aria-label=${T.chain.bars(num(most))}>
    ${quants.map((quant, i) => html`<rect key=${quant.height} x=${i * width + 1} y=${54 - 52 * quant.count / most} width=${width - 2} height=${Math.max(1, 52 * quant.count / most)} fill="var(--c0)">
      <title>${T.chain.bar(num(quant.height), num(quant.count))}</title></rect>`)}</svg>`;
}

function Quants({ chain, query }) {
  const name = chain.name;
  const to = query.to === undefined ? null : Math.max(0, Math.min(Number(query.to) || 0, chain.head.height));
  const follows = to === null;
  const [list, setList] = useState(null);
  const [failure, setFailure] = useState(null);
  const [fresh, setFresh] = useState(0);
  const [missed, setMissed] = useState(0);
  const seen = useRef(0);
  const head = useRef(chain.head.height);
  head.current = Math.max(chain.head.height, head.current);
  const load = async signal => {
    const top = follows ? head.current : to;
    try {
      const { quants } = await quantList(name, Math.max(0, top - PAGE + 1), PAGE, signal);
      if (signal && signal.aborted) return;
      setFailure(null);
      setFresh(seen.current ? seen.current : Infinity);
      if (quants.length) seen.current = quants[quants.length - 1].height;
      setList(quants.slice().reverse());
      setMissed(0);
    } catch (failed) {
      if (failed.name !== 'AbortError') setFailure(failed);
    }
  };
  useEffect(() => {
    const abort = new AbortController();
    seen.current = 0;
    load(abort.signal);
    return () => abort.abort();
  }, [name, to]);
  useEffect(() => {
    if (!follows) return undefined;
    return events(path`v1/chains/${name}/events`, batch => {
      const quants = batch.filter(event => ['quant', 'undone'].includes(event.type));
      if (!quants.length) return;
      head.current = quants[quants.length - 1].height;
      if (scrollY > 480 || document.hidden) setMissed(n => n + quants.filter(event => event.type === 'quant').length);
      else load();
    });
  }, [name, to]);
  const step = by => link(chainPage(name), { to: Math.max(0, Math.min(chain.head.height, (follows ? chain.head.height : to) + by)) });
  const rows = list || [];
  return html`<${Card} title=${T.chain.tabs.quants} acts=${html`
      <div class="choices" role="group" aria-label=${T.chain.watch}><button type="button" aria-pressed=${follows} onClick=${() => go(chainPage(name))}>${T.chain.follows}</button>
        <button type="button" aria-pressed=${!follows} onClick=${() => go(chainPage(name), { to: chain.head.height })}>${T.chain.stays}</button></div>`}>
    <${Jump} chain=${chain}/>
    ${failure && html`<${Failed} failure=${failure} again=${() => load()}/>`}
    ${missed > 0 && html`<p role="status"><button type="button" onClick=${() => { scrollTo(0, 0); load(); }}>${T.chain.missed(num(missed))}</button></p>`}
    ${list === null && !failure && html`<p class="loading">${T.loading}</p>`}
    ${list !== null && html`${rows.length > 0 && html`<${Bars} quants=${rows.slice().reverse()} name=${name}/>`}
    <${Table} label=${T.chain.tabs.quants} rows=${rows} keyOf=${row => row.hash} fresh=${row => follows && row.height > fresh} to=${row => link(chainPage(name, 'quants', row.height))} empty=${T.chain.noQuants} columns=${[
      [T.quant.height, row => html`<a href=${link(chainPage(name, 'quants', row.height))}>${num(row.height)}</a>`, { number: true }],
      [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`, { term: 'quant hash' }],
      [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
      [T.quant.interval, row => { const at = rows.indexOf(row); return rows[at + 1] && rows[at + 1].height > 0 ? duration(row.timestamp - rows[at + 1].timestamp) : T.unknown; }, { number: true }],
      [T.tx.many, row => num(row.count), { number: true }],
      [T.quant.treeSize, row => num(row.treeSize), { number: true, term: 'tree size' }],
    ]}/>`}
    <p class="acts pager"><a class="button" href=${link(chainPage(name))}>${T.page.newest}</a><a class="button" href=${step(PAGE)}>${T.page.newer}</a>
      <a class="button" href=${step(-PAGE)}>${T.page.older}</a><a class="button" href=${link(chainPage(name), { to: Math.min(PAGE - 1, chain.head.height) })}>${T.page.oldest}</a></p><//>`;
}

function Jump({ chain }) {
  const [height, setHeight] = useState('');
  const [time, setTime] = useState('');
  const [busy, setBusy] = useState('');
  const jump = async event => {
    event.preventDefault();
    if (height !== '') {
      go(chainPage(chain.name), { to: Math.min(chain.head.height, Number(height)) });
      return;
    }
    setBusy(T.underWay);
    try {
      const at = new Date(time).getTime();
      const found = await firstQuant(chain.name, chain.head.height, quant => quant.timestamp >= at);
      go(chainPage(chain.name), { to: Math.min(chain.head.height, found) });
      setBusy('');
    } catch (failure) {
      setBusy(failure.message);
    }
  };
  return html`<form class="inline" onSubmit=${jump}>
    <${Field} label=${T.chain.jumpHeight} type="number" min="0" max=${chain.head.height} value=${height} onInput=${value => { setHeight(value); setTime(''); }} placeholder=${String(Math.floor(chain.head.height / 2))}/>
    <${Field} label=${T.chain.jumpTime} type="datetime-local" step="1" value=${time} onInput=${value => { setTime(value); setHeight(''); }}/>
    <button disabled=${height === '' && !time}>${T.chain.jump}</button><span role="status" class="faint">${busy}</span></form>`;
}

function Ring({ participants, turn, rounds }) {
  const shown = participants.slice(0, 60);
  const at = i => [160 + 116 * Math.sin(2 * Math.PI * i / shown.length), 140 - 116 * Math.cos(2 * Math.PI * i / shown.length)];
  const last = rounds.find(round => round.height > 0);
  return html`<svg class="picture ring" viewBox="0 0 320 280" role="img" aria-label=${T.consensus.ring(num(participants.length))}><circle cx="160" cy="140" r="116"/>
    ${shown.map((one, i) => {
      const [x, y] = at(i);
      const due = turn && turn.key === one.key;
      return html`<g><circle class=${due ? 'here' : 'node'} cx=${x} cy=${y} r=${due ? 13 : 10}/>${one.barred && html`<path d=${`M${x - 5} ${y - 5}l10 10m0-10l-10 10`} stroke="var(--wrong)" stroke-width="2"/>`}
        ${last && last.producer === one.key && html`<circle class="on" cx=${x} cy=${y} r="17" stroke-width="2"/>`}
        <title>${one.key}${due ? ' · ' + T.consensus.due : ''}</title></g>`;
    })}
    <text x="160" y="136" text-anchor="middle">${turn ? T.consensus.slot(num(turn.slot)) : T.consensus.anyTime}</text>
    <text x="160" y="154" text-anchor="middle" class="soft">${T.consensus.legend}</text></svg>`;
}

function Finality({ consensus, head }) {
  const at = height => (head ? 12 + 576 * Math.min(1, height / head) : 12);
  return html`<svg class="picture" viewBox="0 0 600 64" role="img" aria-label=${T.consensus.finalOf(num(consensus.finality), num(head))}>
    <line x1="12" y1="28" x2="588" y2="28" stroke-width="2"/><line class="on" x1="12" y1="28" x2=${at(consensus.finality)} y2="28" stroke-width="6"/>
    <circle class="node" cx=${at(consensus.justified)} cy="28" r="6"/><circle class="here" cx=${at(consensus.finality)} cy="28" r="6"/><circle class="node" cx="588" cy="28" r="4"/>
    <text x="12" y="56">${T.consensus.final(num(consensus.finality))}</text><text x="588" y="56" text-anchor="end">${T.consensus.head(num(head))}</text>
    <text x="300" y="14" text-anchor="middle" class="soft">${T.consensus.justified(num(consensus.justified))}</text></svg>`;
}

function Consensus({ chain }) {
  const consensus = useRead(signal => get(path`v1/chains/${chain.name}/consensus`, null, signal), [chain.name], 1.5);
  return html`<${Part} of=${consensus}>${data => {
    const lag = chain.head.height - data.finality;
    return html`<div class="two"><${Card} title=${T.consensus.title}>
      <p>${T.engines[data.engine] ? T.engines[data.engine].what : ''}</p>
      ${data.waiting.length ? html`<h3>${T.consensus.waiting}</h3><ul>${data.waiting.map(one => html`<li><${Said} text=${one}/></li>`)}</ul>` : html`<p><${State} is="well">${T.consensus.nothing}<//></p>`}
      ${(data.finality > 0 || ['poa', 'pos', 'dpos'].includes(data.engine)) && html`<${Finality} consensus=${data} head=${chain.head.height}/>`}
      <${Facts} of=${[
        [T.consensus.lag, T.consensus.quants(num(lag)), 'finality'],
        data.turn && [T.consensus.turn, html`<${Hash} of=${data.turn.key}/>`, 'turn'],
        [T.consensus.missed, num(data.missed)],
        data.pin && [T.consensus.pin, html`${num(data.pin.height)} <${Hash} of=${data.pin.hash}/>`, 'pin'],
        [T.consensus.offences, data.offences.length ? html`<${State} is="wrong">${num(data.offences.length)}<//>` : '0', 'offence'],
      ]}/><//>
      <${Card} title=${T.consensus.participants}>${data.participants.length ? html`<${Ring} participants=${data.participants} turn=${data.turn} rounds=${data.rounds}/>
        <${Table} label=${T.consensus.participants} rows=${data.participants} keyOf=${row => row.key} columns=${[
          [T.key, row => html`<${Hash} of=${row.key} to=${link('/search', { q: row.key })}/>`],
          [T.consensus.power, row => num(row.power), { number: true, term: 'power' }], [T.consensus.made, row => num(row.made), { number: true }], [T.consensus.missedTurns, row => num(row.missed), { number: true }],
          ['', row => (row.barred ? html`<${State} is="wrong">${T.consensus.barred}<//>` : data.turn && data.turn.key === row.key ? html`<${State} is="well">${T.consensus.due}<//>` : '')],
        ]}/>` : html`<p>${T.consensus.anybody}</p>`}<//></div>
      <${Card} title=${T.consensus.rounds}><${Table} label=${T.consensus.rounds} rows=${data.rounds} keyOf=${row => row.hash} to=${row => link(chainPage(chain.name, 'quants', row.height))} columns=${[
        [T.quant.height, row => html`<a href=${link(chainPage(chain.name, 'quants', row.height))}>${num(row.height)}</a>`, { number: true }], [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`],
        [T.quant.producer, row => html`<${Hash} of=${row.producer} none=${T.quant.nobody}/>`], [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
        [T.consensus.finalWord, row => (row.height <= data.finality ? html`<${State} is="well">${T.consensus.isFinal}<//>` : html`<${State} is="waits">${T.consensus.notFinal}<//>`)],
      ]}/><//>
      ${data.offences.length > 0 && html`<${Card} title=${T.consensus.offences}><${Table} label=${T.consensus.offences} rows=${data.offences} columns=${[
        [T.key, row => html`<${Hash} of=${row.key}/>`], [T.quant.height, row => num(row.height), { number: true }], [T.consensus.first, row => html`<${Hash} of=${row.first}/>`], [T.consensus.second, row => html`<${Hash} of=${row.second}/>`]]}/><//>`}
      ${may('admin', [chain.name, chain.id]) && ['poa', 'pos', 'dpos'].includes(data.engine) && html`<${Operation} chain=${chain} engine=${data.engine}/>`}`;
  }}<//>`;
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

function Spec({ chain }) {
  const text = JSON.stringify(chain.spec, null, 2);
  return html`<${Card} title=${T.chain.tabs.spec} note=${T.spec.note}><${Json} text=${text}/><h3>${T.raw}</h3><${Code} text=${text} label=${T.chain.tabs.spec}/>
    <h3>${T.spec.again}</h3><${Code} text=${`curl -X POST -H 'Content-Type: application/json' -d '${JSON.stringify(chain.spec).replaceAll("'", "'\\''")}' ${BASE}v1/chains`} label="curl"/><//>`;
}

/** All chains that have a common beginning with this one, each a lane that leaves its parent's where it was forked. */
function Tree({ chains, root, current }) {
  const lanes = [];
  const walk = (chain, depth) => {
    lanes.push({ chain, depth });
    chains.filter(child => child.fork && child.fork.chain === chain.id).forEach(child => walk(child, depth + 1));
  };
  walk(root, 0);
  const shown = lanes.slice(0, 40);
  const most = Math.max(1, ...shown.map(({ chain }) => chain.head.height));
  const x = height => 16 + 440 * height / most;
  const y = id => 24 + 36 * shown.findIndex(lane => lane.chain.id === id);
  return html`<svg class="picture" viewBox=${`0 0 720 ${36 * shown.length + 16}`} role="group" aria-label=${T.forks.tree}>${shown.map(({ chain }) => {
    const start = chain.fork && chain !== root ? chain.fork.height : 0;
    const at = y(chain.id);
    return html`<g>${chain.fork && chain !== root && html`<path class="edge" d=${`M${x(start)} ${y(chain.fork.chain)}V${at}`}/>`}
      <line x1=${x(start)} y1=${at} x2=${x(chain.head.height)} y2=${at} stroke-width=${chain.id === current ? 4 : 2} class=${chain.id === current ? 'on' : ''}/><circle class=${chain.id === current ? 'here' : 'node'} cx=${x(chain.head.height)} cy=${at} r="5"/>
      <a href=${link(chainPage(chain.name), { tab: 'forks' })}><text x=${x(chain.head.height) + 12} y=${at + 4}>${chain.name} · ${num(chain.head.height)}</text></a></g>`;
  })}</svg>`;
}

function Forks({ chain, query }) {
  const all = useRead(signal => get('v1/chains', { limit: 1000 }, signal), [chain.id]);
  const [other, setOther] = useState(query.with || '');
  const diff = useRead(signal => (query.with ? get(path`v1/chains/${chain.name}/diff`, { with: query.with, limit: 50 }, signal) : Promise.resolve(null)), [chain.name, query.with]);
  return html`<${Part} of=${all}>${({ chains }) => {
    let root = chain;
    for (let parent = chain; parent && parent.fork; root = parent || root) parent = chains.find(one => one.id === parent.fork.chain);
    root = chains.find(one => one.id === root.id) || root;
    return html`<${Card} title=${T.chain.tabs.forks}>${chain.fork && html`<p>${T.forks.from} <a href=${link(chainPage(chain.fork.chain))}>${(chains.find(one => one.id === chain.fork.chain) || { name: chain.fork.chain.slice(0, 8) }).name}</a>, ${T.forks.at(num(chain.fork.height))}</p>`}
        <${Tree} chains=${chains} root=${root} current=${chain.id}/>
        ${!chains.some(one => one.fork && one.fork.chain === chain.id) && html`<p class="faint">${T.forks.none}</p>`}<//>
      <${Card} title=${T.forks.diff} note=${T.forks.diffNote}><form class="inline" onSubmit=${event => { event.preventDefault(); go(chainPage(chain.name), { tab: 'forks', with: other }); }}>
          <${Field} label=${T.forks.with} value=${other} onInput=${setOther} placeholder="orders@1200" list="chain-names"/><datalist id="chain-names">${chains.slice(0, 100).map(one => html`<option value=${one.name}/>`)}</datalist>
          <button disabled=${!other}>${T.forks.compare}</button></form>
        ${query.with && html`<${Part} of=${diff}>${found => found && html`<p>${found.ancestor ? html`${T.forks.common(num(found.ancestor.height))} <${Hash} of=${found.ancestor.hash}/>` : T.forks.nothing}</p>
          <div class="columns">${[found.chain, found.with].map(side => html`<div><h3>${side.name} · ${num(side.head.height)}</h3><${Table} label=${side.name} rows=${side.quants} keyOf=${row => row.hash} empty=${T.forks.same} columns=${[
            [T.quant.height, row => num(row.height), { number: true }], [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`], [T.tx.many, row => num(row.count), { number: true }], [T.time, row => html`<${Time} ms=${row.timestamp}/>`]]}/></div>`)}</div>`}<//>`}<//>`;
  }}<//>`;
}

function Manage({ chain, again }) {
  const [fork, setFork] = useState({ name: '', at: String(chain.head.height) });
  const post = act => () => call('POST', path`v1/chains/${chain.name}/${act}`).then(again);
  return html`<div><${Card} title=${T.manage.writes}><p>${chain.frozen ? T.manage.frozen : T.manage.freezeSays}</p>
      <${Act} does=${post(chain.frozen ? 'unfreeze' : 'freeze')}>${chain.frozen ? T.manage.unfreeze : T.manage.freeze}<//><//>
    ${may('admin') && html`<div><${Card} title=${T.manage.fork}><p>${T.manage.forkSays}</p><div class="inline">
      <${Field} label=${T.chain.name} value=${fork.name} placeholder=${chain.name + '-trial'} onInput=${name => setFork({ ...fork, name })}/>
      <${Field} label=${T.manage.at} type="number" min="0" max=${chain.head.height} value=${fork.at} onInput=${at => setFork({ ...fork, at })}/>
      <${Act} disabled=${!fork.name} does=${() => call('POST', path`v1/chains/${chain.name}/forks`, { body: { name: fork.name, at: Number(fork.at) } })}
        done=${made => html`${T.manage.forked} <a href=${link(chainPage(made.name))}>${made.name}</a>`}>${T.manage.forkButton}<//></div><//>
    <${Card} title=${T.manage.follow}><p>${T.manage.followSays}</p><div class="acts"><${Act} does=${() => call('PUT', path`v1/chains/${chain.id}/following`)}>${T.manage.followButton}<//>
      <${Act} does=${() => call('DELETE', path`v1/chains/${chain.id}/following`)}>${T.manage.unfollow}<//></div><//></div>`}
    <${Danger} title=${T.manage.remove} says=${T.manage.removeSays} name=${chain.name} button=${T.manage.removeButton(chain.name)}
      does=${async () => { await call('DELETE', path`v1/chains/${chain.name}`, { query: { confirm: chain.name } }); go('/chains'); }}/></div>`;
}
