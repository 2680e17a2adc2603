// "Which chain do I need?": an engine by what it is for, its parameters, the rules, and the id before anything is made.
import { html, useEffect, useState, useRead, Head, Card, Field, Act, Code, Hash, State, Failed, link, chainPage, num } from '../ui.js';
import { T } from '../texts.js';
import { BASE, call, get, may } from '../api.js';
import { canHash, chainId } from '../ledger.js';

const MOST = 9007199254740992;
const SLOTS = { period: [1000, 10, 86400000] };
const STAKES = { ...SLOTS, stake: [1000, 1, 1099511627776], epoch: [32, 2, 10000], unbondDelay: [8, 2, 10000], slash: [100, 1, 100], holders: [256, 1, 1024], minimum: [1, 1, 1099511627776] };
/** Of each engine its parameters: default, least, most. Those with participants have this node's key by default. */
const PARAMETERS = {
  dbc: { participants: true, turn: [0, 0, 1], timeout: [10000, 1, 86400000] },
  poa: { participants: true, ...SLOTS, delay: [500, 0, 86400000] },
  pos: { participants: true, ...STAKES },
  dpos: { participants: true, ...STAKES, delegates: [21, 1, 101] },
  pow: { difficulty: [65536, 1, MOST], spacing: [0, 0, 86400000], halfLife: [0, 0, 31536000000], difficultyLeast: [1, 1, MOST], difficultyMost: [MOST, 1, MOST] },
  classic: { bytes: [64, 8, 4096] },
};
const LIMITS = { transactionBytes: 1048576, quantBytes: 67108864, quantTransactions: 100000 };
const LEAPS = ['transactions', 'bytes', 'age'];
const LEAP_EXAMPLES = { transactions: 1000, bytes: 1048576, age: 1000 };

/** The document that the node would store: every default written out, as protocol.md section 6 has it. */
function fullSpec(wish, own) {
  const parameters = PARAMETERS[wish.engine];
  const consensus = { engine: wish.engine };
  for (const [name, how] of Object.entries(parameters)) {
    if (how === true) consensus.participants = wish.participants.split(/[\s,]+/).filter(Boolean).map(key => key.toLowerCase());
    else consensus[name] = wish.values[name] === undefined || wish.values[name] === '' ? how[0] : Number(wish.values[name]);
  }
  if (consensus.participants && !consensus.participants.length && own) consensus.participants = [own];
  const limits = {};
  for (const [name, usual] of Object.entries(LIMITS)) limits[name] = wish.limits[name] ? Number(wish.limits[name]) : usual;
  const leap = Object.fromEntries(LEAPS.filter(name => wish.leap[name] !== undefined && wish.leap[name] !== '').map(name => [name, Number(wish.leap[name])]));
  const spec = { name: wish.name, description: wish.description, genesisTime: wish.genesisTime, consensus, limits };
  if (Object.keys(leap).length) spec.leap = leap;
  if (wish.rules.trim()) spec.rules = { version: 1, ...JSON.parse(wish.rules) };
  return spec;
}

export function NewChain() {
  const node = useRead(signal => get('v1/node', null, signal), []);
  const [wish, setWish] = useState(() => ({ engine: 'dbc', name: '', description: '', participants: '', values: {}, limits: {}, leap: { age: '1000' }, rules: '', genesisTime: Date.now() }));
  const [id, setId] = useState('');
  const [failure, setFailure] = useState(null);
  const set = more => setWish({ ...wish, ...more });
  let spec = null;
  let broken = '';
  try {
    spec = fullSpec(wish, node.data && node.data.key);
  } catch (wrong) {
    broken = wrong.message;
  }
  const json = spec ? JSON.stringify(spec, null, 2) : '';
  useEffect(() => {
    let left = false;
    if (!spec || !canHash()) setId('');
    else chainId(spec).then(found => !left && setId(found), () => setId(''));
    return () => { left = true; };
  }, [json]);
  const faults = (failure && failure.problem.pointers) || [];
  const faultAt = pointer => (faults.includes(pointer) ? T.make.fault : undefined);
  if (!may('admin')) return html`<${Head} title=${T.menu.new} question=${T.make.question}/><p>${T.make.notYours}</p>`;
  return html`<${Head} title=${T.menu.new} question=${T.make.question}/>
    <${Card} title=${T.make.engine}><div class="engines" role="radiogroup" aria-label=${T.make.engine}>${Object.keys(PARAMETERS).map(engine => html`<label class=${'engine' + (wish.engine === engine ? ' chosen' : '')}>
      <input type="radio" name="engine" value=${engine} checked=${wish.engine === engine} onChange=${() => set({ engine, values: {} })}/> <strong>${T.engines[engine].use}</strong><span class="faint">${engine}: ${T.engines[engine].what}</span></label>`)}</div><//>
    <div class="two"><div><${Card} title=${T.make.what}>
        <${Field} label=${T.chain.name} value=${wish.name} onInput=${name => set({ name })} placeholder="orders" note=${T.make.nameNote} fault=${faultAt('/name')} pointer="/name" pattern="[a-z][a-z0-9-]*" maxlength="64"/>
        <${Field} label=${T.make.description} value=${wish.description} onInput=${description => set({ description })} placeholder=${T.make.descriptionExample} fault=${faultAt('/description')} pointer="/description"/><//>
      <${Card} title=${T.make.parameters(wish.engine)}>${Object.entries(PARAMETERS[wish.engine]).map(([name, how]) => (how === true
        ? html`<${Field} key=${name} label=${html`<code>participants</code>`} type="area" rows="3" value=${wish.participants} onInput=${participants => set({ participants })} placeholder=${node.data ? node.data.key : ''} note=${T.make.participants} fault=${faultAt('/consensus/participants')} pointer="/consensus/participants"/>`
        : html`<${Field} key=${name} label=${html`<code>${name}</code>`} type="number" min=${how[1]} max=${how[2]} value=${wish.values[name] === undefined ? '' : wish.values[name]} placeholder=${String(how[0])}
          onInput=${value => set({ values: { ...wish.values, [name]: value } })} note=${T.make.meaning[name] + ' ' + T.make.range(num(how[0]), num(how[1]), num(how[2]))} fault=${faultAt('/consensus/' + name)} pointer=${'/consensus/' + name}/>`))}<//>
      <${Card} title=${T.make.leap} note=${T.make.leapNote}><div class="inline">${LEAPS.map(name => html`<${Field} label=${html`<code>${name}</code> ${T.make.leaps[name]}`} type="number" min="0" value=${wish.leap[name] || ''} placeholder=${String(LEAP_EXAMPLES[name])} onInput=${value => set({ leap: { ...wish.leap, [name]: value } })} fault=${faultAt('/leap/' + name)} pointer=${'/leap/' + name}/>`)}</div><//>
      <${Card} title=${T.make.limits}><div class="inline">${Object.entries(LIMITS).map(([name, usual]) => html`<${Field} label=${html`<code>${name}</code>`} type="number" min="1" value=${wish.limits[name] || ''} placeholder=${String(usual)} onInput=${value => set({ limits: { ...wish.limits, [name]: value } })} fault=${faultAt('/limits/' + name)} pointer=${'/limits/' + name}/>`)}</div><//>
      <${Card} title=${T.make.rules} note=${T.make.rulesNote}><${Field} label=${T.make.rulesLabel} type="area" rows="8" value=${wish.rules} onInput=${rules => set({ rules })} placeholder=${'{"types": {"order": {"type": "object", "required": ["order"]}}}'} fault=${broken || faults.filter(one => one.startsWith('/rules')).join(', ') || undefined}/><//></div>
    <div class="beside"><${Card} title=${T.make.result} note=${T.make.resultNote}>
      ${id ? html`<p>${T.chain.id}: <${Hash} of=${id} whole=${true}/></p>` : html`<p class="faint">${canHash() ? T.unknown : T.prove.noCryptoDetail}</p>`}
      <${Code} text=${json} label=${T.chain.tabs.spec}/>
      ${failure && html`<${Failed} failure=${failure}/>`}
      <${Act} kind="main" disabled=${!spec || !wish.name} does=${async () => {
        setFailure(null);
        try {
          const own = canHash() ? await chainId(spec).catch(() => '') : '';
          return { ...await call('POST', 'v1/chains', { body: spec }), own };
        } catch (refused) {
          if (refused.problem) setFailure(refused);
          if (!refused.problem) throw refused;
          return null;
        }
      }} done=${made => made && html`<${State} is="well">${T.make.made}<//> <a href=${link(chainPage(made.name))}>${made.name}</a> ${made.own ? (made.id === made.own ? T.make.sameId : T.make.otherId) : ''}`}>${T.make.button(wish.name)}<//>
      <h3 class="gap">curl</h3><${Code} text=${`curl -H 'Content-Type: application/json' -d '${spec ? JSON.stringify(spec).replaceAll("'", "'\\''") : ''}' ${BASE}v1/chains`} label="curl"/><//></div></div>`;
}
