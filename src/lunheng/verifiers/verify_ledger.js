// 核验存证 · the second, independent verifier of the log: one file, no library, no network.
//
//   node verify_ledger.js receipt    FILE.tlog-proof --policy policy.txt [--payload p.json --salt HEX] [--file plan.pdf]
//   node verify_ledger.js checkpoint FILE --policy policy.txt [--age 秒]
//   node verify_ledger.js extend     --from old.ckpt --to new.ckpt DIR|PROOF --policy policy.txt
//   node verify_ledger.js audit      DIR --policy policy.txt [--from N]
//   node verify_ledger.js compare    A.ckpt B.ckpt --policy policy.txt
//   node verify_ledger.js case       FILE.zip|DIR [--policy policy.txt]
//   in a browser: LunhengLedger.check.receipt(bytes, { policy, … }) → { code, lines, steps, trusted, problem }
//
// Codes: 0 everything holds, 1 something is false, 2 not of its format, 3 the policy is not met, 4 something is missing.
// The second tree of a log (SM3, SM2) lies below it, at DIR/sm3, and is checked by the same commands.
// Own SHA-256, SHA-512, Ed25519, SM3 and SM2 (BigInt): a page on a disk may have no WebCrypto, and none has all of them.
// It was written from docs/ledger.md and the C2SP and RFC texts, and shares nothing with the Python verifier.
(function (root) {
  "use strict";

  // ---------------------------------------------------------------- what ends a check
  class Problem extends Error {
    constructor(code, text) {
      super(text);
      this.code = code;
    }
  }
  const wrong = (text) => { throw new Problem(1, text); };
  const malformed = (text) => { throw new Problem(2, text); };
  const unmet = (text) => { throw new Problem(3, text); };
  const incomplete = (text) => { throw new Problem(4, text); };

  // ---------------------------------------------------------------- bytes and texts
  const encoder = new TextEncoder();
  const bytesOf = (text) => encoder.encode(text);
  function joined(...parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  }
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const head = (text, length) => [...text.slice(0, 2 * length)].slice(0, length).join("");
  const bigEndian = (bytes) => (bytes.length ? BigInt("0x" + toHex(bytes)) : 0n);
  const littleEndian = (bytes) => bigEndian(Uint8Array.from(bytes).reverse());
  // Without what would end a line, turn it round or command a terminal: a stranger's name does nothing to the lines around it.
  // eslint-disable-next-line no-control-regex
  const oneLine = (text) => text.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu, "\ufffd");
  function utf8(bytes, complaint) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch { return malformed(complaint); }
  }

  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  // Base64 in its one spelling: full groups, padding where due, and no bits behind the last byte.
  function unbased(text) {
    const found = /^((?:[A-Za-z0-9+/]{4})*)(?:([A-Za-z0-9+/]{2})==|([A-Za-z0-9+/]{3})=)?$/.exec(text);
    if (!found) malformed("不是有效的 base64：" + head(text, 40));
    const digits = found[1] + (found[2] || found[3] || "");
    const out = new Uint8Array((digits.length * 3) >> 2);
    let held = 0, bits = 0, at = 0;
    for (const digit of digits) {
      held = ((held << 6) | DIGITS.indexOf(digit)) & 0xffff;
      bits += 6;
      if (bits >= 8) { bits -= 8; out[at++] = (held >> bits) & 0xff; }
    }
    if (held & ((1 << bits) - 1)) malformed("base64 写法不规范：" + head(text, 40));
    return out;
  }
  // A size or an index in its shortest form.
  function number(text) {
    if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) malformed("不是有效的数：" + head(text, 40));
    return BigInt(text);
  }

  // ---------------------------------------------------------------- SHA-256 and SHA-512
  // Their constants are the first bits of roots of primes; reckoning them is shorter than a table and as checkable.
  function primeRoots(count, power) {
    const roots = [], primes = [];
    for (let n = 2n; roots.length < count; n++) {
      if (primes.some((prime) => n % prime === 0n)) continue;
      primes.push(n);
      const target = n << (64n * power);
      let low = 0n, high = 1n << 72n;
      while (high - low > 1n) {
        const middle = (low + high) >> 1n;
        if (middle ** power <= target) low = middle; else high = middle;
      }
      roots.push(BigInt.asUintN(64, low));
    }
    return roots;
  }
  const START = primeRoots(8, 2n), STEPS = primeRoots(80, 3n);
  const START_32 = Int32Array.from(START, (root) => Number(root >> 32n) | 0);
  const STEPS_32 = Int32Array.from(STEPS.slice(0, 64), (root) => Number(root >> 32n) | 0);
  // The message, one bit, zeros, and its length in bits, up to a whole number of blocks.
  function padded(bytes, block, tail) {
    const out = new Uint8Array(Math.ceil((bytes.length + 1 + tail) / block) * block);
    out.set(bytes);
    out[bytes.length] = 0x80;
    new DataView(out.buffer).setBigUint64(out.length - 8, 8n * BigInt(bytes.length));
    return new DataView(out.buffer);
  }
  const words = new Int32Array(64);
  function sha256(bytes) {
    const view = padded(bytes, 64, 8), state = Int32Array.from(START_32), w = words;
    for (let offset = 0; offset < view.byteLength; offset += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i);
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + small + w[i - 7] + large) | 0;
      }
      // named one by one: taking the state apart as a list costs more than the block itself
      let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
      for (let i = 0; i < 64; i++) {
        const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const one = (h + turned + ((e & f) ^ (~e & g)) + STEPS_32[i] + w[i]) | 0;
        const other = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const two = (other + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      state[0] += a; state[1] += b; state[2] += c; state[3] += d;
      state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  }
  const cut = (value) => BigInt.asUintN(64, value);
  const turn = (x, n) => cut((x >> n) | (x << (64n - n)));
  function sha512(bytes) {
    const view = padded(bytes, 128, 16), state = [...START], w = [];
    for (let offset = 0; offset < view.byteLength; offset += 128) {
      for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(offset + 8 * i);
      for (let i = 16; i < 80; i++) {
        const x = w[i - 15], y = w[i - 2];
        const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n), large = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
        w[i] = cut(w[i - 16] + small + w[i - 7] + large);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 80; i++) {
        const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (cut(~e) & g)) + STEPS[i] + w[i];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = cut(d + one); d = c; c = b; b = a; a = cut(one + two);
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = cut(state[i] + word); });
    }
    const out = new DataView(new ArrayBuffer(64));
    state.forEach((word, i) => out.setBigUint64(8 * i, word));
    return new Uint8Array(out.buffer);
  }
  function hmac(key, message) {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? sha256(key) : key);
    const inner = sha256(joined(block.map((byte) => byte ^ 0x36), message));
    return sha256(joined(block.map((byte) => byte ^ 0x5c), inner));
  }

  // ---------------------------------------------------------------- Ed25519 (RFC 8032), verification only
  const P = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (value) => { const rest = value % P; return rest < 0n ? rest + P : rest; };
  function power(base, exponent) {
    let result = 1n;
    for (let e = exponent, b = mod(base); e; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
    return result;
  }
  const D = mod(-121665n * power(121666n, P - 2n)), ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
  // Points as [X, Y, Z, T] with x = X/Z, y = Y/Z, T = XY/Z.
  const NEUTRAL = [0n, 1n, 1n, 0n];
  function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = ((y1 - x1) * (y2 - x2)) % P, b = ((y1 + x1) * (y2 + x2)) % P;
    const c = (((2n * t1 * t2) % P) * D) % P, d = (2n * z1 * z2) % P;
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
  }
  function doubled([x, y, z]) {
    const a = (x * x) % P, b = (y * y) % P, h = a + b;
    const e = h - (((x + y) * (x + y)) % P), g = a - b, f = 2n * z * z + g;
    return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
  }
  // Decoding as section 5.1.3 has it; null for what is no point or not its one spelling.
  function pointOf(raw) {
    const value = littleEndian(raw), sign = value >> 255n, y = value & (2n ** 255n - 1n);
    if (y >= P) return null;
    const u = mod(y * y - 1n), v = mod(D * y * y + 1n), v3 = (((v * v) % P) * v) % P;
    let x = (((u * v3) % P) * power(u * v3 * v3 * v, (P - 5n) / 8n)) % P;
    const check = (v * x * x) % P;
    if (check !== u && check !== mod(-u)) return null;
    if (check !== u) x = (x * ROOT_OF_MINUS_ONE) % P;
    if (!x && sign) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, (x * y) % P];
  }
  const BASE = pointOf(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));
  // s·B − k·A reckoned in one pass must be R.
  function ed25519Holds(publicKey, signature, message) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    const key = pointOf(publicKey), point = pointOf(signature.subarray(0, 32));
    const s = littleEndian(signature.subarray(32));
    if (!key || !point || s >= ORDER) return false;
    const k = littleEndian(sha512(joined(signature.subarray(0, 32), publicKey, message))) % ORDER;
    const minus = [P - key[0], key[1], 1n, P - key[3]];
    const table = [null, BASE, minus, added(BASE, minus)];
    let sum = NEUTRAL;
    for (let bit = 252n; bit >= 0n; bit--) {
      sum = doubled(sum);
      const pick = Number(((s >> bit) & 1n) | (((k >> bit) & 1n) << 1n));
      if (pick) sum = added(sum, table[pick]);
    }
    return mod(sum[0] - point[0] * sum[2]) === 0n && mod(sum[1] - point[1] * sum[2]) === 0n;
  }

  // ---------------------------------------------------------------- SM3 (GB/T 32905): the digest of the second tree
  const SM3_START = Int32Array.of(
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
  const left = (x, n) => (x << n) | (x >>> (32 - n));
  const SM3_STEPS = Int32Array.from({ length: 64 }, (_, i) => left(i < 16 ? 0x79cc4519 : 0x7a879d8a, i % 32));
  const wide = new Int32Array(68);
  function sm3(bytes) {
    const view = padded(bytes, 64, 8), state = Int32Array.from(SM3_START), w = wide;
    for (let offset = 0; offset < view.byteLength; offset += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i);
      for (let i = 16; i < 68; i++) {
        const x = w[i - 16] ^ w[i - 9] ^ left(w[i - 3], 15);
        w[i] = x ^ left(x, 15) ^ left(x, 23) ^ left(w[i - 13], 7) ^ w[i - 6];
      }
      let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
      for (let i = 0; i < 64; i++) {
        const turned = left(a, 12), mixed = left((turned + e + SM3_STEPS[i]) | 0, 7);
        const one = i < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c), other = i < 16 ? e ^ f ^ g : (e & f) | (~e & g);
        const first = (one + d + (mixed ^ turned) + (w[i] ^ w[i + 4])) | 0, second = (other + h + mixed + w[i]) | 0;
        d = c; c = left(b, 9); b = a; a = first;
        h = g; g = left(f, 19); f = e; e = second ^ left(second, 9) ^ left(second, 17);
      }
      state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
      state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  }

  // ---------------------------------------------------------------- SM2 (GB/T 32918.2), verification only
  // The recommended curve y² = x³ − 3x + b, and the standard's default identity of a signer.
  const Q = 2n ** 256n - 2n ** 224n - 2n ** 96n + 2n ** 64n - 1n;
  const SM2_B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
  const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
  const SM2_BASE = [
    0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
    0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n, 1n,
  ];
  const IDENTITY = bytesOf("1234567812345678");
  const modQ = (value) => { const rest = value % Q; return rest < 0n ? rest + Q : rest; };
  const number256 = (value) => fromHex(value.toString(16).padStart(64, "0"));
  function inverseQ(value) {
    let result = 1n;
    for (let e = Q - 2n, b = value; e; e >>= 1n, b = (b * b) % Q) if (e & 1n) result = (result * b) % Q;
    return result;
  }
  // Points as [X, Y, Z] with x = X/Z², y = Y/Z³; Z = 0 is the one at infinity.
  function doubledOnSm2([x, y, z]) {
    const zz = (z * z) % Q, yy = (y * y) % Q, xyy = (x * yy) % Q, slope = (3n * (x - zz) * (x + zz)) % Q;
    const own = modQ(slope * slope - 8n * xyy);
    return [own, modQ(slope * (4n * xyy - own) - 8n * yy * yy), modQ(2n * y * z)];
  }
  function addedOnSm2(one, other) {
    if (!one[2]) return other;
    if (!other[2]) return one;
    const [x1, y1, z1] = one, [x2, y2, z2] = other, zz1 = (z1 * z1) % Q, zz2 = (z2 * z2) % Q;
    const u = (x1 * zz2) % Q, s = (((y1 * zz2) % Q) * z2) % Q;
    const run = modQ(x2 * zz1 - u), rise = modQ(((y2 * zz1) % Q) * z1 - s);
    if (!run) return rise ? [1n, 1n, 0n] : doubledOnSm2(one);
    const square = (run * run) % Q, cube = (square * run) % Q, shifted = (u * square) % Q;
    const x = modQ(rise * rise - cube - 2n * shifted);
    return [x, modQ(rise * (shifted - x) - s * cube), (((z1 * z2) % Q) * run) % Q];
  }
  function sm2Identity(publicKey) {
    const curve = [Q - 3n, SM2_B, SM2_BASE[0], SM2_BASE[1]].map(number256), bits = 8 * IDENTITY.length;
    return sm3(joined(Uint8Array.of(bits >> 8, bits & 255), IDENTITY, ...curve, publicKey));
  }
  // What a verification reckons with, each number in its range and the key on the curve (7.1, B1, B2 and B5); null otherwise.
  function sm2Numbers(publicKey, signature) {
    if (publicKey.length !== 64 || signature.length !== 64) return null;
    const [x, y, r, s] = [publicKey, signature].flatMap((raw) => [bigEndian(raw.subarray(0, 32)), bigEndian(raw.subarray(32))]);
    if (x >= Q || y >= Q || modQ(y * y - (x * x - 3n) * x - SM2_B)) return null;
    const t = (r + s) % SM2_ORDER, isInRange = (value) => value > 0n && value < SM2_ORDER;
    if (!isInRange(r) || !isInRange(s) || !t) return null;
    return { x, y, r, s, t };
  }
  // Of the point s·G + t·K, reckoned in one pass, the first coordinate; null at infinity.
  function sm2Sum(s, t, x, y) {
    const key = [x, y, 1n], table = [null, SM2_BASE, key, addedOnSm2(SM2_BASE, key)];
    let sum = [1n, 1n, 0n];
    for (let bit = 255n; bit >= 0n; bit--) {
      sum = doubledOnSm2(sum);
      const pick = Number(((s >> bit) & 1n) | (((t >> bit) & 1n) << 1n));
      if (pick) sum = addedOnSm2(sum, table[pick]);
    }
    if (!sum[2]) return null;
    const inverse = inverseQ(sum[2]);
    return ((sum[0] * inverse) % Q) * inverse % Q;
  }
  // The point s·G + (r + s)·K gives back r.
  function sm2Holds(publicKey, signature, message) {
    const numbers = sm2Numbers(publicKey, signature);
    if (numbers === null) return false;
    const { x, y, r, s, t } = numbers, first = sm2Sum(s, t, x, y);
    if (first === null) return false;
    return (bigEndian(sm3(joined(sm2Identity(publicKey), message))) + first) % SM2_ORDER === r;
  }

  // ---------------------------------------------------------------- keys and policies
  const LOG = 1, WITNESS = 4, SM2_LOG = 255;
  // How a key writes its algorithm, how long it is, and how its signatures are checked.
  const ALGORITHMS = [
    { algorithm: LOG, mark: Uint8Array.of(1), size: 32, holds: ed25519Holds },
    { algorithm: WITNESS, mark: Uint8Array.of(4), size: 32, holds: ed25519Holds },
    { algorithm: SM2_LOG, mark: joined(Uint8Array.of(255), bytesOf("sm2-sm3/1")), size: 64, holds: sm2Holds },
  ];
  function readKey(line, ...algorithms) {
    const [name, identifier, ...rest] = line.split("+");
    const raw = rest.length ? unbased(rest.join("+")) : new Uint8Array(0);
    const found = ALGORITHMS.find(({ mark, size }) => raw.length === mark.length + size && same(raw.subarray(0, mark.length), mark));
    if (!found) malformed("不是有效的公钥：" + head(line, 60));
    const { algorithm, mark, holds } = found;
    if (toHex(sha256(joined(bytesOf(name + "\n"), raw)).subarray(0, 4)) !== identifier) malformed("公钥标识不符：" + name);
    if (!algorithms.includes(algorithm)) malformed("公钥种类不符：" + name);
    return { name, algorithm, bytes: raw.subarray(mark.length), identifier, holds };
  }
  const BLANKS = /[\t\n\v\f\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
  // Nobody counts twice: no key, name or member stands in a policy again.
  function readPolicy(text) {
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
    for (const line of text.split("\n")) {
      const [kind, ...rest] = line.split(BLANKS).filter(Boolean);
      if (!kind || kind.startsWith("#")) continue;
      if (kind === "quorum" && rest.length === 1) readQuorum(policy, rest[0]);
      else if (kind === "log" && (rest.length === 1 || rest.length === 2)) policy.logs.push(readNewKey(policy, rest[0], LOG, SM2_LOG));
      else if (kind === "witness" && (rest.length === 2 || rest.length === 3)) readWitness(policy, rest);
      else if (kind === "group" && rest.length > 2) readGroup(policy, rest);
      else malformed("策略文件中不认识的行：" + head([kind, ...rest].join(" "), 60));
    }
    return policy.quorum ? policy : malformed("策略文件应有且只有一行有效的 quorum");
  }
  const isDefined = (policy, name) => policy.witnesses.has(name) || policy.groups.has(name);
  const requireNew = (policy, name) => { if (name === "none" || isDefined(policy, name)) malformed("策略文件中的名称重复：" + name); };
  function readNewKey(policy, line, ...algorithms) {
    const key = readKey(line, ...algorithms);
    if ([...policy.logs, ...policy.witnesses.values()].some((other) => same(other.bytes, key.bytes))) malformed("策略文件中的公钥重复：" + key.name);
    return key;
  }
  function readQuorum(policy, name) {
    if (policy.quorum || !(name === "none" || isDefined(policy, name))) malformed("策略文件应有且只有一行有效的 quorum");
    policy.quorum = name;
  }
  function readWitness(policy, [name, line]) {
    requireNew(policy, name);
    policy.witnesses.set(name, readNewKey(policy, line, WITNESS));
  }
  function readGroup(policy, [name, count, ...members]) {
    requireNew(policy, name);
    const threshold = count === "all" ? BigInt(members.length) : count === "any" ? 1n : number(count);
    const taken = new Set([...policy.groups.values()].flatMap((group) => group.members));
    const isFree = members.every((member, i) => isDefined(policy, member) && !taken.has(member) && members.indexOf(member) === i);
    if (!isFree || threshold < 1n || threshold > BigInt(members.length)) malformed("策略文件的分组无效：" + name);
    policy.groups.set(name, { threshold, members });
  }
  const idOf = (key) => `${key.algorithm} ${toHex(key.bytes)} ${key.name}`;
  function isMet(policy, name, cosigned) {
    if (name === "none") return true;
    if (policy.witnesses.has(name)) return cosigned.has(idOf(policy.witnesses.get(name)));
    const { threshold, members } = policy.groups.get(name);
    return BigInt(members.filter((member) => isMet(policy, member, cosigned)).length) >= threshold;
  }

  // ---------------------------------------------------------------- notes and checkpoints
  // The text of a note and its signature lines; the text ends before the last empty line.
  function readNote(raw) {
    const note = utf8(raw, "检查点不是 UTF-8 文本"), middle = note.lastIndexOf("\n\n");
    if (middle < 0 || middle + 2 >= note.length || !note.endsWith("\n") || /[\x00-\x09\x0b-\x1f\x7f]/.test(note)) {
      malformed("检查点应为正文、空行和签名行");
    }
    const signatures = note.slice(middle + 2, -1).split("\n").map((line) => {
      const found = /^\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
      const value = found ? unbased(found[2]) : new Uint8Array(0);
      return value.length < 5 ? malformed("签名行格式不对") : { name: found[1], identifier: toHex(value.subarray(0, 4)), value: value.subarray(4) };
    });
    return { text: note.slice(0, middle + 1), signatures };
  }
  const LAST_SECOND = 253402300799n;
  const inBeijing = (seconds) => moment(seconds + 8n * 3600n) + "（北京时间）";
  const moment = (seconds) => new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ");
  // A checkpoint with its signatures checked: the log's own is required, cosignatures are kept with their times.
  function readCheckpoint(raw, policy, report) {
    const { text, signatures } = readNote(raw), lines = text.split("\n");
    const rootHash = lines.length === 4 && !lines[3] ? unbased(lines[2]) : new Uint8Array(0);
    if (rootHash.length !== 32) malformed("检查点应为来源、条数和树根三行");
    const signed = { origin: lines[0], size: number(lines[1]), root: rootHash, text, cosigned: new Map() };
    const known = new Map([...policy.logs, ...policy.witnesses.values()].map((key) => [`${key.identifier} ${key.name}`, key]));
    const seen = new Set(), kinds = new Set();
    let passedOver = 0;
    for (const { name, identifier, value } of signatures) {
      const key = known.get(`${identifier} ${name}`);
      if (!key || (key.algorithm !== WITNESS && key.name !== signed.origin)) { passedOver++; continue; }
      if (seen.has(idOf(key))) malformed(key.name + " 重复签名");
      seen.add(idOf(key));
      checkSignature(key, value, signed, report);
      if (key.algorithm !== WITNESS) kinds.add(key.algorithm);
    }
    if (!kinds.size) unmet("没有策略文件所列日志密钥的签名");
    if (kinds.size > 1) malformed("两种算法的日志密钥签了同一个检查点");
    // what the log signed with says how its tree is hashed; entries name the log without the mark of its second tree
    const isSecond = kinds.has(SM2_LOG);
    signed.digest = isSecond ? sm3 : sha256;
    signed.log = isSecond ? signed.origin.replace(/\/sm3$/, "") : signed.origin;
    if (passedOver) report.trust(`检查点上另有 ${passedOver} 行签名，其密钥不在策略文件中，未采信也未核验。`);
    return signed;
  }
  function checkSignature(key, value, signed, report) {
    const isWitness = key.algorithm === WITNESS;
    if (value.length !== (isWitness ? 72 : 64)) malformed(key.name + " 的签名长度不符");
    const at = isWitness ? bigEndian(value.subarray(0, 8)) : 0n;
    if (at > LAST_SECOND) malformed(key.name + " 的见证时刻不对");
    const message = bytesOf((isWitness ? `cosignature/v1\ntime ${at}\n` : "") + signed.text);
    if (!key.holds(key.bytes, value.subarray(-64), message)) wrong(key.name + " 的签名不成立");
    if (isWitness) signed.cosigned.set(idOf(key), at);
    report.holds(isWitness
      ? `见证方 ${key.name} 的签名成立，见证时刻 ${inBeijing(at)}（密钥标识 ${key.identifier}）`
      : `日志 ${key.name} 的签名成立${key.algorithm === SM2_LOG ? "（SM2）" : ""}：共 ${signed.size} 条（密钥标识 ${key.identifier}）`);
  }
  function requireQuorum(signed, policy, report) {
    if (!isMet(policy, policy.quorum, signed.cosigned)) {
      unmet(`见证签名不足：策略要求 ${policy.quorum}，现有 ${signed.cosigned.size} 个`);
    }
    if (policy.quorum !== "none") report.holds(`见证签名达到策略要求（${policy.quorum}）`);
  }
  function bounds(signed) {
    const times = [...signed.cosigned.values()].sort((a, b) => (a < b ? -1 : 1));
    if (!times.length) return "提示：没有见证签名，只能说明日志运营方自己签过名";
    return `见证 ${times.length} 个，最早 ${moment(times[0])} UTC：此前已在日志中`;
  }
  function requireOneLog(one, other) {
    if (one.origin !== other.origin) malformed(`两个检查点属于不同日志：${one.origin}、${other.origin}`);
  }

  // ---------------------------------------------------------------- the tree
  // The leaf of an entry; in the chain of its case always that of the first tree, by SHA-256.
  const leafHash = (body, digest = sha256) => digest(joined(Uint8Array.of(0), body));
  const parent = (one, other, digest) => digest(joined(Uint8Array.of(1), one, other));
  const emptyRoot = (digest) => digest(new Uint8Array(0));
  const bitLength = (value) => (value ? value.toString(2).length : 0);
  const ones = (value) => value.toString(2).replace(/0/g, "").length;
  function requireWidths(hashes) {
    if (hashes.some((hash) => hash.length !== 32)) malformed("散列应为 32 字节");
  }
  // Below the level where index and last leaf part, siblings lie on either side; above it all lie on the left.
  function rootByPath(index, size, leaf, path, digest = sha256) {
    if (index >= size) wrong(`只有 ${size} 条，没有第 ${index} 号`);
    requireWidths([leaf, ...path]);
    const inner = bitLength(index ^ (size - 1n)), length = inner + ones(index >> BigInt(inner));
    if (path.length !== length) wrong(path.length > length ? "路径过长" : "路径过短");
    return path.reduce((value, sibling, level) =>
      (level < inner && !((index >> BigInt(level)) & 1n) ? parent(value, sibling, digest) : parent(sibling, value, digest)), leaf);
  }
  // The newer tree begins with the older one, by an RFC 6962 consistency proof.
  function checkConsistency(older, newer, proof, olderRoot, newerRoot, digest = sha256) {
    if (older > newer) wrong(`日志变短了：从 ${older} 条到 ${newer} 条，这两个检查点就是证据`);
    if (older !== newer) requireWidths([olderRoot, newerRoot, ...proof]);
    if (older === newer || older === 0n) {
      if (proof.length) wrong("延续证明过长");
      if (older === newer && !same(olderRoot, newerRoot)) wrong("同样条数却有两个树根");
      if (older === 0n && !same(olderRoot, emptyRoot(digest))) wrong("零条的树根不对");
      return;
    }
    let level = 0n;
    while (!((older >> level) & 1n)) level++;
    const isPerfect = older === 1n << level, path = isPerfect ? [olderRoot, ...proof] : [...proof];
    const index = (older - 1n) >> level, inner = bitLength((older - 1n) ^ (newer - 1n)) - Number(level);
    if (path.length !== 1 + inner + ones(index >> BigInt(inner))) wrong("延续证明长度不对");
    let [before] = path, after = before;
    path.slice(1).forEach((sibling, i) => {
      const isLeft = i >= inner || (index >> BigInt(i)) & 1n;
      if (isLeft) before = parent(sibling, before, digest);
      after = isLeft ? parent(sibling, after, digest) : parent(after, sibling, digest);
    });
    if (!same(before, olderRoot)) wrong("延续证明不通向旧检查点的树根");
    if (!same(after, newerRoot)) wrong("延续证明不通向新检查点的树根：日志被改写，两个检查点就是证据");
  }
  // The root over leaves as they come: whole subtrees wait on a stack and are joined when two are of one height.
  function makeRoot(digest) {
    const stack = [];
    const add = (hash) => {
      let own = { height: 0, hash };
      while (stack.length && stack[stack.length - 1].height === own.height) {
        own = { height: own.height + 1, hash: parent(stack.pop().hash, own.hash, digest) };
      }
      stack.push(own);
    };
    const value = () => (stack.length
      ? stack.map((one) => one.hash).reduceRight((later, earlier) => parent(earlier, later, digest))
      : emptyRoot(digest));
    return { add, value };
  }
  function rootOf(hashes, digest = sha256) {
    const made = makeRoot(digest);
    hashes.forEach(made.add);
    return made.value();
  }

  // ---------------------------------------------------------------- tiles and bundles
  const WIDTH = 256n;
  function tileAddress(level, index, width) {
    const digits = String(index), whole = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
    const groups = whole.match(/.../g), last = groups.pop();
    return ["tile", level, ...groups.map((group) => "x" + group), last].join("/") + (width === 256 ? "" : `.p/${width}`);
  }
  function* widths(count) {
    for (let at = 0n; at < count; at += WIDTH) yield [at / WIDTH, count - at < WIDTH ? Number(count - at) : 256];
  }
  const chunks = (raw) => Array.from({ length: raw.length / 32 }, (_, i) => raw.subarray(32 * i, 32 * i + 32));
  async function readTile(fetch, level, index, width) {
    const address = tileAddress(level, index, width), raw = await fetch(address);
    if (raw.length !== 32 * width) malformed(address + " 长度不对");
    return chunks(raw);
  }
  async function readBundle(fetch, index, width) {
    const address = tileAddress("entries", index, width), raw = await fetch(address), bodies = [];
    let at = 0;
    while (at < raw.length) {
      const end = at + 2 + raw[at] * 256 + (at + 1 < raw.length ? raw[at + 1] : raw.length);
      bodies.push(raw.subarray(at + 2, end));
      at = end;
    }
    if (at !== raw.length || bodies.length !== width) malformed(address + " 的条目不完整");
    return bodies;
  }

  // ---------------------------------------------------------------- entries
  const LONE = /\p{Surrogate}/u, TOO_DEEP = 64;
  // The one spelling of a value: keys of ASCII in order, whole numbers below 2^53, whole characters.
  function canonicalText(value, depth = 0) {
    if (depth > TOO_DEEP) malformed("内容层次过深");
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : malformed("内容中的数不是允许的整数");
    if (typeof value === "string") return LONE.test(value) ? malformed("字符无法编码") : JSON.stringify(value);
    if (Array.isArray(value)) return "[" + value.map((one) => canonicalText(one, depth + 1)).join(",") + "]";
    const keys = Object.keys(value).sort();
    // eslint-disable-next-line no-control-regex
    if (keys.some((key) => /[^\x00-\x7f]/.test(key))) malformed("栏目名应为 ASCII");
    return "{" + keys.map((key) => JSON.stringify(key) + ":" + canonicalText(value[key], depth + 1)).join(",") + "}";
  }
  function readJson(raw, complaint) {
    const text = utf8(raw, complaint);
    // JSON.parse takes 1.0 and 1e2 for whole numbers; here they are none
    if (/[0-9][.eE]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'))) malformed("内容中的数不是允许的整数");
    try { return JSON.parse(text); } catch { return malformed(complaint); }
  }
  const TEXTS = ["log", "id", "at", "tenant", "type", "subject", "prev", "actor", "role", "auth", "req", "pay"];
  const FIELDS = [...TEXTS, "v", "n", "files", "refs"];
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  function readBody(raw) {
    const fields = readJson(raw, "存证正文不是 JSON");
    const isComplete = isObject(fields) && Object.keys(fields).length === FIELDS.length && FIELDS.every((name) => Object.hasOwn(fields, name));
    if (!isComplete || !same(bytesOf(canonicalText(fields)), raw)) malformed("存证正文不是规范格式");
    const isTyped = fields.v === 1 && Number.isInteger(fields.n) && Array.isArray(fields.files) && Array.isArray(fields.refs);
    if (!isTyped || TEXTS.some((name) => typeof fields[name] !== "string")) malformed("存证正文字段类型不对");
    return fields;
  }
  const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  // Microseconds of a moment as entries state it, counted from year 0.
  function microseconds(text) {
    const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{6})Z$/.exec(text);
    if (!found) malformed("时刻格式不对：" + head(text, 40));
    const [year, month, day, hour, minute, second, fraction] = found.slice(1).map(Number);
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const length = (which) => DAYS[which - 1] + (which === 2 && isLeap ? 1 : 0);
    if (month < 1 || month > 12 || day < 1 || day > length(month) || hour > 23 || minute > 59 || second > 59) {
      malformed("没有这个时刻：" + text);
    }
    let days = 365 * year + Math.ceil(year / 4) - Math.ceil(year / 100) + Math.ceil(year / 400) + day;
    for (let which = 1; which < month; which++) days += length(which);
    return BigInt(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000000n + BigInt(fraction);
  }
  const EPOCH = microseconds("1970-01-01T00:00:00.000000Z") / 1000000n;
  function commitmentOf(payload, salt) {
    return toHex(hmac(salt, joined(bytesOf("ledger-payload/1\n"), bytesOf(canonicalText(payload)))));
  }
  function readSalt(text) {
    if (!/^\s*(?:[0-9a-f]{2}\s*)*$/i.test(text)) malformed("内容或盐不是有效格式");
    return fromHex(text.replace(/\s+/g, ""));
  }

  // ---------------------------------------------------------------- the checks
  // Each takes bytes and { policy: text, … }, and reports: lines as a command prints them, steps that hold one by one,
  // and what is believed without being shown.
  const NOT_SHOWN = "内容是否属实、平台以外发生过什么、坐在键盘前的是谁，任何核验程序都不能证明。";
  function trustKeys(report, policy) {
    const keys = [...policy.logs, ...policy.witnesses.values()].map((key) => `${key.name}（${key.identifier}）`);
    report.trust(`策略文件所列公钥确属其人：${keys.join("、") || "无"}。请与公告的公钥核对。`);
    if (policy.quorum === "none") report.trust("策略文件不要求见证：运营方若另签一份历史给别人，本核验看不出来。");
  }

  function readReceipt(raw) {
    let middle = 0;
    while (middle + 1 < raw.length && (raw[middle] !== 10 || raw[middle + 1] !== 10)) middle++;
    const front = raw.subarray(0, middle);
    if (middle + 1 >= raw.length || front.some((byte) => byte > 127)) malformed("回执缺少检查点");
    const lines = String.fromCharCode(...front.subarray(0, 30)).startsWith("c2sp.org/tlog-proof@v1\n") ? utf8(front, "").split("\n") : [];
    if (lines.length < 3) malformed("不是存证回执");
    if (!lines[1].startsWith("extra ") || !lines[2].startsWith("index ")) malformed("回执缺少正文或序号");
    const path = lines.slice(3).map(unbased);
    if (path.length > 63 || path.some((one) => one.length !== 32)) malformed("回执的路径格式不对");
    return { body: unbased(lines[1].slice(6)), index: number(lines[2].slice(6)), path, checkpoint: raw.subarray(middle + 2) };
  }
  const leadsToRoot = (body, index, path, { size, root: rootHash, digest }) =>
    same(rootByPath(index, size, leafHash(body, digest), path, digest), rootHash);
  // Options: payload (bytes of JSON) with salt (hex), file (bytes) or files ([{ name, bytes }]).
  async function checkReceipt(raw, options, report) {
    const policy = readPolicy(options.policy), { body, index, path, checkpoint } = readReceipt(raw);
    const signed = readCheckpoint(checkpoint, policy, report);
    if (!leadsToRoot(body, index, path, signed)) {
      wrong("路径不通向检查点的树根：这条存证不在日志中");
    }
    report.holds(`由存证正文经 ${path.length} 个散列算出的树根与检查点一致：这条存证是日志 ${signed.size} 条中的第 ${index} 号`);
    const fields = readBody(body);
    if (fields.log !== signed.log) wrong("存证正文属于另一日志");
    const at = microseconds(fields.at) / 1000000n - EPOCH;
    report.holds(`存证正文格式规范，事项代号 ${fields.type}，办理人代号 ${fields.actor}`);
    report.say(`存证成立：第 ${index} 号，共 ${signed.size} 条，案件 ${fields.subject} 第 ${fields.n} 条，${fields.type}，${fields.at}`);
    checkPayload(fields, options, report);
    checkFiles(fields, options, report);
    requireQuorum(signed, policy, report);
    report.say(bounds(signed));
    trustKeys(report, policy);
    report.trust(NOT_SHOWN);
    report.told = `这条存证确在日志中：案件 ${fields.subject} 的第 ${fields.n} 条，日志 ${signed.size} 条中的第 ${index} 号，记录于 ${inBeijing(at)}。`;
  }
  function checkPayload(fields, { payload, salt }, report) {
    if (!payload) { report.trust("存证里只有对内容的承诺。没有提供内容和盐，内容本身没有核验。"); return; }
    let value = readJson(payload, "内容或盐不是有效格式");
    if (salt === undefined && isObject(value) && "salt" in value && "content" in value) { // one file with both
      const own = readSalted(value);
      if (own.content === null) incomplete("内容已按规定擦除，不能再与承诺核对");
      [value, salt] = [readJson(bytesOf(own.content), "内容或盐不是有效格式"), own.salt];
    }
    if (commitmentOf(value, readSalt(salt || "")) !== fields.pay) wrong("内容与存证的承诺不符");
    report.holds("内容与存证的承诺一致");
    report.say("内容与存证的承诺一致");
  }
  function checkFiles(fields, { file, files }, report) {
    const given = file ? [{ name: "", bytes: file }] : files || [];
    for (const { name, bytes } of given) {
      const digest = toHex(sha256(bytes));
      const isListed = fields.files.some((one) => isObject(one) && one.sha256 === digest);
      if (!isListed) wrong(`文件${name ? " " + name + " " : ""}不是存证所列文件（SHA-256 ${digest}）`);
      report.holds(`文件${name ? " " + name + " " : ""}与存证一致（SHA-256 ${digest}）`);
      report.say("文件与存证一致");
    }
    const listed = fields.files.filter((one) => !isObject(one) || one.kind !== "rows").length;
    if (!given.length && listed) report.trust(`存证列有 ${listed} 个文件的散列。没有提供文件，文件没有核验。`);
    if (listed < fields.files.length) report.trust("存证另有业务数据核对值（不是文件），供平台每夜与数据库核对；数据库没有核验。");
  }

  // Options: age (seconds), now (seconds since 1970).
  async function checkCheckpoint(raw, options, report) {
    const policy = readPolicy(options.policy), signed = readCheckpoint(raw, policy, report);
    requireQuorum(signed, policy, report);
    if (options.age !== undefined) {
      const newest = Number([...signed.cosigned.values()].reduce((a, b) => (a > b ? a : b), 0n));
      if (options.now - newest > options.age) unmet(`最近的见证签名已超过 ${options.age} 秒`);
      report.holds(`最近的见证签名不早于 ${options.age} 秒以前`);
    }
    report.say(`检查点成立：${signed.origin} 共 ${signed.size} 条，树根 ${toHex(signed.root)}`);
    report.say(bounds(signed));
    report.told = `日志 ${signed.origin} 当时共 ${signed.size} 条，日志的签名成立，${signed.cosigned.size ? `见证签名 ${signed.cosigned.size} 个` : "没有见证签名"}。`;
    trustKeys(report, policy);
    report.trust("检查点只说明日志此时的样子；其中每一条是否完好，须用回执或整个日志核验。");
  }

  // Options: older and newer (bytes of checkpoints), and either fetch (tiles) or proof (bytes of a request for a witness).
  async function checkExtend(options, report) {
    const policy = readPolicy(options.policy);
    const [older, newer] = [options.older, options.newer].map((raw) => readCheckpoint(raw, policy, report));
    requireOneLog(older, newer);
    if (older.size > newer.size) wrong(`日志变短了：从 ${older.size} 条到 ${newer.size} 条，这两个检查点就是证据`);
    if (options.proof) extendByProof(options.proof, older, newer);
    else await extendByTiles(options.fetch, older, newer);
    report.holds(`较新的 ${newer.size} 条以较旧的 ${older.size} 条开头，原有各条未改、未删、未插入`);
    report.say(`新检查点（${newer.size} 条）延续旧检查点（${older.size} 条）`);
    trustKeys(report, policy);
  }
  function extendByProof(raw, older, newer) {
    if (older.digest !== newer.digest) malformed("两个检查点的散列算法不同，延续证明不能核验");
    const [front] = utf8(raw, "延续证明不是 UTF-8 文本").split("\n\n"), [first, ...hashes] = front.split("\n");
    if (!first.startsWith("old ")) malformed("不是延续证明");
    if (number(first.slice(4)) !== older.size) incomplete(`延续证明从 ${first.slice(4)} 条开始，不是从旧检查点的 ${older.size} 条`);
    checkConsistency(older.size, newer.size, hashes.map(unbased), older.root, newer.root, newer.digest);
  }
  async function extendByTiles(fetch, older, newer) {
    const tree = makeRoot(newer.digest), before = older.digest === newer.digest ? tree : makeRoot(older.digest);
    let count = 0n, isTrue = older.size > 0n || same(older.root, emptyRoot(older.digest));
    for (const [index, width] of widths(newer.size)) {
      for (const leaf of await readTile(fetch, 0, index, width)) {
        tree.add(leaf);
        if (before !== tree) before.add(leaf);
        if (++count === older.size) isTrue = same(before.value(), older.root);
      }
    }
    const size = isTrue ? newer.size : older.size;
    if (!isTrue || !same(tree.value(), newer.root)) wrong(`${size} 条的树根与公布的散列不符：日志被改写，两个检查点就是证据`);
  }

  async function checkCompare(raw, otherRaw, options, report) {
    const policy = readPolicy(options.policy);
    const [one, other] = [raw, otherRaw].map((each) => readCheckpoint(each, policy, report));
    requireOneLog(one, other);
    if (one.size !== other.size) incomplete("两个检查点条数不同，须用 extend 核验");
    if (!same(one.root, other.root)) {
      wrong(`同为 ${one.size} 条却有两个树根，均有日志签名：\n${one.text}${other.text}这两个检查点就是分裂视图的证据`);
    }
    report.holds(`两个检查点同为 ${one.size} 条，树根相同`);
    report.say(`两个检查点一致：${one.size} 条`);
    trustKeys(report, policy);
  }

  // Options: fetch (name → bytes; throws incomplete), first (number of the first entry whose body is read), progress.
  const BACKWARDS = 5n * 60n * 1000000n;
  async function checkAudit(options, report) {
    const policy = readPolicy(options.policy), { fetch } = options, first = BigInt(options.first || 0);
    const signed = readCheckpoint(await fetch("checkpoint"), policy, report);
    const audit = { log: signed.log, digest: signed.digest, isWhole: first < WIDTH, problems: [], chains: new Map(), latest: 0n, backwards: 0 };
    const tree = makeRoot(signed.digest), full = [];
    for (const [index, width] of widths(signed.size)) {
      const tile = await readTile(fetch, 0, index, width);
      if ((index + 1n) * WIDTH > first) {
        (await readBundle(fetch, index, width)).forEach((body, i) => examineEntry(audit, index * WIDTH + BigInt(i), body, tile[i]));
      }
      tile.forEach(tree.add);
      if (width === 256) full.push(rootOf(tile, signed.digest));
      if (options.progress) await options.progress(index * WIDTH + BigInt(width), signed.size);
    }
    if (!same(tree.value(), signed.root)) audit.problems.push("全部散列的树根与检查点不符");
    await auditUpper(fetch, full, audit);
    if (audit.problems.length) wrong(audit.problems.map(oneLine).join("\n"));
    report.holds(`${signed.size} 条正文逐条重算，与公布的散列一致；全部散列的树根与检查点一致`);
    report.holds(`${audit.chains.size} 个案件的链各自首尾相接，没有缺号`);
    requireQuorum(signed, policy, report);
    report.say(`日志完整：${signed.size} 条，${audit.chains.size} 个案件，树根 ${toHex(signed.root)}`);
    if (audit.backwards) report.say(`提示：${audit.backwards} 处时刻早于前一条五分钟以上`);
    report.say(bounds(signed));
    trustKeys(report, policy);
    report.trust("整个日志一起改写重签的，只看日志自身看不出来：请把自己保存过的旧检查点一并放入。");
    report.trust(NOT_SHOWN);
  }
  function examineEntry(audit, place, body, published) {
    const leaf = leafHash(body), own = audit.digest === sha256 ? leaf : leafHash(body, audit.digest);
    if (!same(own, published)) audit.problems.push(`第 ${place} 号：正文与散列不符`);
    let fields, at;
    try {
      fields = readBody(body);
      at = microseconds(fields.at);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      audit.problems.push(`第 ${place} 号：${problem.message}`);
      return;
    }
    if (fields.log !== audit.log) audit.problems.push(`第 ${place} 号：属于另一日志`);
    const { subject, n, prev } = fields, [count, previous] = audit.chains.get(subject) || [0, "0".repeat(64)];
    const isBegunBefore = !audit.chains.has(subject) && !audit.isWhole;
    if (!isBegunBefore && (n !== count + 1 || prev !== previous)) {
      audit.problems.push(`第 ${place} 号：案件 ${subject} 的链在第 ${count + 1} 条断开`);
    }
    audit.chains.set(subject, [n, toHex(leaf)]);
    if (at < audit.latest - BACKWARDS) audit.backwards++;
    if (at > audit.latest) audit.latest = at;
  }
  // The tiles above the leaves hold the roots of the full tiles below them.
  async function auditUpper(fetch, bottom, { problems, digest }) {
    for (let level = 1, row = bottom; row.length; level++) {
      for (const [index, width] of widths(BigInt(row.length))) {
        const tile = await readTile(fetch, level, index, width), from = Number(index) * 256;
        if (!tile.every((hash, i) => same(hash, row[from + i]))) problems.push(`${tileAddress(level, index, width)} 与下层散列不符`);
      }
      row = Array.from({ length: Math.floor(row.length / 256) }, (_, i) => rootOf(row.slice(256 * i, 256 * i + 256), digest));
    }
  }

  // ---------------------------------------------------------------- a case file: one ZIP with a manifest of digests
  const LARGEST_CASE = 1024 * 1024 * 1024;
  // The members of a ZIP as { name, method, size, packed }; no ZIP64, no encryption, no name twice.
  function membersOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), members = new Map();
    const bad = () => malformed("ZIP 文件不完整或不是本平台的写法");
    let end = bytes.length - 22;
    while (end >= Math.max(0, bytes.length - 65557) && view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < 0 || view.getUint32(end, true) !== 0x06054b50) bad();
    let total = 0;
    for (let i = 0, at = view.getUint32(end + 16, true); i < view.getUint16(end + 10, true); i++) {
      if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) bad();
      const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
      const [packedSize, size, nameSize] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
      const start = view.getUint32(at + 42, true), name = utf8(bytes.subarray(at + 46, at + 46 + nameSize), "ZIP 中的文件名不是 UTF-8");
      if (flags & 1 || (method !== 0 && method !== 8) || members.has(name) || start + 30 > end) bad();
      if ((total += size) > LARGEST_CASE) malformed("ZIP 解开后超过 1 GB");
      const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
      if (from + packedSize > end) bad();
      members.set(name, { name, method, size, packed: bytes.subarray(from, from + packedSize) });
      at += 46 + nameSize + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return members;
  }
  async function unpacked({ name, method, size, packed }) {
    if (method === 0) return packed;
    if (typeof DecompressionStream !== "function") incomplete("这个浏览器不能解开 ZIP，请换用新版浏览器，或运行 lunheng verify");
    const out = new Uint8Array(size);
    let at = 0;
    try {
      const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (at + part.value.length > size) throw new RangeError("longer than stated");
        out.set(part.value, at);
        at += part.value.length;
      }
    } catch { malformed(`ZIP 中的 ${name} 无法解开`); }
    return at === size ? out : malformed(`ZIP 中的 ${name} 长度不对`);
  }
  // Members of which more than the digest is looked at.
  const isRead = ({ path, kind }) => /^(?:ledger|extra)\/|\.(?:body|payload)\.json$/.test(path) || kind === "entry" || kind === "receipt";
  // Options: policy (text; with it the receipts are checked, without it only whose they are), members (of a folder, in
  // the place of a ZIP), progress. A policy.txt among the members is nobody's word but the file's own, and is not used.
  // The report carries `extra`: the members beside documents and ledger, such as draw records.
  async function checkCase(raw, options, report) {
    const policy = options.policy === undefined ? null : readPolicy(options.policy), members = options.members || membersOf(raw);
    if (!members.has("manifest.json")) malformed("ZIP 中没有 manifest.json，不是案件归档文件");
    const manifest = readJson(await unpacked(members.get("manifest.json")), "manifest.json 不是 JSON");
    const isManifest = isObject(manifest) && manifest.format === "lunheng-case-file/1" && isObject(manifest.case) && typeof manifest.case.reference === "string" && Array.isArray(manifest.files);
    if (!isManifest || !manifest.files.every((one) => isObject(one) && typeof one.path === "string")) malformed("manifest.json 不是案件归档文件的目录");
    const problems = [], contents = new Map(), withheld = manifest.files.filter((one) => one.sha256 === undefined || !members.has(one.path));
    const listed = new Set(manifest.files.map((one) => one.path));
    for (const name of members.keys()) if (name !== "manifest.json" && !listed.has(name)) problems.push(`${name} 不在目录中`);
    for (const one of manifest.files) {
      if (!members.has(one.path)) continue;
      const content = await unpacked(members.get(one.path));
      if (toHex(sha256(content)) !== one.sha256) problems.push(`${one.path} 与目录所列摘要不符`);
      if (isRead(one)) contents.set(one.path, content);
      if (options.progress) await options.progress(contents.size, manifest.files.length);
    }
    const missing = withheld.filter((one) => !one.withheld).map((one) => one.path);
    const told = checkChain(manifest, contents, problems), receipts = checkReceipts(manifest, contents, policy, problems, report);
    if (problems.length) wrong(problems.map(oneLine).join("\n"));
    if (missing.length) incomplete(oneLine(`目录所列文件不在 ZIP 中：${missing.join("、")}`));
    for (const signed of receipts.signed.values()) requireQuorum(signed, policy, report);
    report.holds(`${manifest.files.length - withheld.length} 个文件与目录所列摘要一致`);
    report.holds(`案件 ${manifest.case.reference} 的 ${told.entries} 条存证首尾相接，没有缺号`);
    report.holds(`${told.payloads} 条内容与存证的承诺一致` + (told.erased ? `，${told.erased} 条内容已擦除` : ""));
    report.say(`归档文件前后一致：案件 ${manifest.case.reference}，存证 ${told.entries} 条，文件 ${manifest.files.length - withheld.length} 个`);
    if (withheld.length) report.trust(`${withheld.length} 个文件或内容按权限未附上，没有核验。`);
    tellReceipts(receipts, told.entries, policy, report);
    report.trust(NOT_SHOWN);
    report.extra = [...contents].filter(([name]) => name.startsWith("extra/")).map(([name, bytes]) => ({ name, bytes }));
  }
  // Every receipt is of the entry beside it; with a policy it also leads to a checkpoint that the log signed.
  function checkReceipts(manifest, contents, policy, problems, report) {
    const receipts = { count: 0, signed: new Map() };
    for (const { path } of manifest.files.filter((one) => one.kind === "receipt" && contents.has(one.path))) {
      const receipt = readReceipt(contents.get(path)), beside = contents.get(path.replace(/tlog-proof$/, "body.json"));
      receipts.count++;
      if (!beside || !same(receipt.body, beside)) problems.push(`${path} 不是同号存证的回执`);
      if (policy) checkInLog(path, receipt, receipts.signed, policy, problems, report);
    }
    return receipts;
  }
  function checkInLog(path, { body, index, path: hashes, checkpoint }, known, policy, problems, report) {
    const name = toHex(checkpoint);
    if (!known.has(name)) known.set(name, readCheckpoint(checkpoint, policy, report)); // one export stands under one checkpoint
    const signed = known.get(name);
    if (!leadsToRoot(body, index, hashes, signed)) problems.push(`${path}：路径不通向检查点的树根，这条存证不在日志中`);
    if (readBody(body).log !== signed.log) problems.push(`${path}：存证正文属于另一日志`);
  }
  function tellReceipts({ count, signed }, entries, policy, report) {
    if (count && policy) {
      report.say(`回执 ${count} 张全部成立`);
      report.holds(`${count} 张回执全部成立：这些存证在签名的日志中`);
      for (const one of signed.values()) report.say(bounds(one));
      trustKeys(report, policy);
    } else if (count) {
      report.say(`回执 ${count} 张与存证对应；给出 --policy 策略文件，才能核验签名`);
      report.holds(`${count} 张回执与同号存证对应`);
      report.trust("没有给出策略，回执上的签名没有核验。归档文件自带的 policy.txt 只是它自己的说法，与公告的公钥核对之后再作为策略给出。");
    }
    if (!count) report.trust("归档文件自身前后一致，不等于这些存证在公开的日志中：请再核验其中任一条的回执（越靠后越好）。");
    else if (count < entries) report.trust(`${entries - count} 条存证没有附回执（写出归档文件时尚未签发），是否在日志中没有核验。`);
  }
  function checkChain(manifest, contents, problems) {
    const told = { entries: 0, payloads: 0, erased: 0 };
    let previous = "0".repeat(64);
    for (const { path, leaf } of manifest.files.filter((one) => one.kind === "entry")) {
      const body = contents.get(path);
      if (!body) { problems.push(`缺少存证 ${path}`); continue; }
      const fields = readBody(body), own = toHex(leafHash(body));
      told.entries++;
      if (own !== leaf) problems.push(`${path} 的散列与目录不符`);
      if (fields.subject !== manifest.case.reference) problems.push(`${path} 属于另一案件`);
      if (fields.n !== told.entries || fields.prev !== previous) problems.push(`${path}：案件的链在第 ${told.entries} 条断开`);
      previous = own;
      checkSealed(path, fields, contents.get(path.replace(/body\.json$/, "payload.json")), told, problems);
    }
    const { entries, last_leaf: lastLeaf } = manifest.case;
    if (entries !== told.entries || (told.entries && lastLeaf !== previous)) problems.push("存证的条数或末条与目录不符");
    return told;
  }
  function checkSealed(path, fields, raw, told, problems) {
    if (!raw) return;
    const { salt, content } = readSalted(readJson(raw, `${path} 的内容不是 JSON`));
    if (content === null) { told.erased++; return; }
    told.payloads++;
    if (commitmentOf(readJson(bytesOf(content), `${path} 的内容不是 JSON`), readSalt(salt)) !== fields.pay) {
      problems.push(`${path}：内容与存证的承诺不符`);
    }
  }
  // What a case file says of an entry's content: { salt, content }, both null when it was erased.
  function readSalted(value) {
    const isSalted = isObject(value) && ["salt", "content"].every((name) => value[name] === null || typeof value[name] === "string");
    return isSalted && (value.salt === null) === (value.content === null) ? value : malformed("不是存证的内容和盐");
  }

  // ---------------------------------------------------------------- reports, and what a file is
  async function reported(work) {
    const report = { code: 0, lines: [], steps: [], trusted: [], problem: "" };
    report.say = (text) => report.lines.push(oneLine(text));
    report.holds = (text) => report.steps.push(text);
    report.trust = (text) => report.trusted.push(text);
    try {
      await work(report);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const told = problem.message.split("\n").map(oneLine).join("\n");
      Object.assign(report, { code: problem.code, problem: told, lines: [`${KINDS[problem.code]}：${told}`] });
    }
    return report;
  }
  const KINDS = ["", "不符", "格式不对", "未达到策略要求", "材料不全"];
  const check = {
    receipt: (raw, options) => reported((report) => checkReceipt(raw, options, report)),
    checkpoint: (raw, options) => reported((report) => checkCheckpoint(raw, options, report)),
    extend: (options) => reported((report) => checkExtend(options, report)),
    compare: (raw, other, options) => reported((report) => checkCompare(raw, other, options, report)),
    audit: (options) => reported((report) => checkAudit(options, report)),
    case: (raw, options) => reported((report) => checkCase(raw, options || {}, report)),
  };
  // By content, never by name: "case", "receipt", "request", "checkpoint", "policy", "payload", "transcript" or "file".
  function recognize(raw) {
    const start = String.fromCharCode(...raw.subarray(0, 64));
    if (start.startsWith("PK\x03\x04")) return "case";
    if (start.startsWith("c2sp.org/tlog-proof@")) return "receipt";
    if (/^\s*[[{]/.test(start.replace(/^\xef\xbb\xbf/, ""))) return recognizeJson(raw);
    let text;
    try { text = utf8(raw, ""); } catch { return "file"; }
    if (/^old [0-9]+\r?\n/.test(text)) return "request";
    if (/^\u2014 /m.test(text)) return "checkpoint";
    return /^\s*quorum\s/m.test(text) ? "policy" : "file";
  }
  function recognizeJson(raw) {
    try {
      readSalted(readJson(raw, ""));
      return "payload";
    } catch { return "transcript"; }
  }
  const sizeOf = (raw) => number(readNote(raw).text.split("\n")[1] || "");

  root.LunhengLedger = {
    check, recognize, readSalted, readJson, incomplete, sizeOf, run: main,
    tools: { sha256, sha512, sm3, hmac, ed25519Holds, sm2Holds, sm2Numbers, sm2Sum, rootByPath, checkConsistency, rootOf, microseconds, unbased, toHex, fromHex, leafHash, tileAddress, Problem },
  };

  // ---------------------------------------------------------------- the command line
  const USAGE = "用法：node verify_ledger.js receipt|checkpoint|extend|audit|compare|case 文件 --policy 策略文件（详见本文件开头）";
  const TAKES = {
    receipt: ["policy", "payload", "salt", "file"], checkpoint: ["policy", "age"], extend: ["policy", "from", "to"],
    audit: ["policy", "from"], compare: ["policy"], case: ["policy"],
  };
  // The words of a command as { places, policy, … }; null when they are none.
  function parsed([command, ...words]) {
    const options = { places: [] };
    for (let i = 0; i < words.length; i++) {
      if (!words[i].startsWith("--")) { options.places.push(words[i]); continue; }
      const name = words[i].slice(2);
      if (!(TAKES[command] || []).includes(name) || i + 1 >= words.length) return null;
      options[name] = words[++i];
    }
    const isWhole = options.places.length === (command === "compare" ? 2 : 1) && (command === "case" || options.policy !== undefined);
    const isNumber = (text) => text === undefined || /^-?[0-9]+$/.test(text);
    if (!TAKES[command] || !isWhole || !isNumber(options.age) || (command === "audit" && !isNumber(options.from))) return null;
    return command === "extend" && !(options.from && options.to) ? null : options;
  }
  // The members of a case file that was unpacked, as those of a ZIP; what systems put beside files does not count.
  const LITTER = ["__MACOSX", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"];
  function folderMembers(folder, fs, read) {
    const names = fs.readdirSync(folder, { recursive: true }).map((name) => name.split(/[\\/]/));
    const kept = names.filter((parts) => !parts.some((part) => LITTER.includes(part))).map((parts) => parts.join("\0")).sort();
    const members = new Map();
    for (const name of kept.map((joinedName) => joinedName.replaceAll("\0", "/"))) {
      if (!fs.statSync(folder + "/" + name, { throwIfNoEntry: false })?.isFile()) continue;
      const packed = read(folder + "/" + name);
      members.set(name, { name, method: 0, size: packed.length, packed });
    }
    return members;
  }
  function perform(command, options, fs) {
    const read = (path) => { try { return new Uint8Array(fs.readFileSync(path)); } catch (error) { return malformed("无法读取文件：" + error.message); } };
    const fetch = async (name) => { try { return new Uint8Array(fs.readFileSync(options.places[0] + "/" + name)); } catch { return incomplete("缺少 " + name); } };
    const [place, other] = options.places, has = (name) => options[name] !== undefined && options[name] !== "";
    const isJudged = command !== "case" || has("policy");
    const trusted = isJudged ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(read(options.policy)) : undefined;
    const given = { policy: trusted, fetch };
    switch (command) {
      case "receipt": {
        const payload = has("payload") ? read(options.payload) : null, file = has("file") ? read(options.file) : null;
        return check.receipt(read(place), { ...given, payload, salt: options.salt, file });
      }
      case "checkpoint": return check.checkpoint(read(place), { ...given, age: has("age") ? Number(options.age) : undefined, now: Date.now() / 1000 });
      case "extend": {
        const proof = fs.statSync(place, { throwIfNoEntry: false })?.isFile() ? read(place) : null;
        return check.extend({ ...given, older: read(options.from), newer: read(options.to), proof });
      }
      case "audit": return check.audit({ ...given, first: Math.max(0, Number(options.from || 0)) });
      case "compare": return check.compare(read(place), read(other), given);
      default: {
        const isFolder = fs.statSync(place, { throwIfNoEntry: false })?.isDirectory();
        return isFolder ? check.case(null, { ...given, members: folderMembers(place, fs, read) }) : check.case(read(place), given);
      }
    }
  }
  async function main(words, fs) {
    const options = parsed(words);
    if (!options) { console.log(USAGE); return 2; }
    const { code, lines } = await reported(async (report) => Object.assign(report, await perform(words[0], options, fs)));
    console.log(lines.join("\n"));
    return code;
  }
  if (typeof process === "object" && process.argv && /verify_ledger\.js$/.test(process.argv[1] || "")) {
    const load = typeof require === "function" ? require : (name) => process.getBuiltinModule(name);
    main(process.argv.slice(2), load("fs")).then((code) => { process.exitCode = code; });
  }
})(globalThis);
