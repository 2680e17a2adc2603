// "Who is with us?": the peers, what they have, how they behave, and who is shut out.
import { html, useState, useRead, Head, Card, Part, Table, Time, Hash, Mark, State, Field, Act, link, go, num, duration } from '../ui.js';
import { T } from '../texts.js';
import { call, get, may, path } from '../api.js';

const PICTURED = 40;
const HEIGHTS_MAX = 12;

function Picture({ peers, node }) {
  const shown = peers.slice(0, PICTURED);
  const at = i => [240 + 168 * Math.sin(2 * Math.PI * (i + 0.25) / shown.length), 140 - 104 * Math.cos(2 * Math.PI * (i + 0.25) / shown.length)];
  return html`<svg class="picture network" viewBox="0 0 480 280" role="img" aria-label=${T.peers.picture(num(peers.filter(peer => peer.live).length), num(peers.length))}>
    ${shown.map((peer, i) => {
      const [x, y] = at(i);
      return html`<line x1="240" y1="140" x2=${x} y2=${y} class=${peer.live ? 'on' : ''} stroke-dasharray=${peer.live ? null : '3 4'}/>`;
    })}
    ${shown.map((peer, i) => {
      const [x, y] = at(i);
      return html`<g><circle class=${peer.live ? 'node live' : 'node away'} cx=${x} cy=${y} r="15"/>${peer.key && html`<g transform=${`translate(${x - 7.5} ${y - 7.5}) scale(3)`}><${Mark} of=${peer.key} inside=${true}/></g>`}${shown.length <= 12 && html`<text x=${x} y=${y + 30} text-anchor="middle">${host(peer.address)}</text>`}<title>${peer.address}</title></g>`;
    })}
    <circle class="node this" cx="240" cy="140" r="21"/>${node && html`<g transform="translate(227.5 127.5) scale(5)"><${Mark} of=${node.key} inside=${true}/></g>`}<text x="240" y="178" text-anchor="middle">${T.peers.self}</text>${node && html`<title>${node.address}</title>`}</svg>`;
}

/** How far peers are with a chain, beside this node. */
function Heights({ peers, here }) {
  const shown = [{ key: '', name: T.peers.self, height: here }, ...peers.filter(peer => peer.live).map(peer => ({ key: peer.key || peer.address, name: host(peer.address), height: peer.height }))].slice(0, HEIGHTS_MAX);
  const most = Math.max(1, ...shown.map(one => one.height || 0));
  return html`<ul class="heights">${shown.map(one => html`<li key=${one.key}><span>${one.name}</span><i class=${one.key ? '' : 'this'} style=${{ width: (100 * (one.height || 0) / most).toFixed(2) + '%' }}/><b>${num(one.height)}</b></li>`)}</ul>`;
}

const host = address => address.replace(/^https?:\/\//, '').slice(0, 24);

/** How far a peer's head is from this node's: ahead, behind, or at the same height another one. */
function Distance({ peer, head }) {
  if (!head || (!peer.head && !peer.live)) return null;
  if (!peer.head) return html` <span class="faint">${T.peers.without}</span>`;
  const far = peer.height - head.height;
  return html` <span class="faint">${far ? (far > 0 ? '+' : '−') + num(Math.abs(far)) : peer.head === head.hash ? T.peers.same : T.peers.other}</span>`;
}

export function Peers({ query }) {
  const chain = query.chain || 'main';
  const peers = useRead(signal => get('v1/peers', query.chain ? { chain } : null, signal), [chain], 3);
  const node = useRead(signal => get('v1/node', null, signal), [], 10);
  const own = useRead(signal => get(path`v1/chains/${chain}`, null, signal).catch(() => null), [chain], 3);
  const names = useRead(signal => get('v1/chains', { limit: 100 }, signal).then(found => found.chains.map(one => one.name)).catch(() => []), [], 30);
  const [address, setAddress] = useState('');
  const [ban, setBan] = useState({ peer: '', time: '12h', reason: '' });
  const admin = may('admin');
  const head = own.data ? own.data.head : null;
  const unban = peer => () => call('DELETE', path`v1/peers/bans/${peer}`).then(peers.again);
  return html`<${Head} title=${T.menu.peers} question=${T.peers.question}/>
    <${Part} of=${peers}>${data => html`
      ${data.peers.length > 0 && html`<div class="halves"><${Card} title=${T.peers.network} note=${T.peers.networkOf(data.network.id, data.network.mode)}><${Picture} peers=${data.peers} node=${node.data}/><//>
        <${Card} title=${T.peers.heights(chain)} note=${T.peers.heightsNote}>${names.data && names.data.length > 1 && html`<${Field} label=${T.chain.one} type="choice" options=${names.data} value=${chain} onInput=${name => go('/peers', { chain: name })}/>`}<${Heights} peers=${data.peers} here=${head && head.height}/><//></div>`}
      <${Card} title=${T.menu.peers} note=${T.peers.live_of(num(data.peers.filter(peer => peer.live).length), num(data.peers.length))}><${Table} label=${T.menu.peers} rows=${data.peers} keyOf=${row => row.address}
        empty=${T.peers.none} command="java -jar qbc.jar --port 5001 --data data2 --peer http://127.0.0.1:5000" columns=${[
        [T.peers.address, row => html`<bdi>${row.address}</bdi>`], [T.key, row => html`<${Hash} of=${row.key} to=${row.key && link('/search', { q: row.key })}/>`, { term: 'identity' }],
        [T.chain.state, row => html`<${State} is=${row.live ? 'well' : 'wrong'}>${row.live ? T.peers.live : T.peers.away}<//>`],
        [T.peers.height(chain), row => html`${row.head || !query.chain ? num(row.height) : T.unknown}<${Distance} peer=${row} head=${head}/>`, { number: true, term: 'peer height' }],
        [T.peers.sinceWhen, row => html`<${Time} ms=${row.since}/>`, { term: 'peer since' }], [T.peers.latency, row => duration(row.latencyMillis), { number: true, term: 'latency' }], [T.peers.seen, row => html`<${Time} ms=${row.seenAt || undefined}/>`], [T.peers.failures, row => num(row.failures), { number: true }],
        [T.peers.score, row => num(row.score), { number: true, term: 'score' }], [T.peers.error, row => html`<bdi class="cut">${row.lastError || ''}</bdi>`],
        ...(admin ? [['', row => html`<button type="button" class="quiet" onClick=${() => { setBan({ ...ban, peer: row.key || row.address }); document.getElementById('ban').scrollIntoView(); }}>${T.peers.ban}</button>`]] : []),
      ]}/>
      ${admin && html`<form class="inline add" onSubmit=${event => event.preventDefault()}><${Field} label=${T.peers.add} value=${address} onInput=${setAddress} placeholder="http://node2:5000"/>
        <${Act} disabled=${!address} does=${() => call('POST', 'v1/peers', { body: { address } }).then(peers.again)} done=${T.peers.added}>${T.peers.addButton}<//></form>`}<//>
      ${data.refused.length > 0 && html`<${Card} title=${T.peers.refused} note=${T.peers.refusedNote}><${Table} label=${T.peers.refused} rows=${data.refused} columns=${[
        [T.peers.from, row => row.from], [T.peers.address, row => html`<bdi>${row.address || ''}</bdi>`], [T.peers.why, row => html`${row.detail} <code>${row.code}</code>`], [T.overview.count, row => num(row.count), { number: true }], [T.time, row => html`<${Time} ms=${row.at}/>`]]}/><//>`}
      <${Card} title=${T.peers.bans} id="ban"><${Table} label=${T.peers.bans} rows=${data.bans} keyOf=${row => row.peer} empty=${T.peers.noBans} columns=${[
        [T.peers.who, row => (row.peer.length === 64 ? html`<${Hash} of=${row.peer}/>` : row.peer)], [T.peers.since, row => html`<${Time} ms=${row.since}/>`], [T.peers.until, row => html`<${Time} ms=${row.until}/>`],
        [T.peers.why, row => html`<bdi>${row.reason}</bdi>`], [T.peers.by, row => row.by], ...(admin ? [['', row => html`<${Act} does=${unban(row.peer)}>${T.peers.unban}<//>`]] : [])]}/>
      ${admin && html`<form class="inline add" onSubmit=${event => event.preventDefault()}><${Field} label=${T.peers.banWho} value=${ban.peer} onInput=${peer => setBan({ ...ban, peer })} placeholder="203.0.113.7"/>
        <${Field} label=${T.peers.banTime} value=${ban.time} onInput=${time => setBan({ ...ban, time })} placeholder="12h"/><${Field} label=${T.peers.why} value=${ban.reason} placeholder=${T.peers.whyExample} onInput=${reason => setBan({ ...ban, reason })}/>
        <${Act} disabled=${!ban.peer} does=${() => call('POST', 'v1/peers/bans', { body: { peer: ban.peer, ...(ban.time ? { time: ban.time } : {}), ...(ban.reason ? { reason: ban.reason } : {}) } }).then(peers.again)}>${T.peers.banButton}<//></form>`}<//>`}<//>
    ${node.data && node.data.catchUps.length > 0 && html`<${Card} title=${T.peers.catchUps}><${Table} label=${T.peers.catchUps} rows=${node.data.catchUps} columns=${[
      [T.chain.one, row => html`<${Hash} of=${row.chain}/>`], [T.peers.from, row => row.peer], [T.quant.height, row => num(row.height) + ' / ' + num(row.target), { number: true }], [T.peers.running, row => duration(row.seconds * 1000)]]}/><//>`}`;
}
