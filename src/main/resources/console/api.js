// Calls of the node: the credential, problems, streams, and whether the node is there. Everything the console shows
// comes from here, by the public API.
import { T } from './texts.js';

export const BASE = new URL('../', document.baseURI).href;

/** A small observable value. */
export function store(value) {
  const readers = new Set();
  return {
    read: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      readers.forEach(reader => reader(value));
    },
    subscribe(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}

/** When the node was lost, or null; a page that reads again by itself looks at `epoch`. */
export const lost = store(null);
export const epoch = store(0);
export const self = store(null);
export const wanted = store(false);
/** Whether it was asked who the caller is: before that nobody knows what to show. */
export const asked = store(false);

let credential = '';

/** The credential stays in this variable alone: a reload forgets it. */
export function show(text) {
  credential = text.trim();
  // Pages are drawn for who it turns out to be, not for who it was.
  asked.set(false);
  wanted.set(false);
  epoch.set(epoch.read() + 1);
  return who();
}

export const hasCredential = () => credential !== '';

export class Refusal extends Error {
  constructor(status, problem, request) {
    super(problem.detail || problem.title || String(status));
    Object.assign(this, { status, problem, request, code: problem.code || '' });
  }
}

const roles = () => ((self.read() || {}).roles || []).map(held => held.split('@'));

/** Whether a role that somebody has is enough where another is needed. */
const grants = (name, role) => name === role || name === 'admin' || (role === 'reader' && name === 'auditor');

/** Whether the caller may do what needs a role, at a chain or (without one) at the node. */
export function may(role, chain) {
  const names = chain ? [].concat(chain).filter(Boolean) : [];
  return roles().some(([name, at]) => (at === undefined || names.includes(at)) && grants(name, role));
}

let described = null;

/** Whether the node has a route, by its own API document: what is not there is not asked for. */
export async function has(route, method = 'get') {
  described = described || call('GET', 'openapi.json').catch(() => { described = null; return { paths: {} }; });
  return !!((await described).paths[route] || {})[method];
}

/** Refuses as the node would, without a call that is known to fail. */
export async function needs(route, method) {
  if (!(await has(route, method))) throw new Refusal(404, { title: T.absent, code: 'route_unknown', retryable: false }, undefined);
}

/** Whether the caller has a role at any chain at all. */
export const anywhere = role => roles().some(([name]) => grants(name, role));

/** Asks who the caller is; without any role where a credential is required, it is asked for one. */
export async function who() {
  try {
    const caller = await call('GET', 'v1/access/self');
    // Asked for before anything is refused: a browser writes each refusal to its console as an error.
    if (caller.mode === 'required' && !caller.roles.length) wanted.set(true);
    self.set(caller);
  } catch (refused) {
    if (refused.status === 401) self.set(null);
  } finally {
    asked.set(true);
  }
}

const quote = text => "'" + String(text).replaceAll("'", "'\\''") + "'";

/** The same call for a shell; the credential is named and never written. */
export function curl(request) {
  const parts = ['curl'];
  if (request.method !== 'GET') parts.push('-X ' + request.method);
  if ((self.read() || {}).mode === 'required') parts.push('-H "Authorization: Bearer $QBC_KEY"');
  if (request.body !== undefined) parts.push('-H ' + quote('Content-Type: ' + request.type), '-d ' + quote(request.body));
  for (const [name, value] of Object.entries(request.headers || {})) parts.push('-H ' + quote(name + ': ' + value));
  parts.push(quote(BASE + request.path));
  return parts.join(' ');
}

export function path(strings, ...values) {
  return strings.reduce((text, part, i) => text + part + (i < values.length ? encodeURIComponent(values[i]) : ''), '');
}

export function withQuery(address, query) {
  const text = new URLSearchParams(
    Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== '')).toString();
  return text ? address + '?' + text : address;
}

async function send(method, address, options = {}) {
  const headers = { Accept: options.accept || 'application/json', ...options.headers };
  if (credential) headers.Authorization = 'Bearer ' + credential;
  const request = { method, path: withQuery(address, options.query), headers: options.headers, type: options.type };
  if (options.body !== undefined) {
    request.type = options.type || 'application/json';
    request.body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    headers['Content-Type'] = request.type;
  }
  let response;
  try {
    response = await fetch(BASE + request.path, {
      method, headers, body: request.body, signal: options.signal, credentials: 'same-origin', cache: 'no-store',
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    miss();
    throw new Refusal(0, { title: T.error.unreachable, detail: T.error.unreachableDetail, code: 'unreachable', retryable: true }, request);
  }
  heard = Date.now();
  if (response.ok) return [response, request];
  const text = await response.text().catch(() => '');
  let problem;
  try {
    problem = JSON.parse(text);
  } catch {
    problem = { title: response.statusText || T.error.refused, detail: text.slice(0, 300), code: '' };
  }
  if (response.status === 401) wanted.set(true);
  throw new Refusal(response.status, problem, request);
}

export async function call(method, address, options) {
  const [response] = await send(method, address, options);
  const text = await response.text();
  if (options && options.text) return text;
  return text ? JSON.parse(text, options && options.exact ? spelled : undefined) : null;
}

/** Numbers that this language would round stay as they are spelled, where the browser tells their spelling. */
const spelled = (name, value, of) => (typeof value === 'number' && of && of.source && JSON.rawJSON && of.source !== String(value) ? JSON.rawJSON(of.source) : value);

export const get = (address, query, signal) => call('GET', address, { query, signal });
export const text = (address, query, signal, accept) => call('GET', address, { query, signal, text: true, accept });

/** Bytes as they come, decoded; the reader ends it by returning false. */
export async function pieces(address, options, reader) {
  const abort = new AbortController();
  if (options.signal) options.signal.addEventListener('abort', () => abort.abort());
  const [response] = await send('GET', address, { ...options, signal: abort.signal });
  const stream = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) return true;
    if (reader(decoder.decode(value, { stream: true })) === false) {
      abort.abort();
      return false;
    }
  }
}

let probing = false;
let heard = Date.now();
const SILENT_MILLIS = 5000;

/** A page that asks for nothing by itself finds out too that its node is lost. */
setInterval(() => {
  if (!probing && !document.hidden && Date.now() - heard > SILENT_MILLIS) call('GET', 'health/live').catch(() => {});
}, SILENT_MILLIS);

/** Looks every two seconds for a node that was lost, and says when it is found. */
function miss() {
  if (probing) return;
  probing = true;
  lost.set(Date.now());
  const probe = async () => {
    try {
      const answer = await fetch(BASE + 'health/live', { cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      probing = false;
      lost.set(null);
      described = null;
      await who();
      epoch.set(epoch.read() + 1);
    } catch {
      setTimeout(probe, 2000);
    }
  };
  setTimeout(probe, 1000);
}

/**
 * Server-sent events by fetch, since that can show a credential. Goes on after the last event whenever the connection
 * ends; the listener is called at most once a second, with all that came meanwhile.
 */
export function events(address, listener) {
  let place = '';
  let closed = false;
  let abort = new AbortController();
  let waiting = [];
  let timer = null;
  const flush = () => {
    timer = null;
    const batch = waiting;
    waiting = [];
    if (!closed && batch.length) listener(batch);
  };
  const tell = event => {
    waiting.push(event);
    if (waiting.length > 2000) waiting.splice(0, waiting.length - 2000);
    if (!timer) timer = setTimeout(flush, 1000);
  };
  const read = async () => {
    let pause = 2000;
    while (!closed) {
      if (document.hidden) {
        await new Promise(done => document.addEventListener('visibilitychange', done, { once: true }));
        continue;
      }
      let rest = '';
      abort = new AbortController();
      try {
        await pieces(address, {
          accept: 'text/event-stream', signal: abort.signal,
          headers: place ? { 'Last-Event-ID': place } : {},
        }, piece => {
          rest += piece;
          for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
            take(rest.slice(0, end));
            rest = rest.slice(end + 2);
          }
          pause = 2000;
        });
      } catch (failure) {
        if (closed) return;
        if (failure.status === 401 || failure.status === 403 || failure.status === 404) return;
      }
      if (document.hidden) continue;
      await new Promise(done => setTimeout(done, pause));
      pause = Math.min(pause * 2, 16000);
    }
  };
  const take = block => {
    let type = 'message';
    const data = [];
    for (const line of block.split('\n')) {
      if (line.startsWith('id:')) place = line.slice(3).trim();
      else if (line.startsWith('event:')) type = line.slice(6).trim();
      else if (line.startsWith('data:')) data.push(line.slice(5).trim());
    }
    if (!data.length) return;
    try {
      tell({ type, ...JSON.parse(data.join('\n')) });
    } catch {
      // What is no JSON is nothing that this page knows.
    }
  };
  // A page that nobody sees gives its connection back: browsers have few for a node.
  const hide = () => document.hidden && abort.abort();
  document.addEventListener('visibilitychange', hide);
  read();
  return () => {
    closed = true;
    document.removeEventListener('visibilitychange', hide);
    clearTimeout(timer);
    abort.abort();
  };
}

/** The figures of Prometheus's text format: name, labels, value. */
export function figures(page) {
  const all = new Map();
  for (const line of page.split('\n')) {
    if (!line || line[0] === '#') continue;
    const brace = line.indexOf('{');
    const space = line.lastIndexOf(' ');
    const name = brace < 0 ? line.slice(0, space) : line.slice(0, brace);
    const labels = {};
    if (brace >= 0) {
      for (const found of line.slice(brace, space).matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
        labels[found[1]] = found[2].replace(/\\(.)/g, (all, c) => (c === 'n' ? '\n' : c));
      }
    }
    const value = Number(line.slice(space + 1).replace('+Inf', 'Infinity'));
    if (!all.has(name)) all.set(name, []);
    all.get(name).push({ labels, value });
  }
  return all;
}
