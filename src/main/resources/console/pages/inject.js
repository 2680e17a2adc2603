// "How do I put something into a chain?": a form by the chain's schema, and the same call for programs.
import { html, useState, useRead, Head, Card, Part, Field, Failed, State, Code, Hash, Term, link, chainPage, num } from '../ui.js';
import { T } from '../texts.js';
import { BASE, anywhere, call, get, may, path, self } from '../api.js';

const clean = schema => (schema && typeof schema === 'object' ? schema : {});

/** A schema with a reference inside its document followed, one step at a time. */
function resolve(schema, root) {
  let at = clean(schema);
  for (let i = 0; i < 8 && typeof at.$ref === 'string' && at.$ref.startsWith('#'); i++) {
    at = at.$ref.slice(1).split('/').filter(Boolean).reduce((value, part) => clean(value)[part.replaceAll('~1', '/').replaceAll('~0', '~')], root) || {};
  }
  return clean(at);
}

const kindOf = schema => (Array.isArray(schema.type) ? schema.type.find(type => type !== 'null') : schema.type) || (schema.properties ? 'object' : schema.items ? 'array' : schema.enum || schema.const !== undefined ? 'enum' : '');
/** What stands in a field of which the schema says no more than its kind. */
const EXAMPLES = { integer: '42', number: '12.50', string: 'text' };
const example = schema => (schema.examples && schema.examples[0] !== undefined ? schema.examples[0] : schema.default !== undefined ? schema.default
  : { 'date-time': '2026-11-28T12:00:00Z', date: '2026-11-28', uuid: '3f0c1c7e-5f0e-4b1c-9d58-0a4f2f6c7b11', email: 'a@example.org', uri: 'https://example.org/' }[schema.format] || (schema.minimum !== undefined ? schema.minimum : EXAMPLES[kindOf(schema)] || ''));

const limits = schema => [schema.description, schema.minimum !== undefined && '≥ ' + schema.minimum, schema.maximum !== undefined && '≤ ' + schema.maximum,
  schema.minLength && T.inject.least(schema.minLength), schema.maxLength && T.inject.most(schema.maxLength), schema.pattern && T.inject.pattern(schema.pattern), schema.format].filter(Boolean).join(' · ');

/** The places at which a refusal finds fault, and what it is; of a member that is missing its own field says so. */
function places(problem) {
  const found = new Map((problem.pointers || []).map(pointer => [pointer.replace(/^#?\/data(?=\/|$)/, ''), T.inject.breaks]));
  const missing = /^(the data|\/\S*): must have the member (\S+)$/.exec(problem.detail || '');
  if (missing) {
    const around = missing[1] === 'the data' ? '' : missing[1];
    found.delete(around);
    found.set(around + '/' + missing[2], T.inject.missing);
  }
  return found;
}

function Input({ name, schema, root, value, onValue, pointer, faults, required }) {
  const now = resolve(schema, root);
  const kind = kindOf(now);
  const wrong = faults.get(pointer);
  const shared = { label: html`${name ? html`<code>${name}</code>` : T.inject.data}${now.title ? ' ' + now.title : ''}${required ? '' : ' ' + T.inject.optional}`, note: limits(now), fault: wrong, pointer };
  if (kind === 'object' && now.properties) {
    const needed = member => ((now.required || []).includes(member) ? 1 : 0);
    return html`<fieldset><legend>${name ? html`<code>${name}</code>` : T.inject.data}${now.title ? ' ' + now.title : ''}</legend>${now.description && html`<p class="faint">${now.description}</p>`}
      ${wrong && html`<p class="fault"><code>${pointer || T.error.whole}</code> ${wrong}</p>`}
      ${Object.entries(now.properties).sort(([a], [b]) => needed(b) - needed(a)).map(([member, one]) => html`<${Input} key=${member} name=${member} schema=${one} root=${root} value=${clean(value)[member]} required=${(now.required || []).includes(member)}
        pointer=${pointer + '/' + member.replaceAll('~', '~0').replaceAll('/', '~1')} faults=${faults} onValue=${next => {
          const all = { ...clean(value) };
          if (next === undefined) delete all[member]; else all[member] = next;
          onValue(all);
        }}/>`)}</fieldset>`;
  }
  if (kind === 'array' && now.items) {
    const list = Array.isArray(value) ? value : [];
    return html`<fieldset><legend><code>${name}</code>${required ? '' : ' ' + T.inject.optional}</legend>${wrong && html`<p class="fault"><code>${pointer}</code> ${wrong}</p>`}
      ${list.slice(0, 50).map((one, i) => html`<${Input} key=${i} name=${String(i)} schema=${now.items} root=${root} value=${one} required=${true} pointer=${pointer + '/' + i} faults=${faults} onValue=${next => onValue(list.map((old, j) => (j === i ? next : old)))}/>`)}
      <div class="acts"><button type="button" onClick=${() => onValue([...list, start(now.items, root)])}>${T.inject.add}</button>
      ${list.length > 0 && html`<button type="button" onClick=${() => onValue(list.length > 1 ? list.slice(0, -1) : required ? [] : undefined)}>${T.inject.drop}</button>`}</div></fieldset>`;
  }
  if (now.enum) {
    return html`<${Field} ...${shared} type="choice" options=${[['', T.inject.choose], ...now.enum.map(option => [JSON.stringify(option), String(option)])]} value=${value === undefined ? '' : JSON.stringify(value)} onInput=${next => onValue(next === '' ? undefined : JSON.parse(next))}/>`;
  }
  if (kind === 'boolean') {
    return html`<${Field} ...${shared} type="choice" options=${[['', T.inject.choose], ['true', 'true'], ['false', 'false']]} value=${value === undefined ? '' : String(value)} onInput=${next => onValue(next === '' ? undefined : next === 'true')}/>`;
  }
  if (kind === 'integer' || kind === 'number') {
    return html`<${Field} ...${shared} inputmode="decimal" placeholder=${String(example(now))} value=${value === undefined ? '' : String(value)} onInput=${next => onValue(next === '' ? undefined : next.trim() !== '' && !Number.isNaN(Number(next)) ? Number(next) : next)}/>`;
  }
  if (kind === 'string') {
    return html`<${Field} ...${shared} placeholder=${String(example(now))} value=${value === undefined ? '' : String(value)} onInput=${next => onValue(next === '' && !required ? undefined : next)}/>`;
  }
  return html`<${Field} ...${shared} note=${T.inject.json} placeholder="{}" value=${value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)} onInput=${next => {
    try {
      onValue(next === '' ? undefined : JSON.parse(next));
    } catch {
      onValue(next);
    }
  }}/>`;
}

/** The least value with which a form begins. */
function start(schema, root) {
  const now = resolve(schema, root);
  if (kindOf(now) === 'object') return Object.fromEntries((now.required || []).filter(name => clean(now.properties)[name]).map(name => [name, start(now.properties[name], root)]).filter(([, value]) => value !== undefined));
  if (kindOf(now) === 'array') return [];
  return now.const !== undefined ? now.const : now.default;
}

const javaText = value => JSON.stringify(value).replaceAll('\\u2028', '\\\\u2028');

function Calls({ chain, body, form }) {
  const address = BASE + 'v1/chains/' + encodeURIComponent(chain) + '/transactions';
  const texts = {
    curl: `curl -X POST -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", "'\\''")}' \\\n  '${address}'`,
    java: `var request = HttpRequest.newBuilder(URI.create(${javaText(address)}))\n    .header("Content-Type", "application/json")\n    .POST(BodyPublishers.ofString(${javaText(body)}))\n    .build();\nvar answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());`,
    bus: `vertx.eventBus().<JsonObject>request("qbc.v1.transactions.inject",\n    new JsonObject(${javaText(JSON.stringify({ chain, ...form }))}));`,
    qbc: `java -jar qbc.jar inject --chain ${chain} '${JSON.stringify(form.data).replaceAll("'", "'\\''")}'`,
  };
  const [which, setWhich] = useState('curl');
  return html`<${Card} title=${T.inject.same} acts=${html`<div class="choices" role="group" aria-label=${T.inject.same}>${['curl', 'java', 'bus', 'qbc'].map(one => html`<button type="button" aria-pressed=${which === one} onClick=${() => setWhich(one)}>${T.inject.kinds[one]}</button>`)}</div>`}>
    <${Code} text=${texts[which]} label=${T.inject.kinds[which]}/><p class="faint">${T.inject.sameNote}</p><//>`;
}

function Form({ chain }) {
  const rules = chain.spec.rules || {};
  const types = rules.types ? Object.keys(rules.types) : null;
  const [type, setType] = useState(types ? types.find(one => kindOf(clean(rules.types[one])) === 'object') || types[0] : '');
  const schema = types ? rules.types[type] : rules.schema;
  const [edit, setEdit] = useState(!schema);
  const [values, setValues] = useState({});
  const value = values[type] !== undefined ? values[type] : schema ? start(schema, schema) : {};
  const [text, setText] = useState(JSON.stringify(value && Object.keys(value).length ? value : { hello: 'world' }, null, 2));
  const [key, setKey] = useState('');
  const [wait, setWait] = useState(true);
  const [state, setState] = useState({});
  const change = next => setValues({ ...values, [type]: next });
  let broken = '';
  let json = JSON.stringify(value);
  if (edit) {
    json = text;
    try {
      JSON.parse(text);
    } catch (failure) {
      broken = failure.message;
    }
  }
  const members = [];
  if (type) members.push('"type":' + JSON.stringify(type));
  if (key) members.push('"key":' + JSON.stringify(key));
  if (rules.version && rules.version > 1) members.push('"schema":' + rules.version);
  const body = '{' + [...members, '"data":' + (broken || json === undefined ? 'null' : json.trim())].join(',') + '}';
  let form = {};
  try {
    form = JSON.parse(body);
  } catch {
    form = {};
  }
  const failed = state.failure && state.failure.problem;
  const faults = failed ? places(failed) : new Map();
  const submit = async event => {
    event.preventDefault();
    setState({ busy: true });
    try {
      setState({ made: await call('POST', path`v1/chains/${chain.name}/transactions`, { body, headers: wait ? { Prefer: 'wait=10' } : undefined }) });
    } catch (failure) {
      setState({ failure });
    }
  };
  return html`<div class="two"><${Card} title=${T.inject.form} acts=${schema && html`<div class="choices" role="group" aria-label=${T.inject.how}><button type="button" aria-pressed=${!edit} onClick=${() => setEdit(false)}>${T.inject.asForm}</button>
      <button type="button" aria-pressed=${edit} onClick=${() => { setText(JSON.stringify(value === undefined ? null : value, null, 2)); setEdit(true); }}>JSON</button></div>`}>
      <form onSubmit=${submit}>
      ${types ? html`<${Field} label=${T.tx.type} term="type" type="choice" options=${types} value=${type} onInput=${next => { setType(next); setEdit(false); setState({}); }}/>` : html`<${Field} label=${T.inject.type} term="type" value=${type} onInput=${setType} placeholder="order.placed"/>`}
      ${edit ? html`<${Field} label=${T.inject.data} type="area" rows="12" value=${text} onInput=${setText} fault=${broken || (faults.size ? [...faults].map(([place, what]) => (place || T.error.whole) + ' ' + what).join(', ') : undefined)} note=${T.inject.dataNote}/>`
        : html`<${Input} name="" schema=${schema} root=${schema} value=${value} onValue=${change} pointer="" faults=${faults} required=${true}/>`}
      <${Field} label=${T.inject.key} term="key" value=${key} onInput=${setKey} placeholder="order-4711" note=${T.inject.keyNote}/>
      <${Field} label=${T.inject.wait} type="check" value=${wait} onInput=${setWait}/>
      <button class="main" disabled=${!!broken || state.busy}>${T.inject.button(chain.name)}</button> <span role="status" class="faint">${state.busy ? T.underWay : ''}</span></form>
      ${state.failure && html`<${Failed} failure=${state.failure}/>`}
      ${state.made && html`<div class="made" role="status"><p><${State} is=${state.made.state === 'committed' ? 'well' : 'waits'}>${T.tx.states[state.made.state]}<//> <${Hash} of=${state.made.id} to=${link(chainPage(chain.name, 'transactions', state.made.id))}/>
        ${state.made.height !== undefined && html` ${T.search.inQuant(num(state.made.height))}`}</p></div>`}<//>
    <${Calls} chain=${chain.name} body=${body} form=${form}/></div>`;
}

/** Who may write and not read has no specs, only the names that stand in its roles. */
function unread() {
  const names = ((self.read() || {}).roles || []).map(held => held.split('@')).filter(([name]) => name === 'writer').map(([, at]) => at || 'main');
  return [...new Set(names)].map(name => ({ name, id: name, spec: {}, writable: true, frozen: false }));
}

export function Inject({ query }) {
  const reads = anywhere('reader');
  const chains = useRead(signal => (reads ? get('v1/chains', { limit: 1000 }, signal) : Promise.resolve({ chains: unread() })), [reads]);
  return html`<${Head} title=${T.inject.title} question=${T.inject.question}/>
    <${Part} of=${chains}>${({ chains: all }) => {
      const open = all.filter(chain => may('writer', [chain.name, chain.id]) && chain.name !== 'audit');
      const chain = open.find(one => one.name === query.chain || one.id === query.chain) || open.find(one => one.name === 'main') || open[0];
      if (!chain) return html`<p>${T.inject.none}</p>`;
      return html`<${Card}><${Field} label=${T.chain.one} type="choice" options=${open.map(one => one.name)} value=${chain.name} onInput=${name => { location.hash = link('/inject', { chain: name }); }}/>
        <p class="faint">${chain.spec.rules ? html`<${Term} of="rules">${T.inject.ruled}<//>` : T.inject.free} ${!chain.writable || chain.frozen ? html`<${State} is="waits">${chain.frozen ? T.chain.frozen : T.chain.readOnly}<//>` : ''}</p><//>
        <${Form} key=${chain.id} chain=${chain}/>`;
    }}<//>`;
}
