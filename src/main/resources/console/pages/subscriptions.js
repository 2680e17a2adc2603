// "Who is told what, and does it arrive?": subscriptions of chains, their lag, attempts and dead letters.
import { html, useState, useRead, Head, Card, Part, Facts, Table, Time, Failed, State, Field, Act, Danger, Code, Hash, Once, link, chainPage, go, num, duration } from '../ui.js';
import { T } from '../texts.js';
import { call, curl, get, may, needs, path } from '../api.js';

const ROUTE = '/v1/chains/{chain}/subscriptions';
const STATES = { active: 'well', retrying: 'waits', paused: 'rests', disabled: 'wrong', damaged: 'wrong' };
const SENT = ['webhook', 'bus'];
const S = T.subscriptions;
const page = (chain, name, query) => link('/subscriptions/' + encodeURIComponent(chain) + (name ? '/' + encodeURIComponent(name) : ''), query);

const Shown = ({ one }) => html`<${State} is=${STATES[one.state] || 'rests'}>${S.states[one.state] || one.state}<//>`;
const Dead = ({ count }) => (count ? html`<${State} is="wrong">${num(count)}<//>` : '0');
const Lag = ({ one }) => (one.lagEvents ? html`${num(one.lagEvents)} <span class="faint">${duration(one.lagMillis)}</span>` : '0');
const words = text => text.split(/[\s,]+/).filter(Boolean);
const leaf = text => (/^\d+$/.test(text) ? Number(text) : text);

function value(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is asked for, with what was filled in alone: the node writes the defaults. */
function document(wish) {
  const filter = {
    ...(wish.types.trim() ? { types: words(wish.types) } : {}), ...(wish.authors.trim() ? { authors: words(wish.authors) } : {}),
    ...(wish.keyPrefix ? { keyPrefix: wish.keyPrefix } : {}), ...(wish.pointer ? { pointer: wish.pointer, equal: value(wish.equal) } : {}),
  };
  const sent = SENT.includes(wish.kind);
  return {
    from: leaf(wish.from.trim() || 'oldest'), at: wish.at,
    ...(Object.keys(filter).length ? { filter } : {}),
    deliver: { kind: wish.kind, ...(wish.kind === 'webhook' ? { url: wish.url } : {}), ...(wish.kind === 'bus' ? { address: wish.address } : {}),
      ...(sent ? { onFailure: wish.onFailure } : {}), ...(sent && wish.batch ? { batch: Number(wish.batch) } : {}), ...(sent && wish.timeout.trim() ? { timeout: wish.timeout.trim() } : {}) },
    data: wish.data,
  };
}

const complete = wish => wish.name && (wish.kind !== 'webhook' || wish.url) && (wish.kind !== 'bus' || wish.address);

function Make({ chain, names, again }) {
  const [wish, setWish] = useState({ name: '', kind: 'pull', url: '', address: '', from: 'oldest', at: 'final', types: '', authors: '', keyPrefix: '', pointer: '', equal: '', onFailure: 'stop', batch: '', timeout: '', data: false });
  const [made, setMade] = useState(null);
  const set = more => setWish({ ...wish, ...more });
  const to = path`v1/chains/${chain}/subscriptions/${wish.name}`;
  const taken = names.includes(wish.name);
  return html`<${Card} title=${S.make}>
    <div class="inline tops"><${Field} label=${T.chain.name} value=${wish.name} onInput=${name => set({ name })} placeholder="billing" fault=${taken ? S.taken : undefined}/>
      <${Field} label=${S.kind} type="choice" options=${Object.entries(S.kinds)} value=${wish.kind} onInput=${kind => set({ kind })} note=${S.says[wish.kind]} term="delivery"/>
      ${wish.kind === 'webhook' && html`<${Field} label="url" type="url" value=${wish.url} onInput=${url => set({ url })} placeholder="https://billing.example/hook"/>`}
      ${wish.kind === 'bus' && html`<${Field} label="address" value=${wish.address} onInput=${address => set({ address })} placeholder="orders.committed"/>`}
      <${Field} label=${S.from} value=${wish.from} onInput=${from => set({ from })} placeholder="oldest" note=${S.fromNote}/>
      <${Field} label=${S.at} type="choice" options=${Object.entries(S.ats)} value=${wish.at} onInput=${at => set({ at })} term="finality" note=${S.atNotes[wish.at]}/>
      ${SENT.includes(wish.kind) && html`<${Field} label=${S.onFailure} type="choice" options=${Object.entries(S.onFailures)} value=${wish.onFailure} onInput=${onFailure => set({ onFailure })} term="dead letter"/>
        <${Field} label=${S.batch} type="number" min="1" value=${wish.batch} onInput=${batch => set({ batch })} placeholder="1"/><${Field} label=${S.timeout} value=${wish.timeout} onInput=${timeout => set({ timeout })} placeholder="15s"/>`}</div>
    <fieldset class="gap"><legend>${S.filter}</legend><div class="inline">
      <${Field} label=${S.types} value=${wish.types} onInput=${types => set({ types })} placeholder="order.*"/><${Field} label=${S.authors} value=${wish.authors} onInput=${authors => set({ authors })} placeholder=${T.operation.key}/>
      <${Field} label=${S.keyPrefix} value=${wish.keyPrefix} onInput=${keyPrefix => set({ keyPrefix })} placeholder="order-"/>
      <${Field} label=${S.pointer} value=${wish.pointer} onInput=${pointer => set({ pointer })} placeholder="/country"/><${Field} label=${S.equal} value=${wish.equal} onInput=${equal => set({ equal })} placeholder='"CH"' disabled=${!wish.pointer}/></div></fieldset>
    <${Field} label=${S.data} type="check" value=${wish.data} onInput=${data => set({ data })} note=${S.dataNote}/>
    <${Act} kind="main" disabled=${!complete(wish) || taken} does=${async () => {
      setMade(null);
      setMade(await call('PUT', to, { body: document(wish) }));
      set({ name: '' });
      again();
    }} done=${() => ''}>${S.makeButton(wish.name)}<//>
    ${made && (made.secret ? html`<${Once} title=${S.secretOf(made.name)} note=${S.secretNote} secret=${made.secret} over=${() => setMade(null)}><p><a href=${page(chain, made.name)}>${S.toOne(made.name)}</a></p><//>`
      : html`<p role="status" class="gap"><${State} is="well">${S.made(made.name)}<//> <a href=${page(chain, made.name)}>${S.toOne(made.name)}</a></p>`)}
    <details><summary>${T.inject.same}</summary><${Code} text=${curl({ method: 'PUT', path: to, type: 'application/json', body: JSON.stringify(document(wish)) })} label=${T.inject.same}/></details><//>`;
}

/** Another wish for the same subscription; values of header fields are never shown, so they are written again. */
function Change({ address, wish, again }) {
  const [text, setText] = useState(JSON.stringify(wish, null, 2));
  let broken;
  try {
    JSON.parse(text);
  } catch (wrong) {
    broken = wrong.message;
  }
  return html`<${Card} title=${S.wish} note=${S.wishNote}><${Field} label=${S.wish} type="area" rows="12" value=${text} onInput=${setText} fault=${broken}/>
    <${Act} disabled=${!!broken} does=${() => call('PUT', address, { body: text }).then(again)}>${S.change}<//><//>`;
}

function Move({ address, data, post }) {
  const [to, setTo] = useState('');
  const [range, setRange] = useState({ from: '', to: '' });
  const [secret, setSecret] = useState('');
  return html`<${Card} title=${S.move} note=${S.moveNote}>
    <div class="inline"><${Field} label=${S.seek} value=${to} onInput=${setTo} placeholder="oldest" term="offset"/><${Act} disabled=${!to.trim()} does=${post('seek', { to: to.trim() })} done=${moved => S.moved(num(moved.offset))}>${S.seekButton}<//></div>
    <div class="inline gap"><${Field} label=${S.replayFrom} type="number" min="0" value=${range.from} onInput=${from => setRange({ ...range, from })} placeholder="0" term="replay"/>
      <${Field} label=${S.replayTo} type="number" min="1" value=${range.to} onInput=${to => setRange({ ...range, to })} placeholder=${String(data.offset)}/>
      <${Act} disabled=${range.from === '' || range.to === ''} does=${post('replay', range)}>${S.replay}<//></div>
    ${data.subscription.deliver.kind === 'webhook' && html`<p class="gap"><${Act} does=${async () => setSecret((await call('POST', address + '/secret')).secret)} done=${() => ''}>${S.rotate}<//></p>
      ${secret ? html`<${Once} title=${S.secretOf(data.name)} note=${S.secretNote} secret=${secret} over=${() => setSecret('')}/>` : html`<p class="faint">${S.rotateNote}</p>`}`}<//>`;
}

function Letters({ chain, name, address, query, post, writes }) {
  const dead = useRead(signal => get(address + '/dead', { limit: 50, after: query.after }, signal), [address, query.after], 5);
  const retry = number => async () => {
    await post('dead/' + number + '/retry')();
    dead.again();
  };
  return html`<${Card} title=${S.deadLetters} note=${S.deadNote}><${Part} of=${dead}>${letters => html`<${Table} label=${S.deadLetters} rows=${letters.dead} keyOf=${row => row.number} empty=${S.noDead} columns=${[
    ['#', row => num(row.number), { number: true }], [T.tx.title, row => (row.transaction ? html`<${Hash} of=${row.transaction} to=${link(chainPage(chain, 'transactions', row.transaction))}/>` : S.undone)], [T.tx.index, row => num(row.index), { number: true, term: 'leaf index' }],
    [S.attempts, row => num(row.attempts), { number: true }], [S.lastError, row => html`<bdi class="cut">${row.error}</bdi>`], [T.time, row => html`<${Time} ms=${row.at}/>`],
    ...(writes ? [['', row => html`<${Act} does=${retry(row.number)} done=${S.retried}>${S.retry}<//>`]] : [])]}/>
    <p class="acts pager">${query.after && html`<a class="button" href=${page(chain, name)}>${T.page.first}</a>`}${letters.next !== null && html`<a class="button" href=${page(chain, name, { after: letters.next })}>${T.page.next}</a>`}</p>`}<//><//>`;
}

/** How a consumer comes to what is not sent to it. */
const Consume = ({ address, kind }) => html`<${Card} title=${S.consume}><p class="faint">${S.says[kind]}</p><${Code} label=${S.consume} text=${kind === 'pull'
  ? [curl({ method: 'POST', path: address + '/fetch', type: 'application/json', body: '{"max":10,"wait":"5s"}' }), curl({ method: 'POST', path: address + '/commit', type: 'application/json', body: '{"offset":10}' })].join('\n')
  : curl({ method: 'GET', path: address + '/events', headers: { Accept: 'text/event-stream' } })}/><//>`;

const facts = data => [
  [T.chain.state, html`<${Shown} one=${data}/>`], [S.kind, S.kinds[data.subscription.deliver.kind], 'delivery'],
  data.subscription.deliver.url && ['url', html`<bdi>${data.subscription.deliver.url}</bdi>`], data.subscription.deliver.address && ['address', html`<bdi>${data.subscription.deliver.address}</bdi>`],
  [S.lag, html`<${Lag} one=${data}/>`, 'lag'], [S.offset, num(data.offset), 'offset'], data.quant && [S.quant, html`<${Hash} of=${data.quant}/>`], [S.acknowledged, num(data.acknowledged)],
  [S.attempts, num(data.attempts), 'attempts'], [S.next, html`<${Time} ms=${data.nextAttempt}/>`], [S.dead, html`<${Dead} count=${data.dead}/>`, 'dead letter'],
  data.consumer && [S.consumer, html`<bdi>${data.consumer}</bdi>`, 'lease'], [S.generation, num(data.generation), 'generation'],
];

function Standing({ data }) {
  return html`<${Card}><${Facts} of=${facts(data)}/>
    ${data.replay !== null && html`<p class="gap"><${State} is="waits">${S.replaying(num(data.replay))}<//></p>`}
    ${data.lastError && html`<p class="gap"><${State} is=${data.state === 'retrying' ? 'waits' : 'wrong'}>${S.lastError}<//> <bdi class="cut">${data.lastError}</bdi></p>`}
    ${S.todo[data.state] && html`<p class="faint">${S.todo[data.state]}</p>`}<//>`;
}

function One({ chain, name, query }) {
  const address = path`v1/chains/${chain}/subscriptions/${name}`;
  const one = useRead(async signal => (await needs(ROUTE), get(address, null, signal)), [address], 2);
  const writes = may('writer', [chain, one.data && one.data.chain]);
  const post = (act, query) => async () => {
    const state = await call('POST', `${address}/${act}`, { query });
    one.again();
    return state;
  };
  const steer = state => (state === 'active' || state === 'retrying' ? html`<${Act} does=${post('pause')}>${T.pause}<//>` : html`<${Act} does=${post('resume')}>${T.resume}<//>`);
  const remove = html`<${Danger} title=${S.remove} says=${S.removeSays} name=${name} button=${S.removeButton(name)} does=${async () => { await call('DELETE', address); go('/subscriptions/' + encodeURIComponent(chain)); }}/>`;
  return html`<${Head} title=${name} question=${S.question}><a class="button" href=${page(chain)}>${chain}</a>${writes && one.data && one.data.state !== 'damaged' && steer(one.data.state)}<//>
    ${one.failure && one.failure.code === 'corrupt' ? html`<${Card}><${Failed} failure=${one.failure} again=${one.again}/><p>${S.todo.damaged}</p>${writes && remove}<//>` : html`
    <${Part} of=${one} absent=${S.absent}>${data => html`<${Standing} data=${data}/>
      <${Letters} chain=${chain} name=${name} address=${address} query=${query} post=${post} writes=${writes}/>
      ${!SENT.includes(data.subscription.deliver.kind) && html`<${Consume} address=${address} kind=${data.subscription.deliver.kind}/>`}
      ${writes ? html`<${Move} address=${address} data=${data} post=${post}/><${Change} address=${address} wish=${data.subscription} again=${one.again}/>${remove}`
        : html`<${Card} title=${S.wish}><${Code} text=${JSON.stringify(data.subscription, null, 2)} label=${S.wish}/><//>`}`}<//>`}`;
}

const kindOf = row => ((row.subscription || {}).deliver || {}).kind;

function All({ at, list }) {
  const all = useRead(async signal => (await needs(ROUTE), get(path`v1/chains/${at}/subscriptions`, null, signal)), [at], 3);
  const id = (list.find(one => one.name === at) || {}).id;
  return html`<${Part} of=${all} absent=${S.absent}>${data => html`<${Card}><${Table} label=${T.menu.subscriptions} rows=${data.subscriptions} keyOf=${row => row.name} to=${row => page(at, row.name)} empty=${S.none}
      command=${curl({ method: 'PUT', path: path`v1/chains/${at}/subscriptions/audit`, type: 'application/json', body: '{"from":"oldest"}' })} columns=${[
      [T.chain.name, row => html`<a href=${page(at, row.name)}>${row.name}</a>`], [S.kind, row => S.kinds[kindOf(row)] || T.unknown, { term: 'delivery' }], [T.chain.state, row => html`<${Shown} one=${row}/>`], [S.lag, row => html`<${Lag} one=${row}/>`, { number: true, term: 'lag' }],
      [S.attempts, row => num(row.attempts), { number: true, term: 'attempts' }], [S.dead, row => html`<${Dead} count=${row.dead}/>`, { number: true, term: 'dead letter' }], [S.next, row => html`<${Time} ms=${row.nextAttempt}/>`], [S.lastError, row => html`<bdi class="glimpse">${row.lastError || ''}</bdi>`]]}/><//>
      ${may('writer', [at, id]) && html`<${Make} key=${at} chain=${at} names=${data.subscriptions.map(row => row.name)} again=${all.again}/>`}`}<//>`;
}

export function Subscriptions({ query, names: [chain, name] }) {
  const chains = useRead(signal => (name ? Promise.resolve({ chains: [] }) : get('v1/chains', { limit: 1000 }, signal)), [name], 10);
  if (name) return html`<${One} chain=${chain} name=${name} query=${query}/>`;
  return html`<${Head} title=${T.menu.subscriptions} question=${S.question}/>
    <${Part} of=${chains}>${({ chains: list }) => {
      const at = chain || (list.find(one => one.name === 'main') || list[0] || {}).name;
      return at ? html`<${Card}><${Field} label=${T.chain.one} type="choice" options=${[...new Set([...list.map(one => one.name), at])]} value=${at} onInput=${next => go('/subscriptions/' + encodeURIComponent(next))}/><//><${All} key=${at} at=${at} list=${list}/>`
        : html`<${Card}><p>${T.overview.notYours}</p><//>`;
    }}<//>`;
}
