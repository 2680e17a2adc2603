// How chains with a common beginning hang together, and what two of them have that the other has not.
import { html, useState, useRead, Card, Part, Table, Time, Hash, Field, link, chainPage, go, num } from '../ui.js';
import { T } from '../texts.js';
import { get, path } from '../api.js';

const LANES_MAX = 40;
const LANE = 32;
const LEFT = 16;
const WIDTH_MAX = 480;
const WIDTH_LEAST = 96;
/** What names of chains and margins take of a window. */
const BESIDE = 240;
const ROWS = 50;

/** The chain in whose own quants a fork begins: a parent's parent, if the parent had not left it by then. */
function origin(chain, chains) {
  let at = chains.find(one => one.id === chain.fork.chain);
  while (at && at.fork && chain.fork.height <= at.fork.height) at = chains.find(one => one.id === at.fork.chain);
  return at;
}

/** All chains that have a common beginning with this one, each a lane that leaves its parent's where it was forked. */
function Tree({ chains, root, current }) {
  const lanes = [];
  const walk = chain => {
    lanes.push(chain);
    chains.filter(child => child.fork && child.fork.chain === chain.id).forEach(walk);
  };
  walk(root);
  const shown = lanes.slice(0, LANES_MAX);
  const start = chain => (chain.fork && chain !== root ? chain.fork.height : 0);
  // One step for each height at which something forks or ends: by height alone short forks of a long chain would be a dot.
  const steps = [...new Set(shown.flatMap(chain => [start(chain), chain.head.height]))].sort((a, b) => a - b);
  const width = Math.max(WIDTH_LEAST, Math.min(WIDTH_MAX, innerWidth - BESIDE));
  const x = height => LEFT + width * steps.indexOf(height) / Math.max(1, steps.length - 1);
  const y = chain => LANE / 2 + 8 + LANE * shown.indexOf(chain);
  return html`<div class="scroll bare" tabindex="0" role="region" aria-label=${T.forks.tree}><svg class="tree" width=${width + BESIDE} height=${LANE * shown.length + 24} role="group" aria-label=${T.forks.tree}>${shown.map(chain => {
    const at = y(chain);
    const from = x(start(chain));
    const to = Math.max(x(chain.head.height), from + 8);
    const parent = chain === root ? null : origin(chain, shown);
    const here = chain.id === current;
    return html`<g class=${here ? 'lane this' : 'lane'}>${parent && html`<path d=${`M${from} ${y(parent)}V${at - 6}q0 6 6 6`}/><circle class="branch" cx=${from} cy=${y(parent)} r="3"/><text class="soft" x=${from - 6} y=${at + 4} text-anchor="end">${num(start(chain))}</text>`}
      <path d=${`M${parent ? from + 6 : from} ${at}H${to}`}/><circle class="head" cx=${to} cy=${at} r=${here ? 6 : 5}/>
      <a href=${link(chainPage(chain.name), { tab: 'forks' })}><text x=${to + 12} y=${at + 4}>${chain.name} · ${num(chain.head.height)}</text></a></g>`;
  })}</svg></div><p class="faint">${T.forks.treeKey}${lanes.length > shown.length ? ' ' + T.forks.cut(num(shown.length), num(lanes.length)) : ''}</p>`;
}

/** What one of two chains has since they parted. */
function Side({ side, ancestor }) {
  const own = side.head.height - (ancestor ? ancestor.height : -1);
  return html`<div><h3><a href=${link(chainPage(side.name))}>${side.name}</a> <span class="faint">${T.forks.own(num(own))}</span></h3><${Table} label=${side.name} rows=${side.quants} keyOf=${row => row.hash} empty=${T.forks.same} to=${row => link(chainPage(side.name, 'quants', row.height))} columns=${[
    [T.quant.height, row => html`<a href=${link(chainPage(side.name, 'quants', row.height))}>${num(row.height)}</a>`, { number: true }], [T.quant.hash, row => html`<${Hash} of=${row.hash}/>`], [T.tx.many, row => num(row.count), { number: true }], [T.time, row => html`<${Time} ms=${row.timestamp}/>`]]}/></div>`;
}

function Difference({ chain, chains, query }) {
  const [other, setOther] = useState(query.with || '');
  const diff = useRead(signal => (query.with ? get(path`v1/chains/${chain.name}/diff`, { with: query.with, from: query.from, limit: ROWS }, signal) : Promise.resolve(null)), [chain.name, query.with, query.from]);
  const at = from => link(chainPage(chain.name), { tab: 'forks', with: query.with, from });
  return html`<${Card} title=${T.forks.diff} note=${T.forks.diffNote}><form class="inline" onSubmit=${event => { event.preventDefault(); go(chainPage(chain.name), { tab: 'forks', with: other }); }}>
      <${Field} label=${T.forks.with} value=${other} onInput=${setOther} placeholder="orders@1200" list="chain-names"/><datalist id="chain-names">${chains.slice(0, 100).map(one => html`<option value=${one.name}/>`)}</datalist>
      <button disabled=${!other}>${T.forks.compare}</button></form>
    ${query.with && html`<${Part} of=${diff}>${found => found && html`<p class="gap">${found.ancestor ? html`${T.forks.common(num(found.ancestor.height))} <${Hash} of=${found.ancestor.hash} to=${link(chainPage(chain.name, 'quants', found.ancestor.height))}/>` : T.forks.nothing}</p>
      <div class="columns pair">${[found.chain, found.with].map(side => html`<${Side} key=${side.id + side.name} side=${side} ancestor=${found.ancestor}/>`)}</div>
      <p class="acts">${query.from && html`<a class="button" href=${at('')}>${T.page.first}</a>`}${found.next !== undefined && found.next !== null && html`<a class="button" href=${at(found.next)}>${T.page.next}</a>`}</p>`}<//>`}<//>`;
}

export function Forks({ chain, query }) {
  const all = useRead(signal => get('v1/chains', { limit: 1000 }, signal), [chain.id]);
  return html`<${Part} of=${all}>${({ chains }) => {
    let root = chain;
    for (let parent = chain; parent && parent.fork; root = parent || root) parent = chains.find(one => one.id === parent.fork.chain);
    root = chains.find(one => one.id === root.id) || root;
    const from = chain.fork && chains.find(one => one.id === chain.fork.chain);
    return html`<${Card} title=${T.chain.tabs.forks}>${chain.fork && html`<p>${T.forks.from} <a href=${link(chainPage(chain.fork.chain))}>${from ? from.name : chain.fork.chain.slice(0, 8)}</a>, ${T.forks.at(num(chain.fork.height))}</p>`}
        <${Tree} chains=${chains} root=${root} current=${chain.id}/>
        ${!chains.some(one => one.fork && one.fork.chain === chain.id) && html`<p class="faint">${T.forks.none}</p>`}<//>
      <${Difference} key=${query.with} chain=${chain} chains=${chains} query=${query}/>`;
  }}<//>`;
}
