// "Who is told what, and does it arrive?": subscriptions of chains, their lag, attempts and dead letters.
import { html, useState, useRead, Head, Card, Part, Facts, Table, Time, State, Field, Act, Danger, Code, Hash, link, chainPage, go, num } from '../ui.js';
import { T } from '../texts.js';
import { call, get, may, needs, path } from '../api.js';

const ROUTE = '/v1/chains/{chain}/subscriptions';
const STATES = { active: 'well', retrying: 'waits', paused: 'rests', disabled: 'wrong' };
const page = (chain, name) => link('/subscriptions/' + encodeURIComponent(chain) + (name ? '/' + encodeURIComponent(name) : ''));

const Shown = ({ one }) => html`<${State} is=${STATES[one.state] || 'rests'}>${T.subscriptions.states[one.state] || one.state}<//>`;

function Make({ chain, again }) {
  const [wish, setWish] = useState({ name: '', kind: 'webhook', url: '', from: 'newest', types: '', onFailure: 'stop', data: false });
  const [secret, setSecret] = useState('');
  const set = more => setWish({ ...wish, ...more });
  const body = () => ({ from: /^\d+$/.test(wish.from) ? Number(wish.from) : wish.from, deliver: { kind: wish.kind, ...(wish.kind === 'webhook' ? { url: wish.url, onFailure: wish.onFailure } : {}) },
    ...(wish.types.trim() ? { filter: { types: wish.types.split(/[\s,]+/).filter(Boolean) } } : {}), data: wish.data });
  return html`<${Card} title=${T.subscriptions.make}><div class="inline">
      <${Field} label=${T.chain.name} value=${wish.name} onInput=${name => set({ name })} placeholder="billing"/>
      <${Field} label=${T.subscriptions.kind} type="choice" options=${Object.entries(T.subscriptions.kinds)} value=${wish.kind} onInput=${kind => set({ kind })}/>
      ${wish.kind === 'webhook' && html`<${Field} label="url" type="url" value=${wish.url} onInput=${url => set({ url })} placeholder="https://billing.example/hook"/>
        <${Field} label=${T.subscriptions.onFailure} type="choice" options=${Object.entries(T.subscriptions.onFailures)} value=${wish.onFailure} onInput=${onFailure => set({ onFailure })}/>`}
      <${Field} label=${T.subscriptions.from} value=${wish.from} onInput=${from => set({ from })} placeholder="newest"/><${Field} label=${T.subscriptions.types} value=${wish.types} onInput=${types => set({ types })} placeholder="order.*"/></div>
    <${Field} label=${T.subscriptions.data} type="check" value=${wish.data} onInput=${data => set({ data })}/>
    <${Act} kind="main" disabled=${!wish.name || (wish.kind === 'webhook' && !wish.url)} does=${async () => { const made = await call('PUT', path`v1/chains/${chain}/subscriptions/${wish.name}`, { body: body() }); setSecret(made.secret || ''); again(); }}>${T.subscriptions.makeButton(wish.name)}<//>
    ${secret && html`<p class="gap">${T.access.once}</p><${Code} text=${secret} label=${T.access.secret}/>`}<//>`;
}

function One({ chain, name }) {
  const address = path`v1/chains/${chain}/subscriptions/${name}`;
  const one = useRead(async signal => (await needs(ROUTE), get(address, null, signal)), [address], 2);
  const dead = useRead(async signal => (await needs(ROUTE), get(address + '/dead', { limit: 50 }, signal)), [address], 5);
  const [seek, setSeek] = useState('');
  const [replay, setReplay] = useState({ from: '', to: '' });
  const [secret, setSecret] = useState('');
  const post = (act, body) => async () => { const state = await call('POST', `${address}/${act}`, body ? { body } : {}); one.again(); dead.again(); return state; };
  return html`<${Head} title=${name} question=${T.subscriptions.question}><a class="button" href=${page(chain)}>${chain}</a>
      ${may('admin', chain) && one.data && (one.data.state === 'active' || one.data.state === 'retrying' ? html`<${Act} does=${post('pause')}>${T.pause}<//>` : html`<${Act} does=${post('resume')}>${T.resume}<//>`)}<//>
    <${Part} of=${one} absent=${T.subscriptions.absent}>${data => html`<${Card}><${Facts} of=${[
        [T.chain.state, html`<${Shown} one=${data}/>`], [T.subscriptions.kind, data.subscription.deliver.kind], data.subscription.deliver.url && ['url', html`<bdi>${data.subscription.deliver.url}</bdi>`], [T.subscriptions.offset, num(data.offset), 'leaf index'],
        [T.subscriptions.lag, num(data.lag)], data.behindSince && [T.subscriptions.behind, html`<${Time} ms=${data.behindSince}/>`], [T.subscriptions.delivered, num(data.delivered)], [T.subscriptions.failed, num(data.failed)], [T.subscriptions.failures, num(data.failures)],
        data.nextAttempt && [T.subscriptions.next, html`<${Time} ms=${data.nextAttempt}/>`], [T.subscriptions.dead, data.dead ? html`<${State} is="wrong">${num(data.dead)}<//>` : '0'], data.consumer && [T.subscriptions.consumer, html`<bdi>${data.consumer}</bdi>`]]}/>
      ${data.lastError && html`<p class="gap"><${State} is="wrong">${T.subscriptions.lastError}<//> <bdi>${data.lastError}</bdi> <${Time} ms=${data.lastErrorAt || undefined}/></p>`}
      ${data.replay && html`<p>${T.subscriptions.replaying(num(data.replay.from), num(data.replay.to))}</p>`}<//>
      <${Card} title=${T.subscriptions.deadLetters}><${Part} of=${dead}>${letters => html`<${Table} label=${T.subscriptions.deadLetters} rows=${letters.dead} keyOf=${row => row.number} empty=${T.subscriptions.noDead} columns=${[
        ['#', row => num(row.number), { number: true }], [T.tx.title, row => html`<${Hash} of=${row.transaction} to=${link(chainPage(chain, 'transactions', row.transaction))}/>`], [T.subscriptions.attempts, row => num(row.attempts), { number: true }], [T.subscriptions.lastError, row => html`<bdi class="cut">${row.error}</bdi>`], [T.time, row => html`<${Time} ms=${row.at}/>`],
        ...(may('admin', chain) ? [['', row => html`<${Act} does=${post('dead/' + row.number + '/retry')}>${T.again}<//>`]] : [])]}/>`}<//><//>
      ${may('admin', chain) && html`<${Card} title=${T.subscriptions.move}><div class="inline"><${Field} label=${T.subscriptions.seek} value=${seek} onInput=${setSeek} placeholder="oldest"/>
          <${Act} disabled=${!seek} does=${post('seek', { to: /^\d+$/.test(seek) ? Number(seek) : seek })}>${T.subscriptions.seekButton}<//></div>
        <div class="inline"><${Field} label=${T.subscriptions.replayFrom} type="number" min="0" value=${replay.from} onInput=${from => setReplay({ ...replay, from })} placeholder="0"/><${Field} label=${T.subscriptions.replayTo} type="number" min="1" value=${replay.to} onInput=${to => setReplay({ ...replay, to })} placeholder=${String(data.offset)}/>
          <${Act} disabled=${replay.from === '' || replay.to === ''} does=${post('replay', { from: Number(replay.from), to: Number(replay.to) })}>${T.subscriptions.replay}<//></div>
        ${data.subscription.deliver.kind === 'webhook' && html`<p class="gap"><${Act} does=${async () => setSecret((await post('rotate')()).secret || '')}>${T.subscriptions.rotate}<//></p>${secret && html`<p>${T.access.once}</p><${Code} text=${secret} label=${T.access.secret}/>`}`}<//>
      <${Danger} title=${T.subscriptions.remove} says=${T.subscriptions.removeSays} name=${name} button=${T.subscriptions.removeButton(name)} does=${async () => { await call('DELETE', address); go('/subscriptions/' + encodeURIComponent(chain)); }}/>`}
      <${Card} title=${T.subscriptions.wish}><${Code} text=${JSON.stringify(data.subscription, null, 2)}/><//>`}<//>`;
}

export function Subscriptions({ names: [chain, name] }) {
  const chains = useRead(signal => get('v1/chains', { limit: 1000 }, signal), []);
  const at = chain || (chains.data && (chains.data.chains.find(one => one.name === 'main') || chains.data.chains[0] || {}).name);
  const all = useRead(async signal => (name || !at ? null : (await needs(ROUTE), get(path`v1/chains/${at}/subscriptions`, null, signal))), [at, name], 3);
  if (name) return html`<${One} chain=${chain} name=${name}/>`;
  return html`<${Head} title=${T.menu.subscriptions} question=${T.subscriptions.question}/>
    <${Part} of=${chains}>${({ chains: list }) => html`<${Card}><${Field} label=${T.chain.one} type="choice" options=${list.map(one => one.name)} value=${at} onInput=${next => go('/subscriptions/' + encodeURIComponent(next))}/><//>`}<//>
    <${Part} of=${all} absent=${T.subscriptions.absent}>${data => data && html`<${Card}><${Table} label=${T.menu.subscriptions} rows=${data.subscriptions} keyOf=${row => row.name} to=${row => page(at, row.name)} empty=${T.subscriptions.none} columns=${[
      [T.chain.name, row => html`<a href=${page(at, row.name)}>${row.name}</a>`], [T.subscriptions.kind, row => row.subscription.deliver.kind], [T.chain.state, row => html`<${Shown} one=${row}/>`], [T.subscriptions.lag, row => num(row.lag), { number: true }], [T.subscriptions.failures, row => num(row.failures), { number: true }],
      [T.subscriptions.dead, row => (row.dead ? html`<${State} is="wrong">${num(row.dead)}<//>` : '0'), { number: true }], [T.subscriptions.next, row => (row.nextAttempt ? html`<${Time} ms=${row.nextAttempt}/>` : T.unknown)], [T.subscriptions.lastError, row => html`<bdi class="glimpse">${row.lastError || ''}</bdi>`]]}/><//>
      ${may('admin', at) && html`<${Make} chain=${at} again=${all.again}/>`}`}<//>`;
}
