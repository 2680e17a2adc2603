// "What happened here, and what happens next?": a chain's quants, consensus, spec, forks, and what may be done to it.
import { html, useEffect, useRef, useState, useRead, Head, Card, Part, Facts, Table, Time, Hash, Term, Field, Act, Danger, Code, Failed, link, chainPage, go, num, size, duration } from '../ui.js';
import { T } from '../texts.js';
import { BASE, call, events, get, may, path } from '../api.js';
import { PAGE, firstQuant, quantList } from '../ledger.js';
import { Json } from '../json.js';
import { ChainState } from './overview.js';
import { Transactions } from './transactions.js';
import { Consensus } from './consensus.js';
import { Forks } from './forks.js';

const TABS = ['quants', 'transactions', 'consensus', 'spec', 'forks', 'manage'];

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
      ${tab === 'transactions' && html`<${Transactions} chain=${found} query=${query}/>`}
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
    ${missed > 0 && html`<p class="news" role="status"><button type="button" onClick=${() => { scrollTo(0, 0); load(); }}>${T.chain.missed(num(missed))}</button></p>`}
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

function Spec({ chain }) {
  const text = JSON.stringify(chain.spec, null, 2);
  return html`<${Card} title=${T.chain.tabs.spec} note=${T.spec.note}><${Json} text=${text}/><h3>${T.raw}</h3><${Code} text=${text} label=${T.chain.tabs.spec}/>
    <h3>${T.spec.again}</h3><${Code} text=${`curl -X POST -H 'Content-Type: application/json' -d '${JSON.stringify(chain.spec).replaceAll("'", "'\\''")}' ${BASE}v1/chains`} label="curl"/><//>`;
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
