#!/usr/bin/env python3
"""Recomputes every hash of a QBC chain from a node's answers, with nothing but Python 3. The format is in protocol.md.

  recompute.py http://127.0.0.1:5000/v1/chains/main    asks a node for the spec and all quants
  recompute.py < quants.ndjson                         reads a saved stream of quants

Checked: commitments, transaction ids, that authors and keys are used once, tree sizes and roots, quant hashes, links,
proofs of work; with an address also the spec and the chain's id. Not checked: Ed25519 seals and signatures, times, limits."""
import hashlib, json, re, sys, urllib.request

KEYS = set()  # authors and keys of the chain; those that nodes made up are left out
READ = json.JSONDecoder(parse_int=str, parse_float=str)  # numbers stay as written, whatever their size
BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{\[]|[}\]]')
unhex, sha = bytes.fromhex, lambda *parts: hashlib.sha256(b"".join(parts)).digest()
u32, u64 = lambda number: int(number).to_bytes(4, "big"), lambda number: int(number).to_bytes(8, "big")
field = lambda raw: u32(len(raw)) + raw

def check(good, what):
    if not good:
        raise ValueError(what)

def quants(stream):  # one quant's text after the other; lines are joined until every bracket is closed
    text, depth = [], 0
    for line in stream:
        text.append(line.decode("utf-8"))
        marks = BRACKETS.findall(text[-1])
        depth += sum(mark in "{[" for mark in marks) - sum(mark in "}]" for mark in marks)
        if depth == 0:
            yield "".join(text).strip()
            text = []
    check(not text, "the stream ends inside a quant")

def payload(text, at):  # the exact bytes of the transaction that begins at `at`: its last member
    start = re.compile(r"\s*").match(text, text.index('"data":', at) + 7).end()
    end = READ.raw_decode(text, start)[1]
    check(text[end:end + 1] == "}", "data is not the last member")
    return text[start:end].encode("utf-8")

def leaf(chain, tx, data):
    data = unhex(tx["raw"]) if "raw" in tx else data
    check(sha(b"qbc/payload/1", unhex(tx["salt"]), data).hex() == tx["commitment"], "commitment of " + tx["id"])
    body = u32(tx["version"]) + chain + u64(tx["timestamp"]) + field(unhex(tx["key"])) + field(unhex(tx["author"]))
    body += field(tx["type"].encode("utf-8")) + u32(tx["schema"]) + unhex(tx["commitment"]) + u32(len(data))
    check(sha(b"\0", body).hex() == tx["id"], "id of " + tx["id"])
    if tx["author"] or not tx["key"].startswith("ff"):
        scope = sha(field(unhex(tx["author"])), field(unhex(tx["key"])))
        check(scope not in KEYS, "author and key are used already in " + tx["id"])
        KEYS.add(scope)
    return sha(b"\0", body)

def root(peaks):  # RFC 6962: perfect subtrees, largest first, joined from the right
    node = peaks[-1] if peaks else sha()
    for left in peaks[-2::-1]:
        node = sha(b"\1", left, node)
    return node

def judge(text, chain, height, previous, peaks, size, spec):
    quant, at = READ.decode(text), text.index('"transactions":')
    for tx in quant["transactions"]:
        at = text.index("{", at)
        node, bits = leaf(chain, tx, payload(text, at)), size
        while bits & 1:
            node, bits = sha(b"\1", peaks.pop(), node), bits >> 1
        peaks.append(node)
        check(int(tx["index"]) == size, "index of " + tx["id"])
        at, size = READ.raw_decode(text, at)[1], size + 1
    check(quant["count"] == str(len(quant["transactions"])) and quant["treeSize"] == str(size), "count or tree size")
    check(quant["root"] == root(peaks).hex(), "tree root")
    check(quant["height"] == str(height), "height")
    check((quant["chain"], quant["previous"]) == (chain.hex(), previous.hex()), "link")
    header = u32(quant["version"]) + chain + u64(height) + u64(quant["timestamp"]) + previous + u64(size)
    header += unhex(quant["root"]) + u32(quant["count"])
    header += b"".join(field(unhex(quant[name])) for name in ("producer", "consensus", "proof"))
    made = sha(b"qbc/quant/1", header)
    check(quant["hash"] == made.hex(), "quant hash")
    if height == 0 and spec:  # its members' names are ASCII and its numbers whole: sorted and compact is RFC 8785
        canonical = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        check(sha(b"qbc/spec/1", canonical).hex() == quant["consensus"], "spec")
    elif height > 0 and (spec["consensus"]["engine"] == "pow" if spec else quant["proof"]):
        difficulty = spec["consensus"]["difficulty"] if spec else int(quant["consensus"], 16)
        check(u64(difficulty).hex() == quant["consensus"] and len(quant["proof"]) == 16, "difficulty or nonce")
        check(int(quant["hash"], 16) <= min(2**256 // difficulty, 2**256 - 1), "proof of work")
    return made, size

def main(address=None):
    chain = head = bytes(32)
    height, peaks, size = 0, [], 0
    try:
        stated = json.load(urllib.request.urlopen(address)) if address else {}
        accept = {"Accept": "application/x-ndjson"}
        stream = urllib.request.Request(address + "/quants", headers=accept) if address else None
        for text in quants(urllib.request.urlopen(stream) if address else sys.stdin.buffer):
            head, size = judge(text, chain, height, head, peaks, size, stated.get("spec"))
            chain, height = chain if height else head, height + 1
        check(height > 0 and stated.get("id", chain.hex()) == chain.hex(), "no quants, or another chain's")
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError) as wrong:
        print(f"unsound at height {height}: {wrong!r}")
        return 1
    print(f"sound: chain {chain.hex()}, {height} quants, {size} transactions, head {head.hex()}")
    return 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
