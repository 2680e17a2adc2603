// "Is all well?": the way of a transaction through the node's parts, what should be looked after, and all chains.
import { html, useEffect, useRef, useState, useRead, Head, Card, Part, Facts, Table, Time, Term, State, Empty, Hash, Said, link, chainPage, num, rate, size, duration, go } from '../ui.js';
import { T } from '../texts.js';
import { BASE, anywhere, events, get, has, lost, may, path, self } from '../api.js';
import { samples, since, sum, deltas, quantile, useFigures } from '../figures.js';

const INJECT = labels => labels.method !== 'GET' && (labels.route === '/v1/chains/{chain}/transactions' || labels.route === '/inject');
const PEER = labels => labels.route === '/v1/peer/{verb}';
const READ = labels => labels.method === 'GET' && /^\/v1\/chains\/\{chain\}\/(quants|transactions)/.test(labels.route);

const words = counts => Object.entries(counts).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]).slice(0, 3)
  .map(([code, n]) => `${num(n)} ${code}`).join(', ');

function refusals(name, label, passed) {
  const counts = {};
  deltas(name, 300).forEach(({ labels, value }) => {
    if (!passed.includes(labels[label]) && value > 0) counts[labels[label]] = (counts[labels[label]] || 0) + value;
  });
  return counts;
}

/** Answers of refusal to injects that no code stands for, such as those before anything was looked at. */
function unnamed(named) {
  const counts = {};
  deltas('qbc_http_requests_total', 300).forEach(({ labels, value }) => {
    if (INJECT(labels) && labels.code >= '400' && value > 0) counts[labels.code] = (counts[labels.code] || 0) + value;
  });
  const rest = Object.values(counts).reduce((all, n) => all + n, 0) - Object.values(named).reduce((all, n) => all + n, 0);
  return rest > 0 ? Object.fromEntries(Object.entries(counts).map(([code, n]) => [T.way.http(code), n])) : {};
}

const MINUTE_MILLIS = 60000;
const COMMITS_ASKED = 6;

/** How long 99 of 100 took from inject to commit of late, of the chain in which it takes longest; for that there is no figure. */
function useCommits() {
  useFigures();
  const moving = deltas('qbc_chain_transactions', 60).filter(one => one.value > 0).sort((a, b) => b.value - a.value).slice(0, COMMITS_ASKED).map(one => one.labels.chain);
  const waits = useRead(async signal => {
    if (!moving.length || !(await has('/v1/chains/{chain}/analytics'))) return null;
    const now = Date.now();
    const query = { from: new Date(now - 2 * MINUTE_MILLIS).toISOString(), to: new Date(now).toISOString(), step: 'minute', by: 'none' };
    const found = await Promise.all(moving.map(name => get(path`v1/chains/${name}/analytics`, query, signal).then(answer => answer.series.flatMap(one => one.waitP99Millis), () => [])));
    const known = found.flat().filter(value => value !== null);
    return known.length ? Math.max(...known) / 1000 : null;
  }, [moving.length > 0], 10);
  return waits.data === undefined ? null : waits.data;
}

/** The four parts, from the figures; how long a commit takes is told by the chains. */
function stages(commits) {
  const now = samples[samples.length - 1];
  if (!now) return [];
  const gauge = (name, when) => sum(now.figures, name, when);
  const refusedInjects = refusals('qbc_injects_total', 'result', ['accepted', 'repeated']);
  const limited = refusals('qbc_access_exceeded_total', 'limit', []);
  const misdeeds = refusals('qbc_peer_misbehaviours_total', 'kind', []);
  const turned = since('qbc_peer_refused_calls_total', null, 300).change;
  const stalled = gauge('qbc_chain_stalled');
  const damage = gauge('qbc_store_damage_met_total') + gauge('qbc_scrub_findings');
  return [
    { key: 'api', rate: ['qbc_injects_total', labels => labels.result === 'accepted'], unit: T.way.perSecondTx,
      waits: gauge('qbc_http_requests_in_progress') - 1 + gauge('qbc_judging_waiting') + gauge('qbc_http_waiting_requests'),
      p99: quantile('qbc_http_request_duration_seconds', INJECT, 0.99, 60), wrong: words({ ...refusedInjects, ...limited, ...unnamed(refusedInjects) }) },
    { key: 'mining', rate: ['qbc_chain_height'], unit: T.way.perSecondQuants, waits: gauge('qbc_pool_transactions'),
      p99: commits,
      held: stalled > 0 ? T.way.stalled(num(stalled)) : '' },
    { key: 'persistence', rate: ['qbc_chain_transactions'], unit: T.way.perSecondTx, waits: gauge('qbc_orphans'), p99: quantile('qbc_http_request_duration_seconds', READ, 0.99, 60),
      held: damage > 0 ? T.way.damage(num(damage)) : '' },
    { key: 'gossip', rate: ['qbc_peer_requests_total', labels => labels.result === 'read'], unit: T.way.perSecondCalls,
      waits: gauge('qbc_peer_postponed_chains') + gauge('qbc_chain_behind_quants'),
      p99: quantile('qbc_http_request_duration_seconds', PEER, 0.99, 60),
      wrong: words({ ...misdeeds, ...(turned > 0 ? { [T.way.turnedAway]: turned } : {}) }) },
  ].map(stage => ({ ...stage, perSecond: since(stage.rate[0], stage.rate[1], 10).perSecond }));
}

function Spark({ of }) {
  const [name, when] = of;
  const points = [];
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1], samples[i]];
    points.push(Math.max(0, (sum(b.figures, name, when) - sum(a.figures, name, when)) * 1000 / (b.at - a.at)));
  }
  const most = Math.max(1e-9, ...points);
  const at = (value, i) => `${(i * 100 / Math.max(1, points.length - 1)).toFixed(1)} ${(27 - 24 * value / most).toFixed(1)}`;
  return html`<svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
    ${points.length > 1 && html`<path d=${'M0 29L' + points.map(at).join('L') + 'L100 29'}/>`}</svg>`;
}

/** As thick as what goes along it; red where the part before it lets something not through. */
function Flow({ perSecond, stops }) {
  const width = perSecond > 0 ? Math.min(14, 2 + 2 * Math.log2(1 + perSecond)) : 1.5;
  return html`<svg class=${'flow' + (perSecond > 0 ? ' moves' : '') + (stops ? ' stops' : '')} viewBox="0 0 56 48" aria-hidden="true">
    <line x1="4" y1="24" x2="44" y2="24" stroke-width=${width}/><path d=${`M42 ${24 - 5 - width / 2}L54 24L42 ${24 + 5 + width / 2}z`}/></svg>`;
}

function Way({ stage, query }) {
  useFigures();
  const all = stages(useCommits());
  if (!all.length) return lost.read() ? html`<p class="faint">${T.error.unreachableDetail}</p>` : html`<p class="loading">${T.loading}</p>`;
  const parts = [];
  all.forEach((part, i) => {
    const texts = T.way[part.key];
    parts.push(html`<button type="button" class=${'stage' + (part.wrong || part.held ? ' stops' : '')} aria-pressed=${stage === part.key} onClick=${() => go('/', { ...query, stage: stage === part.key ? '' : part.key })}>
      <strong>${texts.name}</strong><span class="faint">${texts.what}</span>
      <${Spark} of=${part.rate}/>
      <span class="row"><span>${T.way.rate}</span><span>${rate(part.perSecond)} ${part.unit}</span></span>
      <span class="row"><span>${texts.waits}</span><span>${num(Math.max(0, part.waits))}</span></span>
      <span class="row"><span>${texts.p99}</span><span>${duration(part.p99 === null ? undefined : part.p99 * 1000)}</span></span>
      <span class="row"><span>${T.way.condition}</span>${part.wrong || part.held ? html`<${State} is="wrong">${part.wrong ? T.way.refuses : T.way.waitsFor}<//>` : html`<${State} is="well">${T.well}<//>`}</span>
      ${part.wrong && html`<span class="refused">${T.way.inFive(part.wrong)}</span>`}${part.held && html`<span class="refused">${part.held}</span>`}</button>`);
    if (i < 3) parts.push(html`<${Flow} stops=${!!(part.wrong || part.held)} perSecond=${i === 2 ? all[3].perSecond : all[i === 0 ? 0 : 2].perSecond}/>`);
  });
  return html`<div class="way" role="group" aria-label=${T.way.title}>${parts}
    <div class="bus"><i/><i/><i/><i/><p>${T.way.bus}</p></div></div>`;
}

const gauge = (name, when) => (samples.length ? sum(samples[samples.length - 1].figures, name, when) : 0);
const ILL = ['disabled', 'damaged', 'retrying'];
const CHAINS_ASKED = 50;

/** Whether any subscription needs somebody: the figures tell, so that chains are asked only where it is so. */
const subscriptionsIll = () => ILL.reduce((all, state) => all + gauge('qbc_subscriptions', labels => labels.state === state), 0) + gauge('qbc_subscription_dead_letters');

async function illSubscriptions(chains, signal) {
  const lists = await Promise.all(chains.slice(0, CHAINS_ASKED).map(chain => get(path`v1/chains/${chain.name}/subscriptions`, null, signal).then(all => all.subscriptions.map(one => ({ ...one, at: chain.name })), () => [])));
  return lists.flat().filter(one => ILL.includes(one.state) || one.dead > 0).map(one => {
    const ill = ILL.includes(one.state);
    return { is: one.state === 'retrying' || !ill ? 'waits' : 'wrong', code: 'subscription_' + (ill ? one.state : 'dead'), name: `${one.at}/${one.name}`, to: link('/subscriptions/' + [one.at, one.name].map(encodeURIComponent).join('/')),
      detail: ill ? one.lastError || T.subscriptions.states[one.state] : T.alarm.letters(num(one.dead)) };
  });
}

const illProjections = all => all.flatMap(one => {
  const wrong = one.verification ? one.verification.changed + one.verification.added + one.verification.removed : 0;
  const alarm = (is, code, detail) => ({ is, code: 'projection_' + code, name: one.name, to: link('/projections/' + encodeURIComponent(one.name)), detail });
  return [
    ['stopped', 'retrying', 'without_chain'].includes(one.state) && alarm(one.state === 'stopped' ? 'wrong' : 'waits', one.state, (one.lastError && one.lastError.detail) || T.projections.states[one.state]),
    wrong > 0 && alarm('wrong', 'differs', T.projections.found(num(one.verification.changed), num(one.verification.added), num(one.verification.removed))),
    one.dead > 0 && alarm('waits', 'dead', T.alarm.aside(num(one.dead))),
  ].filter(Boolean);
});

/** What of subscriptions and projections needs somebody, read anew every few seconds. */
function useFollowers(chains) {
  useFigures();
  const reads = may('reader');
  const ill = subscriptionsIll();
  const names = chains.map(chain => chain.name).join(' ');
  const subscriptions = useRead(signal => (reads && ill ? illSubscriptions(chains, signal) : Promise.resolve([])), [reads, ill, names], 10);
  const banned = gauge('qbc_peer_bans');
  const bans = useRead(async signal => (reads && banned ? (await get('v1/peers', null, signal)).bans : []), [reads, banned], 30);
  const projections = useRead(async signal => (reads && (await has('/v1/projections')) ? illProjections((await get('v1/projections', null, signal)).projections) : []), [reads], 10);
  return [...(subscriptions.data || []), ...(projections.data || []),
    ...(bans.data || []).slice(0, 5).map(ban => ({ is: 'waits', code: 'peer_banned', name: T.menu.peers, to: link('/peers'), detail: T.alarm.ban(ban.peer, ban.reason) }))];
}

const away = node => node.peers.known - node.peers.live;

function Alarms({ node, chains, followers }) {
  const all = [...followers];
  for (const warning of node.warnings || []) all.push({ is: warning.code === 'chain_behind' ? 'waits' : 'wrong', ...warning });
  for (const chain of node.damaged || []) all.push({ is: 'wrong', code: chain.code || 'corrupt', chain: chain.name, detail: chain.detail });
  if (!node.store.writable) all.push({ is: 'wrong', code: node.store.code || 'store_read_only', detail: T.alarm.store });
  if (node.scrub && node.scrub.findings) all.push({ is: 'wrong', code: 'corrupt', detail: node.scrub.latest.join('; ') });
  if (away(node) > 0) all.push({ is: 'waits', code: 'peers_away', name: T.menu.peers, to: link('/peers'), detail: T.alarm.away(num(away(node)), num(node.peers.known)) });
  for (const run of node.catchUps || []) all.push({ is: 'waits', code: 'catching_up', chain: nameOf(chains, run.chain), detail: T.alarm.catchUp(num(run.height), num(run.target), run.peer) });
  if (!all.length) return html`<p><${State} is="well">${T.alarm.none}<//></p>`;
  all.sort((a, b) => (a.is === 'wrong' ? 0 : 1) - (b.is === 'wrong' ? 0 : 1));
  return all.slice(0, 50).map(alarm => html`<div class="alarm"><${State} is=${alarm.is}>${alarm.is === 'wrong' ? T.wrong : T.waits}<//>
    <div><p>${alarm.to && html`<a href=${alarm.to}>${alarm.name}</a>: `}${alarm.chain && html`<a href=${link(chainPage(alarm.chain), { tab: 'consensus' })}>${alarm.chain}</a>: `}<${Said} text=${alarm.detail}/></p>
    <p class="faint">${T.alarm.todo[alarm.code] || T.alarm.todo.other} <code>${alarm.code}</code></p></div></div>`);
}

const nameOf = (chains, id) => (chains.find(chain => chain.id === id) || { name: id.slice(0, 8) }).name;

function RateOf({ chain }) {
  useFigures();
  return rate(since('qbc_chain_transactions', labels => labels.chain === chain, 10).perSecond);
}

/** Requests by route and answer since the page was opened, at most five minutes. */
function Requests() {
  useFigures();
  const rows = deltas('qbc_http_requests_total', 300).filter(row => row.value > 0).sort((a, b) => b.value - a.value).slice(0, 20);
  return html`<${Table} label=${T.overview.requests} empty=${T.overview.noRequests} rows=${rows} columns=${[
    [T.overview.route, row => html`<code>${row.labels.method} ${row.labels.route}</code>`],
    [T.overview.answer, row => row.labels.code],
    [T.overview.count, row => num(row.value), { number: true }],
  ]}/>`;
}

/** Quants as they come: by events of the chain that moved last, of the others by their heads, as browsers open few connections. */
function Latest({ chains }) {
  const [quants, setQuants] = useState([]);
  const heads = useRef(new Map());
  const open = chains.filter(chain => chain.name !== 'audit');
  const [watched] = useState(() => open.reduce((best, chain) => (!best || chain.head.timestamp > best.head.timestamp ? chain : best), null));
  const add = batch => batch.length && setQuants(old => [...batch.reverse().map(event => ({ ...event, at: Date.now() })), ...old].slice(0, 10));
  useEffect(() => (watched ? events(path`v1/chains/${watched.name}/events`, batch => add(batch.filter(event => ['quant', 'undone'].includes(event.type)))) : undefined), []);
  useEffect(() => {
    const moved = [];
    for (const { id, head } of open) {
      const old = heads.current.get(id);
      heads.current.set(id, head);
      if (old && old.hash !== head.hash && !(watched && watched.id === id)) moved.push({ type: 'quant', chain: id, ...head, count: Math.max(0, head.treeSize - old.treeSize) });
    }
    add(moved);
  }, [chains]);
  return html`<${Table} label=${T.overview.latest} empty=${T.overview.noLatest} rows=${quants} keyOf=${row => row.type + row.hash + row.at}
    fresh=${row => Date.now() - row.at < 1500} to=${row => link(chainPage(nameOf(chains, row.chain), 'quants', row.height))} columns=${[
    [T.chain.one, row => html`<a href=${link(chainPage(nameOf(chains, row.chain)))}>${nameOf(chains, row.chain)}</a>`],
    [T.quant.height, row => html`<a href=${link(chainPage(nameOf(chains, row.chain), 'quants', row.height))}>${num(row.height)}</a>${row.type === 'undone' ? html` <${State} is="waits">${T.chain.undone}<//>` : ''}`, { number: true }],
    [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`],
    [T.tx.short, row => num(row.count), { number: true }],
    [T.time, row => html`<${Time} ms=${row.timestamp}/>`],
  ]}/>`;
}

function facts(data) {
  const last = samples[samples.length - 1];
  const heap = last && sum(last.figures, 'jvm_memory_used_bytes', labels => labels.area === 'heap');
  const most = last && sum(last.figures, 'jvm_memory_max_bytes', labels => labels.area === 'heap');
  return [
    [T.overview.version, data.version],
    [T.overview.identity, html`<${Hash} of=${data.key}/>`, 'identity'],
    [T.overview.address, data.address],
    [T.overview.uptime, duration(data.uptime * 1000)],
    [T.overview.disk, T.overview.free(size(data.store.freeBytes), size(data.store.reserveBytes))],
    [T.overview.heap, heap ? T.overview.used(size(heap), size(most)) : T.unknown],
    [T.overview.peers, html`<a href=${link('/peers')}>${T.overview.live(num(data.peers.live), num(data.peers.known))}</a>`],
    [T.overview.access, html`<${Term} of=${'mode-' + data.access.mode}>${data.access.mode}<//>`],
    data.tls && [T.overview.certificate, html`<${Time} ms=${data.tls.endsAt} far=${true}/>`],
    data.scrub && data.scrub.period > 0 && [T.overview.scrub, T.overview.scrubbed(num(data.scrub.percent), num(data.scrub.findings)), 'scrub'],
  ];
}

function Ledgers({ chains }) {
  return html`<${Card} title=${T.overview.chains} acts=${may('admin') && html`<a class="button" href=${link('/new')}>${T.menu.new}</a>`}><${Part} of=${chains}>${data => html`
    <${Table} label=${T.overview.chains} rows=${data.chains} keyOf=${row => row.id} to=${row => link(chainPage(row.name))}
      empty=${T.chains.empty} command=${`curl -H 'Content-Type: application/json' -d '{"name":"orders","consensus":{"engine":"dbc"}}' ${BASE}v1/chains`} columns=${[
      [T.chain.name, row => html`<a href=${link(chainPage(row.name))}>${row.name}</a>`],
      [T.chain.engine, row => html`<${Term} of=${row.spec.consensus.engine}>${row.spec.consensus.engine}<//>`],
      [T.quant.height, row => num(row.head.height), { number: true }],
      [T.tx.many, row => num(row.head.treeSize), { number: true }],
      [T.overview.rate, row => html`<${RateOf} chain=${row.name}/>`, { number: true }],
      [T.chain.pool, row => num(row.pool.transactions), { number: true, term: 'pool' }],
      [T.chain.last, row => html`<${Time} ms=${row.head.timestamp}/>`],
      [T.chain.state, row => html`<${ChainState} chain=${row}/>`],
    ]}/>${data.next && html`<p class="faint"><a href=${link('/chains')}>${T.chains.more}</a></p>`}`}<//><//>`;
}

export function Overview({ query }) {
  const reads = anywhere('reader');
  const node = useRead(signal => (may('reader') ? get('v1/node', null, signal) : Promise.resolve(null)), [reads], 5);
  const chains = useRead(signal => (reads ? get('v1/chains', { limit: 100 }, signal) : Promise.resolve({ chains: [], damaged: [], next: null })), [reads], 2);
  const stage = query.stage;
  const followers = useFollowers((chains.data || { chains: [] }).chains);
  const state = lost.read() ? 'wrong' : !node.data ? null
    : (node.data.warnings || []).length || (node.data.damaged || []).length || !node.data.store.writable || followers.some(alarm => alarm.is === 'wrong') ? 'wrong' : followers.length || away(node.data) > 0 ? 'waits' : 'well';
  return html`<${Head} title=${T.overview.title} question=${T.overview.question}>
      ${state && html`<${State} is=${state}>${{ well: T.overview.allWell, waits: T.overview.someWaits, wrong: T.overview.notWell }[state]}<//>`}<//>
    ${may('reader') && html`<section class="card" aria-label=${T.way.title}><header><h2>${T.way.title}</h2><p class="faint">${stage ? T.way.filtered(T.way[stage] ? T.way[stage].name : stage) : T.way.hint}</p>
      ${stage && html`<div class="acts"><button type="button" class="quiet" onClick=${() => go('/')}>${T.way.all}</button></div>`}</header><${Way} stage=${stage} query=${query}/></section>`}
    ${!reads && html`<${Card}><p>${T.overview.notYours}</p>${anywhere('writer') && html`<p><a class="button" href=${link('/inject')}>${T.menu.inject}</a></p>`}<//>`}
    ${!stage && reads && html`<div class="two"><div>${may('reader') && html`<${Card} title=${T.alarm.title}><${Part} of=${node}>${data => html`<div><${Alarms} node=${data} followers=${followers} chains=${(chains.data || { chains: [] }).chains}/></div>`}<//><//>`}
      <${Ledgers} chains=${chains}/></div>
      <div>${may('reader') && html`<${Card} title=${T.overview.node} class="lines"><${Part} of=${node}>${data => html`<${Facts} of=${facts(data)}/>`}<//><//>`}
      ${chains.data && html`<${Card} title=${T.overview.latest} note=${T.overview.latestNote}><${Latest} chains=${chains.data.chains}/><//>`}</div></div>`}
    ${stage === 'api' && html`<${Card} title=${T.overview.requests} note=${T.overview.requestsNote}><${Requests}/><//>`}
    ${(stage === 'mining' || stage === 'persistence') && html`<${Ledgers} chains=${chains}/>`}
    ${stage === 'persistence' && chains.data && html`<${Card} title=${T.overview.latest} note=${T.overview.latestNote}><${Latest} chains=${chains.data.chains}/><//>`}
    ${stage === 'gossip' && html`<${Card} title=${T.menu.peers}><p><a href=${link('/peers')}>${T.way.toPeers}</a></p><//>`}
    ${node.failure && !self.read() && html`<${Empty}>${T.overview.noNode}<//>`}`;
}

/** How a chain fares, with what the figures say of it: a chain that stands still takes writes all the same. */
export function ChainState({ chain }) {
  useFigures();
  if (chain.frozen) return html`<${State} is="waits">${T.chain.frozen}<//>`;
  if (!chain.writable) return html`<${State} is="wrong">${T.chain.readOnly}<//>`;
  if (chain.behind) return html`<${State} is="waits">${T.chain.behind(num(chain.behind))}<//>`;
  if (gauge('qbc_chain_stalled', labels => labels.chain === chain.name)) return html`<${State} is="wrong">${T.chain.stalled}<//>`;
  return html`<${State} is="well">${T.well}<//>`;
}
