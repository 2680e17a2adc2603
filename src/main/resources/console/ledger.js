// Reading of chains: light lists of quants, quants and transactions by their exact bytes, and their hashes.
import { get, path, pieces, text } from './api.js';

export const PAGE = 50;

/** Quants in order without their transactions, from a height on. */
export async function quantList(chain, from, limit = PAGE, signal) {
  const diff = await get(path`v1/chains/${chain}/diff`, { with: chain.split('@')[0] + '@0', from, limit }, signal);
  return { quants: diff.chain.quants, head: diff.chain.head, start: diff.ancestor };
}

/** The first quant at which something holds that goes on to hold, by halving. */
export async function firstQuant(chain, head, holds, signal) {
  let low = 0;
  let high = head;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { quants } = await quantList(chain, middle, 1, signal);
    if (!quants.length || (quants[0].height === middle && !holds(quants[0]))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a JSON value that begins at a place ends; -1 if the text does not have all of it. */
export function valueEnd(json, at) {
  let depth = 0;
  for (let i = at; i < json.length; i++) {
    const c = json[i];
    if (c === '"') {
      for (i++; i < json.length && json[i] !== '"'; i++) if (json[i] === '\\') i++;
      if (i >= json.length) return -1;
      if (depth === 0) return i + 1;
    } else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (c === ',' || /\s/.test(c))) return i;
  }
  return depth === 0 && at < json.length ? json.length : -1;
}

/** Splits a JSON text into its first members without reading its numbers as doubles. */
export function members(json, most) {
  const found = [];
  const object = json[0] === '{';
  let at = 1;
  const skip = () => { while (/[\s,:]/.test(json[at] || '')) at++; };
  for (skip(); at < json.length && json[at] !== '}' && json[at] !== ']'; skip()) {
    let name = String(found.length);
    if (object) {
      const to = valueEnd(json, at);
      name = JSON.parse(json.slice(at, to));
      at = to;
      skip();
    }
    const to = valueEnd(json, at);
    if (to <= at) break;
    found.push([name, json.slice(at, to)]);
    at = to;
    if (found.length >= most) return { found, more: true };
  }
  return { found, more: false };
}

/** A transaction's members, with its payload as the exact text in place of a value that a browser would round. */
export function readTransaction(json) {
  const mark = json.indexOf('"data":');
  const at = mark + 7;
  const end = valueEnd(json, at);
  const members = JSON.parse(json.slice(0, mark) + '"data":null' + json.slice(end));
  members.payload = json.slice(at, end);
  return members;
}

export async function transaction(chain, id, signal) {
  return readTransaction(await text(path`v1/chains/${chain}/transactions/${id}`, null, signal));
}

/** A page of a chain's transactions by what is asked for, each with the exact text of its payload. */
export async function transactionList(chain, query, signal) {
  const json = await text(path`v1/chains/${chain}/transactions`, query, signal);
  const open = json.indexOf('[', json.indexOf('"transactions":'));
  const close = valueEnd(json, open);
  const transactions = members(json.slice(open, close), PAGE).found.map(([, one]) => readTransaction(one));
  return { transactions, next: JSON.parse(json.slice(0, open) + '[]' + json.slice(close)).next };
}

/** A quant with at most so many of its transactions; the rest of the answer is not read. */
export async function quant(chain, name, most, signal) {
  let json = '';
  let header = null;
  let at = 0;
  let read = 0;
  const transactions = [];
  const address = path`v1/chains/${chain}/quants/${name}`;
  const take = () => {
    if (!header) {
      const mark = json.indexOf('"transactions":[');
      if (mark < 0) return true;
      header = JSON.parse(json.slice(0, mark) + '"transactions":[]}');
      at = mark + 16;
    }
    for (;;) {
      while (json[at] === ',' || json[at] === '\n') at++;
      if (json[at] === ']') return false;
      if (at >= json.length) return true;
      const end = valueEnd(json, at);
      if (end < 0) return true;
      if (transactions.length < most) transactions.push(readTransaction(json.slice(at, end)));
      json = json.slice(end);
      at = 0;
      if (++read >= most) return false;
    }
  };
  await pieces(address, { signal }, piece => {
    json += piece;
    return take();
  });
  return { ...header, transactions };
}

const encoder = new TextEncoder();
export const utf8 = value => encoder.encode(value);
export const unhex = digits => Uint8Array.from(digits.match(/../g) || [], pair => parseInt(pair, 16));
export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

export function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

function number(value, bytes) {
  const out = new Uint8Array(bytes);
  let rest = BigInt(value);
  for (let i = bytes - 1; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

export const u32 = value => number(value, 4);
export const u64 = value => number(value, 8);
export const field = bytes => join(u32(bytes.length), bytes);
export const canHash = () => !!(globalThis.crypto && crypto.subtle);

export async function sha(...parts) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));
}

/** Whether an Ed25519 signature is right; null if this browser cannot tell. */
export async function signed(key, signature, message) {
  try {
    const known = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, known, signature, message);
  } catch {
    return null;
  }
}

/** The exact bytes of a payload. */
export const payloadBytes = tx => (tx.raw ? unhex(tx.raw) : utf8(tx.payload));

/** The fields of a transaction's body in their order: name, form, value for people, bytes. */
export function bodyFields(tx, chain) {
  const bytes = payloadBytes(tx);
  return [
    ['version', 'u32', String(tx.version), u32(tx.version)],
    ['chain', 'hash', chain, unhex(chain)],
    ['timestamp', 'u64', String(tx.timestamp), u64(tx.timestamp)],
    ['key', 'bytes', tx.key, field(unhex(tx.key))],
    ['author', 'bytes', tx.author, field(unhex(tx.author))],
    ['type', 'bytes', tx.type, field(utf8(tx.type))],
    ['schema', 'u32', String(tx.schema), u32(tx.schema)],
    ['commitment', 'hash', tx.commitment, unhex(tx.commitment)],
    ['length', 'u32', String(bytes.length), u32(bytes.length)],
  ];
}

/** The steps from a transaction's payload to its id and signature, each calculated here. */
export async function proveTransaction(tx, chain) {
  const bytes = payloadBytes(tx);
  const commitment = hex(await sha(utf8('qbc/payload/1'), unhex(tx.salt), bytes));
  const fields = bodyFields(tx, chain);
  const body = join(...fields.map(f => f[3]));
  const id = await sha(Uint8Array.of(0), body);
  const signature = tx.signature
    ? await signed(unhex(tx.author), unhex(tx.signature), join(utf8('qbc/tx/1'), id)) : undefined;
  return { bytes, commitment, fields, body, id: hex(id), signature };
}

export function headerFields(quant) {
  return [
    ['version', 'u32', String(quant.version), u32(quant.version)],
    ['chain', 'hash', quant.chain, unhex(quant.chain)],
    ['height', 'u64', String(quant.height), u64(quant.height)],
    ['timestamp', 'u64', String(quant.timestamp), u64(quant.timestamp)],
    ['previous', 'hash', quant.previous, unhex(quant.previous)],
    ['treeSize', 'u64', String(quant.treeSize), u64(quant.treeSize)],
    ['root', 'hash', quant.root, unhex(quant.root)],
    ['count', 'u32', String(quant.count), u32(quant.count)],
    ['producer', 'bytes', quant.producer, field(unhex(quant.producer))],
    ['consensus', 'bytes', quant.consensus, field(unhex(quant.consensus))],
    ['proof', 'bytes', quant.proof, field(unhex(quant.proof))],
  ];
}

/** The steps from a quant's header to its hash, its proof and its seals. */
export async function proveQuant(quant, engine) {
  const fields = headerFields(quant);
  const header = join(...fields.map(f => f[3]));
  const hash = await sha(utf8('qbc/quant/1'), header);
  const seals = [];
  for (const seal of quant.seals) {
    seals.push([seal.key, await signed(unhex(seal.key), unhex(seal.signature), join(utf8('qbc/seal/1'), hash))]);
  }
  let work;
  if (engine === 'pow' && quant.consensus.length === 16 && quant.proof) {
    const difficulty = BigInt('0x' + quant.consensus);
    const bound = (1n << 256n) / difficulty;
    work = { difficulty, good: BigInt('0x' + hex(hash)) <= bound };
  }
  return { fields, header, hash: hex(hash), seals, work };
}

/** RFC 8785 of a document of whole numbers, texts and schemas. */
export function canonical(value) {
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  if (value && typeof value === 'object') {
    return '{' + Object.keys(value).sort().map(name => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}';
  }
  return JSON.stringify(value);
}

/** The id that a spec's chain has: the hash of its genesis quant. */
export async function chainId(document) {
  const fork = document.fork;
  const consensus = await sha(utf8('qbc/spec/1'), utf8(canonical(document)));
  const none = '0'.repeat(64);
  const { hash } = await proveQuant({
    version: 1, chain: none, height: fork ? fork.height + 1 : 0, timestamp: document.genesisTime,
    previous: fork ? fork.quant : none, treeSize: fork ? fork.treeSize : 0,
    root: fork ? fork.root : hex(await sha()), count: 0, producer: '', consensus: hex(consensus), proof: '', seals: [],
  });
  return hash;
}
