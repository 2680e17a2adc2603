// "Who may do what?": the keys of callers, and who changed what.
import { html, useState, useRead, Head, Card, Part, Table, Time, State, Field, Act, Code, Term, fieldTime, instant, link, go, num } from '../ui.js';
import { T } from '../texts.js';
import { call, get, may, path, self } from '../api.js';

const ROLES = ['reader', 'writer', 'sealer', 'auditor', 'admin'];
const DAY_MILLIS = 86400000;

/** `rotated` are keys whose successor was made here; the old one is shown with the way to end it. */
function Keys() {
  const keys = useRead(signal => get('v1/access', null, signal), [], 10);
  const chains = useRead(signal => get('v1/chains', { limit: 1000 }, signal), []);
  const [wish, setWish] = useState({ name: '', role: 'reader', chain: '', roles: [], expires: '90d', scope: '' });
  const [made, setMade] = useState(null);
  const set = more => setWish({ ...wish, ...more });
  const role = wish.role + (wish.chain ? '@' + wish.chain : '');
  const roles = wish.roles.length ? wish.roles : [role];
  const make = async body => {
    setMade(await call('POST', 'v1/access', { body }));
    keys.again();
  };
  const rotate = key => () => make({ name: key.name, roles: key.roles, ...(key.scope && key.scope !== key.name ? { scope: key.scope } : {}),
    ...(key.expires ? { expires: Math.max(1, Math.round((key.expires - key.made) / DAY_MILLIS)) + 'd' } : {}) });
  return html`<div>${made && html`<section class="card made" role="status"><h2>${T.access.made(made.name)}</h2><p>${T.access.once}</p><${Code} text=${made.key} label=${T.access.secret}/>
      <button type="button" onClick=${() => setMade(null)}>${T.access.kept}</button></section>`}
    <${Card} title=${T.access.keys}><${Part} of=${keys}>${data => html`<${Table} label=${T.access.keys} rows=${data.keys} keyOf=${row => row.id} empty=${T.access.none} command="java -jar qbc.jar access add --name shop --role writer@orders" columns=${[
      [T.chain.name, row => html`<bdi>${row.name}</bdi>`], [T.chain.id, row => html`<code>${row.id}</code>`], [T.access.roles, row => row.roles.map(one => html`<span class="tag">${one}</span> `)], [T.access.scope, row => html`<bdi>${row.scope}</bdi>`, { term: 'scope' }],
      [T.access.madeAt, row => html`<${Time} ms=${row.made}/>`], [T.access.expires, row => (row.expires ? html`<${Time} ms=${row.expires}/>${row.expires < Date.now() ? html` <${State} is="waits">${T.access.ended}<//>` : ''}` : T.access.never)],
      [T.access.used, row => (row.used ? html`<${Time} ms=${row.used}/>` : T.access.unused)],
      ['', row => html`<${Act} does=${rotate(row)} done=${T.access.rotated}>${T.access.rotate}<//> <${Revoke} id=${row.id} again=${keys.again}/>`]]}/>`}<//><//>
    <${Card} title=${T.access.make}><div class="inline">
      <${Field} label=${T.chain.name} value=${wish.name} onInput=${name => set({ name })} placeholder="shop"/>
      <${Field} label=${T.access.role} type="choice" options=${ROLES.map(one => [one, one])} value=${wish.role} onInput=${next => set({ role: next })} term=${wish.role}/>
      <${Field} label=${T.access.at} type="choice" options=${[['', T.access.everywhere], ...((chains.data && chains.data.chains) || []).map(chain => chain.name)]} value=${wish.chain} onInput=${chain => set({ chain })}/>
      <button type="button" disabled=${wish.roles.includes(role)} onClick=${() => set({ roles: [...wish.roles, role] })}>${T.access.addRole}</button>
      <${Field} label=${T.access.expiresIn} value=${wish.expires} onInput=${expires => set({ expires })} placeholder="90d"/>
      <${Field} label=${T.access.scopeWish} term="scope" value=${wish.scope} onInput=${scope => set({ scope })} placeholder=${wish.name || 'shop'}/></div>
      ${wish.roles.length > 0 && html`<p class="roles">${wish.roles.map(one => html`<span class="tag">${one} <button type="button" class="quiet" aria-label=${T.access.without(one)} onClick=${() => set({ roles: wish.roles.filter(old => old !== one) })}>×</button></span> `)}</p>`}
      <p><${Act} kind="main" disabled=${!wish.name} does=${() => make({ name: wish.name, roles, ...(wish.expires ? { expires: wish.expires } : {}), ...(wish.scope ? { scope: wish.scope } : {}) })}>${T.access.makeButton(wish.name, roles.join(', '))}<//></p><//></div>`;
}

function Revoke({ id, again }) {
  const [sure, setSure] = useState(false);
  return sure ? html`<span class="act"><${Act} kind="wrong" does=${() => call('DELETE', path`v1/access/${id}`).then(again)}>${T.access.revokeSure}<//><button type="button" class="quiet" onClick=${() => setSure(false)}>${T.access.keep}</button></span>`
    : html`<button type="button" class="quiet" onClick=${() => setSure(true)}>${T.access.revoke}</button>`;
}

function Audit({ query }) {
  const [name, setName] = useState(query.name || '');
  const [operation, setOperation] = useState(query.operation || '');
  const [from, setFrom] = useState(fieldTime(query.from));
  const [to, setTo] = useState(fieldTime(query.to));
  const node = useRead(signal => get('v1/node', null, signal).catch(() => null), []);
  const kept = !node.data || node.data.access.audit;
  const audit = useRead(async signal => (node.data === undefined || !kept ? { entries: [], next: null } : get('v1/audit', { name: query.name, operation: query.operation, from: query.from, to: query.to, after: query.after, limit: 50 }, signal)), [kept, node.data === undefined, query.name, query.operation, query.from, query.to, query.after]);
  const off = !kept || (audit.failure && audit.failure.status === 404);
  return html`<${Card} title=${T.audit.title} note=${T.audit.note}><form class="inline" onSubmit=${event => { event.preventDefault(); go('/access', { name, operation, from: instant(from), to: instant(to) }); }}>
      <${Field} label=${T.audit.name} value=${name} onInput=${setName} placeholder="ops"/><${Field} label=${T.audit.operation} value=${operation} onInput=${setOperation} placeholder="removeChain"/>
      <${Field} label=${T.analytics.from} type="datetime-local" step="1" value=${from} onInput=${setFrom}/><${Field} label=${T.analytics.to} type="datetime-local" step="1" value=${to} onInput=${setTo}/><button>${T.audit.filter}</button></form>
    ${off ? html`<p>${T.audit.off}</p><${Code} text="QBC_ACCESS_AUDIT=true java -jar qbc.jar"/>` : html`<${Part} of=${audit}>${data => html`<${Table} label=${T.audit.title} rows=${data.entries} keyOf=${row => row.id} empty=${T.audit.none} to=${row => link('/chains/audit/transactions/' + row.id)} columns=${[
      [T.time, row => html`<${Time} ms=${row.entry.time} far=${true}/>`], [T.audit.event, row => html`<a href=${link('/chains/audit/transactions/' + row.id)}>${row.entry.event}</a>`], [T.audit.name, row => html`<bdi>${row.entry.name || row.entry.keyName || ''}</bdi>`], [T.access.role, row => row.entry.role || (row.entry.roles || []).join(', ')],
      [T.audit.operation, row => row.entry.operation || row.entry.change || row.entry.mode || ''], [T.audit.target, row => html`<bdi>${row.entry.target || row.entry.key || ''}</bdi>`], [T.overview.answer, row => (row.entry.status ? html`${row.entry.status} <code>${row.entry.code || ''}</code>` : row.entry.count ? T.audit.times(num(row.entry.count)) : '')], [T.peers.from, row => row.entry.address || '']]}/>
      <p class="acts pager">${query.after && html`<a class="button" href=${link('/access', { ...query, after: '' })}>${T.page.newest}</a>`}${data.next && html`<a class="button" href=${link('/access', { ...query, after: data.next })}>${T.page.older}</a>`}</p>`}<//>`}<//>`;
}

export function Access({ query }) {
  const mode = (self.read() || {}).mode;
  return html`<${Head} title=${T.menu.access} question=${T.access.question}/>
    <${Card}><p>${T.access.modes[mode] || ''} ${mode && html`<${Term} of=${'mode-' + mode}>${mode}<//>`}</p><dl class="facts">${ROLES.map(role => html`<div><dt>${role}</dt><dd>${T.access.does[role]}</dd></div>`)}</dl><//>
    ${may('admin') && html`<${Keys}/>`}
    ${(may('auditor') || may('admin')) && html`<${Audit} query=${query}/>`}
    ${!may('admin') && !may('auditor') && html`<p>${T.access.notYours}</p>`}`;
}
