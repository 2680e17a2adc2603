#!/usr/bin/env python3
"""Recomputes every hash of a QBC chain from a node's answers, with nothing but Python 3. The format is in protocol.md.

  recompute.py http://127.0.0.1:5000/v1/chains/main    asks a node for the spec and all quants
  recompute.py < quants.ndjson                         reads a saved stream of quants

A node that demands a key is shown that in the environment variable QBC_KEY; SSL_CERT_FILE names the authorities of one with TLS.

Checked: commitments, transaction ids, that authors and keys are used once, tree sizes and roots, quant hashes, links,
proofs of the engines pow and classic; with an address also the spec, the chain's id and the difficulties. What a fork has
of its parents is checked as a saved stream is. Not checked: Ed25519 seals and signatures, times, limits, data rules, whose
turn it was."""
import decimal, hashlib, http.client, json, os, re, sys, urllib.request

KEYS = set()  # authors and keys of the chain; those that nodes made up are left out
READ = json.JSONDecoder(parse_int=str, parse_float=str)  # numbers stay as written, whatever their size
BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{\[]|[}\]]')
ZEROS = bytes(32)
unhex, sha = bytes.fromhex, lambda *parts: hashlib.sha256(b"".join(parts)).digest()
u32, u64 = lambda number: int(number).to_bytes(4, "big"), lambda number: int(number).to_bytes(8, "big")
field = lambda raw: u32(len(raw)) + raw
integer = lambda raw: int.from_bytes(raw, "big")
digits = lambda number: number.to_bytes((number.bit_length() + 7) // 8, "big")

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

def number(value):  # as ECMAScript writes a double
    parts = decimal.Decimal(repr(float(value))).normalize().as_tuple()
    text = "".join(map(str, parts.digits))
    sign, count, point = "-" * parts.sign, len(text), len(text) + parts.exponent
    if text == "0":
        return "0"
    if count <= point <= 21:
        return sign + text + "0" * (point - count)
    if 0 < point <= 21:
        return sign + text[:point] + "." + text[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + text
    return sign + text[0] + ("." + text[1:] if count > 1 else "") + "e" + "%+d" % (point - 1)

def canonical(value):  # RFC 8785
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    plain = value is None or isinstance(value, (bool, str))
    return json.dumps(value, ensure_ascii=False) if plain else number(value)

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

def asert(rules, height, elapsed):  # consensus.md, pow; both are counted from the anchor
    first, spacing = rules["difficulty"], rules["spacing"]
    least, most = min(rules["difficultyLeast"], first), max(rules["difficultyMost"], first)
    ahead, half_life = (height * spacing - elapsed) << 16, rules["halfLife"] or 288 * spacing
    exponent = abs(ahead) // half_life * (1 if ahead > 0 else -1)
    whole, part = exponent >> 16, exponent & 0xffff
    if abs(whole) > 128:
        return most if whole > 0 else least
    cubic = 195766423245049 * part + 971821376 * part ** 2 + 5127 * part ** 3 + 2 ** 47
    return max(least, min(most, first * (65536 + (cubic >> 48)) << 128 + whole >> 144))

class Chain:
    """What is known after each quant."""

    def __init__(self, spec):
        self.spec, self.engine = spec, {}  # the engine is known above the genesis quant of the spec that was stated
        self.chain = self.head = ZEROS
        self.height, self.size, self.peaks = 0, 0, []
        self.number = self.time = self.anchor = None  # classic's last number, the last timestamp, pow's first quant

    def take(self, text):
        quant, at = READ.decode(text), text.index('"transactions":')
        genesis = quant["chain"] == ZEROS.hex()  # a fork's comes after those that it shares with its parent
        check(genesis or self.height > 0, "the first quant is no genesis quant")
        check((quant["height"], quant["previous"]) == (str(self.height), self.head.hex()), "height or link")
        for tx in quant["transactions"]:
            at = text.index("{", at)
            self.append(leaf(self.chain, tx, payload(text, at)))
            check(int(tx["index"]) == self.size - 1, "index of " + tx["id"])
            at = READ.raw_decode(text, at)[1]
        counted = (quant["count"], quant["treeSize"]) == (str(len(quant["transactions"])), str(self.size))
        check(counted, "count or tree size")
        check(quant["root"] == root(self.peaks).hex(), "tree root")
        header = u32(quant["version"]) + unhex(quant["chain"]) + u64(self.height) + u64(quant["timestamp"])
        header += self.head + u64(self.size) + unhex(quant["root"]) + u32(quant["count"])
        header += field(unhex(quant["producer"])) + field(unhex(quant["consensus"]))
        made = sha(b"qbc/quant/1", header, field(unhex(quant["proof"])))
        check(quant["hash"] == made.hex(), "quant hash")
        if genesis:
            self.begin(quant, made)
        else:
            check(quant["chain"] == self.chain.hex(), "chain")
            self.prove(quant, header, unhex(quant["consensus"]), unhex(quant["proof"]))
        self.head, self.height, self.time = made, self.height + 1, int(quant["timestamp"])

    def append(self, node):
        bits = self.size
        while bits & 1:
            node, bits = sha(b"\1", self.peaks.pop(), node), bits >> 1
        self.peaks.append(node)
        self.size += 1

    def begin(self, quant, made):
        empty = not (quant["transactions"] or quant["seals"] or quant["producer"] or quant["proof"])
        check(empty and len(quant["consensus"]) == 64, "genesis quant")
        self.chain, self.number, self.anchor, self.engine = made, None, None, {}
        if self.spec and sha(b"qbc/spec/1", canonical(self.spec).encode("utf-8")).hex() == quant["consensus"]:
            self.engine = self.spec["consensus"]
            fork = self.spec.get("fork") or {"height": -1, "quant": ZEROS.hex(), "treeSize": 0, "root": sha().hex()}
            check(fork["height"] + 1 == self.height and fork["quant"] == quant["previous"], "fork point")
            check(fork["treeSize"] == self.size and fork["root"] == quant["root"], "fork point")

    def end(self, stated):
        known = stated.get("id", self.chain.hex()) == self.chain.hex()
        check(self.height > 0 and known, "no quants, or another chain's")
        check(self.engine or not self.spec, "spec")
        head = self.head.hex()
        return f"chain {self.chain.hex()}, {self.height} quants, {self.size} transactions, head {head}"

    def prove(self, quant, header, consensus, proof):
        name = self.engine.get("engine") or ("" if not proof else "pow" if len(proof) == 8 else "classic")
        if name == "pow":
            difficulty = self.difficulty() if self.engine else integer(consensus)
            check(u64(difficulty) == consensus and len(proof) == 8, "difficulty or nonce")
            check(int(quant["hash"], 16) <= min(2**256 // difficulty, 2**256 - 1), "proof of work")
            self.anchor = self.anchor or (self.height, int(quant["timestamp"]))
        elif name == "classic":
            self.number = self.following(consensus)
            content = sha(b"qbc/classic/1", b"qbc/quant/1", header, field(b""))
            check(proof == digits(self.number * (1 + integer(content))), "proof of the number game")
        sealed = name not in ("pow", "classic")
        by = [seal["key"] for seal in quant["seals"]]
        check(by == ([quant["producer"]] if sealed else []) and not (sealed and proof), "seals")

    def difficulty(self):
        if self.anchor is None or not self.engine.get("spacing"):
            return self.engine["difficulty"]
        return asert(self.engine, self.height - 1 - self.anchor[0], self.time - self.anchor[1])

    def following(self, consensus):
        doubled = 2 * (self.number or 0)
        anew = not doubled or (len(digits(doubled)) > self.engine["bytes"] if self.engine else consensus == b"\x13")
        following = 19 if anew else doubled
        check(consensus == digits(following), "number")
        return following

def ask(address, accept):
    request = urllib.request.Request(address, headers={"Accept": accept})
    if os.environ.get("QBC_KEY"):
        request.add_unredirected_header("Authorization", "Bearer " + os.environ["QBC_KEY"])
    return urllib.request.urlopen(request)

def main(address=None):
    chain = Chain(None)
    try:
        stated = json.load(ask(address, "application/json")) if address else {}
        chain.spec = stated.get("spec")
        for text in quants(ask(address + "/quants", "application/x-ndjson") if address else sys.stdin.buffer):
            chain.take(text)
        print("sound:", chain.end(stated))
    except (OSError, http.client.HTTPException) as wrong:  # nothing is known of what could not be read
        print(f"not read from height {chain.height} on: {wrong!r}")
        return 2
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as wrong:
        print(f"unsound at height {chain.height}: {wrong!r}")
        return 1
    return 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
