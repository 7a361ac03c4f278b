// 核验抽取记录 · the second, independent verifier: one file, no library, no network, no solver.
//
//   node verify_draw.js 抽取记录.json [--commit 事先公布的承诺值]
//   in a browser: LunhengVerify.examineText(text) → { kind: "holds" | "false" | "malformed", problems, … }
//
// Whole numbers only (BigInt), own SHA-256 and SM3, so that it runs from a file with the cable pulled.
// It was written from the format in docs/draw.md and shares nothing with the Python verifier.
(function (root) {
  "use strict";

  // ---------------------------------------------------------------- refusals
  class Malformed extends Error {}
  class Wrong extends Error {}
  const malformed = (text) => { throw new Malformed(text); };
  const wrong = (text) => { throw new Wrong(text); };

  // ---------------------------------------------------------------- text order: by code point, as in Python
  function compareText(a, b) {
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) {
      let x = a.charCodeAt(i), y = b.charCodeAt(i);
      if (x === y) continue;
      // surrogates stand for code points above all others
      if (x >= 0xd800 && x < 0xe000) x += 0x10000;
      if (y >= 0xd800 && y < 0xe000) y += 0x10000;
      return x - y;
    }
    return a.length - b.length;
  }
  const sortedTexts = (items) => [...items].sort(compareText);
  function compareLists(a, b) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compareText(a[i], b[i]);
      if (order) return order;
    }
    return a.length - b.length;
  }

  // ---------------------------------------------------------------- a strict JSON reader
  // JSON.parse takes 1.0 for 1, rounds long numbers and keeps the last of two equal keys: all three are refused.
  const TOO_DEEP = 200;
  function readJson(text) {
    let at = 0;
    const bad = () => malformed("文件不是 JSON");
    const blank = () => { while (at < text.length && " \t\n\r".includes(text[at])) at++; };
    const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

    function string() {
      let out = "";
      for (at++; ;) {
        if (at >= text.length) bad();
        const char = text[at++];
        if (char === '"') return out;
        if (char < " ") bad();
        if (char !== "\\") { out += char; continue; }
        const kind = text[at++];
        if (kind === "u") {
          const digits = text.slice(at, at + 4);
          if (!/^[0-9a-fA-F]{4}$/.test(digits)) bad();
          out += String.fromCharCode(parseInt(digits, 16));
          at += 4;
        } else if (kind in ESCAPES) out += ESCAPES[kind];
        else bad();
      }
    }
    function number() {
      const found = /^-?(?:0|[1-9][0-9]*)/.exec(text.slice(at, at + 5000));
      if (!found) bad();
      at += found[0].length;
      if (/^(?:\.[0-9]|[eE][-+]?[0-9])/.test(text.slice(at, at + 3))) malformed("记录中不允许出现小数");
      if (found[0].length > 4300) bad();
      return BigInt(found[0]);
    }
    function list(depth) {
      const out = [];
      at++; blank();
      if (text[at] === "]") { at++; return out; }
      for (;;) {
        out.push(value(depth + 1)); blank();
        const next = text[at++];
        if (next === "]") return out;
        if (next !== ",") bad();
      }
    }
    function object(depth) {
      const out = new Map();
      at++; blank();
      if (text[at] === "}") { at++; return out; }
      for (;;) {
        blank();
        if (text[at] !== '"') bad();
        const key = string(); blank();
        if (text[at++] !== ":") bad();
        const inner = value(depth + 1);
        if (out.has(key)) malformed("同一栏目出现两次");
        out.set(key, inner); blank();
        const next = text[at++];
        if (next === "}") return out;
        if (next !== ",") bad();
      }
    }
    function value(depth) {
      if (depth > TOO_DEEP) bad();
      blank();
      const char = text[at];
      if (char === "{") return object(depth);
      if (char === "[") return list(depth);
      if (char === '"') return string();
      for (const [word, meaning] of [["true", true], ["false", false], ["null", null]]) {
        if (text.startsWith(word, at)) { at += word.length; return meaning; }
      }
      return number();
    }

    const document = value(0);
    blank();
    if (at !== text.length) bad();
    return document;
  }

  // ---------------------------------------------------------------- canonical bytes
  const LONE = /\p{Surrogate}/u;
  function canonicalText(value) {
    if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
    if (typeof value === "string") {
      if (LONE.test(value)) malformed("含有不能规范书写的内容");
      return JSON.stringify(value);
    }
    if (Array.isArray(value)) return "[" + value.map(canonicalText).join(",") + "]";
    const keys = sortedTexts(value.keys());
    return "{" + keys.map((key) => canonicalText(key) + ":" + canonicalText(value.get(key))).join(",") + "}";
  }
  const encoder = new TextEncoder();
  const canonical = (value) => encoder.encode(canonicalText(value));

  // ---------------------------------------------------------------- SHA-256 and SM3 over the same block loop
  const turn = (x, n) => (x << (n & 31)) | (x >>> ((32 - n) & 31));
  // The constants of SHA-256 are roots of primes; taking them exactly is shorter than a table and as checkable.
  function primeRoots(count, power) {
    const roots = [];
    for (let n = 2n; roots.length < count; n++) {
      let isPrime = true;
      for (let d = 2n; d * d <= n; d++) if (n % d === 0n) { isPrime = false; break; }
      if (!isPrime) continue;
      const target = n << (32n * power);
      let low = 0n, high = 1n << 40n;
      while (high - low > 1n) {
        const middle = (low + high) >> 1n;
        if (middle ** power <= target) low = middle; else high = middle;
      }
      roots.push(Number(low & 0xffffffffn) | 0);
    }
    return roots;
  }
  const SHA_START = primeRoots(8, 2n), SHA_STEP = primeRoots(64, 3n);
  const shaWords = new Int32Array(64);
  function shaBlock(state, view, offset) {
    const w = shaWords;
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + (turn(x, 25) ^ turn(x, 14) ^ (x >>> 3)) + w[i - 7] + (turn(y, 15) ^ turn(y, 13) ^ (y >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 26) ^ turn(e, 21) ^ turn(e, 7)) + ((e & f) ^ (~e & g)) + SHA_STEP[i] + w[i]) | 0;
      const two = ((turn(a, 30) ^ turn(a, 19) ^ turn(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  const SM3_START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
  const smWords = new Int32Array(68);
  function smBlock(state, view, offset) {
    const w = smWords;
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i);
    for (let i = 16; i < 68; i++) {
      const x = w[i - 16] ^ w[i - 9] ^ turn(w[i - 3], 15);
      w[i] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[i - 13], 7) ^ w[i - 6];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const early = i < 16;
      const s = turn((turn(a, 12) + e + turn(early ? 0x79cc4519 : 0x7a879d8a, i)) | 0, 7);
      const left = ((early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + (s ^ turn(a, 12)) + (w[i] ^ w[i + 4])) | 0;
      const right = ((early ? e ^ f ^ g : (e & f) | (~e & g)) + h + s + w[i]) | 0;
      d = c; c = turn(b, 9); b = a; a = left;
      h = g; g = turn(f, 19); f = e; e = right ^ turn(right, 9) ^ turn(right, 17);
    }
    state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
    state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
  }

  function digestWith(start, block, bytes) {
    const state = Int32Array.from(start, (word) => word | 0);
    const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
    for (let offset = 0; offset < padded.length; offset += 64) block(state, view, offset);
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  }
  const HASHES = new Map([
    ["sha256", (bytes) => digestWith(SHA_START, shaBlock, bytes)],
    ["sm3", (bytes) => digestWith(SM3_START, smBlock, bytes)],
  ]);

  function joinBytes(parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  }
  function eightBytes(number) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(number));
    return new Uint8Array(view.buffer);
  }
  function tagged(hash, tag, ...parts) {
    return hash(joinBytes([encoder.encode(tag), ...parts].flatMap((part) => [eightBytes(part.length), part])));
  }
  const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  function fromHex(text, where) {
    if (!/^(?:[0-9a-f]{2})*$/.test(text)) malformed(where + "：应为小写十六进制");
    return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  }
  function decimal(text, where) {
    if (!/^(?:0|[1-9][0-9]*)$/.test(text) || text.length > 4000) malformed(where + "：应为十进制整数");
    return BigInt(text);
  }

  // ---------------------------------------------------------------- the form: readers that return plain values
  const typed = (type) => (value, where) => (typeof value === type ? value : malformed(where + "：类型不符"));
  const text = typed("string");
  const count = (value, where) => (typeof value === "bigint" && value >= 0n ? value : malformed(where + "：类型不符"));
  const orNull = (inner) => (value, where) => (value === null ? null : inner(value, where));
  const listOf = (inner) => (value, where) =>
    Array.isArray(value) ? value.map((one, i) => inner(one, `${where}[${i}]`)) : malformed(where + "：应为列表，项数应符合格式");
  const tuple = (...inner) => (value, where) =>
    Array.isArray(value) && value.length === inner.length
      ? value.map((one, i) => inner[i](one, `${where}[${i}]`))
      : malformed(where + "：应为列表，项数应符合格式");
  const record = (fields) => (value, where) => {
    const names = Object.keys(fields);
    if (!(value instanceof Map) || value.size !== names.length || !names.every((name) => value.has(name))) {
      malformed(where + "：栏目不符");
    }
    return Object.fromEntries(names.map((name) => [name, fields[name](value.get(name), `${where}.${name}`)]));
  };
  const free = (value, where) => {
    if (!(value instanceof Map)) malformed(where + "：类型不符");
    const look = (one, depth) => {
      if (depth > 32) malformed(where + "：内容不符合格式");
      if (one instanceof Map) one.forEach((inner) => look(inner, depth + 1));
      else if (Array.isArray(one)) one.forEach((inner) => look(inner, depth + 1));
    };
    look(value, 0);
    return value;
  };

  const texts = listOf(text), pair = tuple(text, text);
  const range = tuple(text, count, count), set = tuple(text, texts, count, count);
  const FORM = {
    format: text, reference: text, round: count, previous: text, at: text,
    snapshot: listOf(tuple(text, text, text, texts)),
    rules: record({
      algorithm: text, hash: text, size: count, per_unit: orNull(count), quota: listOf(range),
      categories: listOf(set), groups: listOf(set), tiers: texts, fixed: texts, seated: listOf(pair), conflicts: listOf(pair),
    }),
    exclusions: listOf(pair),
    plan: record({
      denominator: text, redraw: text, units: texts, groups: texts,
      types: listOf(record({ place: pair, specialties: texts, tier: count, fixed: text, count, share: text, seats: listOf(pair) })),
    }),
    contributors: listOf(tuple(text, text, text)), commit: text, reveals: listOf(pair), seed: text,
    redraws: count, result: listOf(pair), events: listOf(record({ event: free, hash: text })), digest: text,
  };
  const AFTERWARDS = ["commit", "reveals", "seed", "redraws", "result", "events", "digest"];
  const COMMITTED = sortedTexts(Object.keys(FORM).filter((name) => !AFTERWARDS.includes(name)));

  // ---------------------------------------------------------------- hashes, contributions, events
  function hashProblems(raw, form, hash) {
    const problems = [];
    const body = new Map([...raw].filter(([name]) => name !== "digest"));
    if (toHex(tagged(hash, "transcript", canonical(body))) !== form.digest) problems.push("记录摘要不符：记录内容被改动过");
    const commit = tagged(hash, "commit", ...COMMITTED.map((name) => tagged(hash, "draw." + name, canonical(raw.get(name)))));
    if (toHex(commit) !== form.commit) problems.push("承诺值不符：名单、规则、回避、方案或参与方被改动过");
    problems.push(...contributionProblems(form, commit, hash));
    let link = commit;
    for (const [i, { event, hash: published }] of form.events.entries()) {
      link = tagged(hash, "event", link, canonical(event));
      if (toHex(link) !== published) {
        problems.push(`第 ${i + 1} 条事件与前文不衔接`);
        break;
      }
    }
    return problems;
  }
  function contributionProblems({ seed, contributors, reveals }, commit, hash) {
    const seedBytes = fromHex(seed, "seed");
    const same = contributors.length === reveals.length && contributors.every(([party], i) => party === reveals[i][0]);
    if (!same) return ["揭示的参与方与承诺的参与方不一致"];
    const values = reveals.map(([, value]) => fromHex(value, "reveals"));
    const problems = [];
    contributors.forEach(([party, kind, promise], i) => {
      if (!["nonce", "link", "beacon"].includes(kind)) malformed("contributors：未知的种类 " + kind);
      const expected = kind === "nonce" ? toHex(tagged(hash, "nonce", values[i])) : kind === "link" ? toHex(hash(values[i])) : promise;
      if (expected !== promise) problems.push(`「${party}」揭示的数值与事先的承诺不符`);
    });
    if (contributors.length && toHex(tagged(hash, "seed", commit, ...values)) !== toHex(seedBytes)) {
      problems.push("种子不是由承诺值和各方数值得出的");
    }
    return problems;
  }

  // ---------------------------------------------------------------- nested sets
  // Each set: { name, members (Set), low, high, outer (index of the set around it, or -1) }, larger ones first.
  function nest(what, rows, universe) {
    const known = new Set(universe);
    const sets = rows.map(([name, members, low, high]) => ({
      name, low, high, members: new Set(members.filter((one) => known.has(one))), outer: -1,
    }));
    if (new Set(rows.map(([name]) => name)).size !== rows.length || sets.some(({ low, high }) => low > high)) {
      wrong(what + "的规则不成立");
    }
    sets.sort((a, b) => b.members.size - a.members.size || compareText(a.name, b.name));
    const smallest = new Map(universe.map((one) => [one, -1]));
    sets.forEach((one, index) => {
      const around = new Set([...one.members].map((member) => smallest.get(member)));
      if (around.size > 1) wrong(what + "互相交叉");
      if (around.size) [one.outer] = around;
      for (const member of one.members) smallest.set(member, index);
    });
    return { sets, smallest, index: new Map(sets.map((one, i) => [one.name, i])), rows };
  }

  // ---------------------------------------------------------------- pool and rules
  function readDraw(form) {
    const { rules, snapshot } = form;
    const quota = new Map(rules.quota.map(([name, low, high]) => [name, { low, high }]));
    if (quota.size !== rules.quota.length || [...quota.values()].some(({ low, high }) => low > high)) wrong("席位规则不成立");
    const active = sortedTexts([...quota.keys()].filter((name) => quota.get(name).high > 0n));
    const draw = {
      size: rules.size, perUnit: rules.per_unit, quota, active, hash: HASHES.get(rules.hash),
      fixed: new Set(rules.fixed), tierCount: rules.tiers.length,
    };
    const seated = new Map(rules.seated);
    if (seated.size !== rules.seated.length || [...seated.keys()].some((one) => !draw.fixed.has(one))) wrong("已确定席位的规则不成立");
    draw.people = readPeople(snapshot, rules.tiers, draw, seated, new Set(form.exclusions.map(([one]) => one)));
    draw.byId = new Map(draw.people.map((one) => [one.id, one]));
    for (const one of draw.fixed) if (!draw.byId.has(one)) wrong("已确定人选不在可抽取的名单中");
    draw.conflicts = readConflicts(rules.conflicts, draw);
    draw.staff = new Map();
    for (const one of draw.people) {
      if (!draw.staff.has(one.unit)) draw.staff.set(one.unit, []);
      draw.staff.get(one.unit).push(one);
    }
    draw.units = [...draw.staff.keys()];
    draw.categories = nest("专业大类", rules.categories, active);
    draw.groups = nest("单位分组", rules.groups, draw.units);
    draw.scale = decimal(form.plan.denominator, "plan.denominator");
    if (draw.size < 1n || draw.perUnit === 0n || draw.scale < 1n) wrong("人数、单位上限或分母不成立");
    draw.cap = (unit) => {
      const own = BigInt(draw.staff.get(unit).length);
      return draw.perUnit === null || own < draw.perUnit ? own : draw.perUnit;
    };
    return draw;
  }
  function readPeople(snapshot, tiers, draw, seated, excluded) {
    const ids = new Set(snapshot.map(([id]) => id));
    for (let i = 1; i < snapshot.length; i++) {
      if (compareLists([snapshot[i - 1][1], snapshot[i - 1][0]], [snapshot[i][1], snapshot[i][0]]) > 0) ids.clear();
    }
    if (ids.size !== snapshot.length) wrong("名单未按单位和编号排列，或编号重复");
    const people = [];
    for (const [id, unit, territory, known] of snapshot) {
      const held = new Set(known);
      const able = draw.active.filter((name) => held.has(name) && (!seated.has(id) || seated.get(id) === name));
      const tier = tiers.indexOf(territory);
      if (able.length && !excluded.has(id)) {
        people.push({ place: people.length, id, unit, able, tier: tier < 0 ? tiers.length : tier, share: 0n, type: -1 });
      }
    }
    return people;
  }
  function readConflicts(rows, draw) {
    const unordered = rows.some(([one, other], i) => compareText(one, other) >= 0 || (i && compareLists(rows[i - 1], rows[i]) > 0));
    if (unordered) wrong("利害关系未按编号排列");
    const both = rows.filter((row) => row.every((one) => draw.byId.has(one)));
    if (both.some((row) => row.some((one) => draw.fixed.has(one)))) wrong("与已确定人选有利害关系的专家没有回避");
    return both.map((row) => row.map((one) => draw.byId.get(one)));
  }
  const total = (numbers) => { let sum = 0n; for (const one of numbers) sum += one; return sum; };

  // Every range that these numbers per specialty and per unit leave, in units of 1/scale.
  function exceeded(draw, seats, staff, scale) {
    const out = [];
    const look = (what, amount, low, high) => { if (amount < low * scale || amount > high * scale) out.push(what); };
    for (const [name, { low, high }] of draw.quota) look(`专业「${name}」`, seats.get(name) || 0n, low, high);
    for (const unit of draw.units) look(`单位「${unit}」`, staff.get(unit), 0n, draw.cap(unit));
    for (const [what, family, amounts] of [["专业大类", draw.categories, seats], ["单位分组", draw.groups, staff]]) {
      for (const [name] of family.rows) {
        const one = family.sets[family.index.get(name)];
        look(`${what}「${name}」`, total([...one.members].map((member) => amounts.get(member))), one.low, one.high);
      }
    }
    return out;
  }

  // ---------------------------------------------------------------- the plan
  function planProblems(draw, plan) {
    const types = readTypes(draw, plan);
    const problems = sumProblems(draw, types);
    if (problems.length) return problems;
    const unfair = fairnessProblems(draw, plan, types);
    return unfair.length ? unfair : redrawProblems(draw, plan);
  }
  function readTypes(draw, plan) {
    const units = new Set(plan.units), groups = new Set(plan.groups);
    if (plan.units.some((one) => !draw.staff.has(one)) || plan.groups.some((one) => !draw.groups.index.has(one))) {
      wrong("方案提到不存在的单位或分组");
    }
    const keyOf = (place, specialties, tier, fixed) => JSON.stringify([place, specialties, String(tier), fixed]);
    const found = new Map();
    const types = plan.types.map((one) => {
      const type = {
        ...one, share: decimal(one.share, "plan.share"), people: 0n,
        split: one.seats.map(([name, mass]) => [name, decimal(mass, "plan.seats")]),
      };
      found.set(keyOf(one.place, one.specialties, one.tier, one.fixed), type);
      return type;
    });
    if (found.size !== types.length) wrong("方案中的类别重复");
    const placeOf = new Map(draw.units.map((unit) => {
      if (units.has(unit)) return [unit, ["unit", unit]];
      for (let g = draw.groups.smallest.get(unit); g >= 0; g = draw.groups.sets[g].outer) {
        if (groups.has(draw.groups.sets[g].name)) return [unit, ["group", draw.groups.sets[g].name]];
      }
      return [unit, ["hub", ""]];
    }));
    for (const person of draw.people) {
      const type = found.get(keyOf(placeOf.get(person.unit), person.able, person.tier, draw.fixed.has(person.id) ? person.id : ""));
      if (!type) wrong(`方案没有涵盖专家「${person.id}」`);
      type.people += 1n;
      person.type = type;
      person.share = type.share;
    }
    if (types.some((one) => one.people !== one.count || one.count === 0n)) wrong("方案中的类别人数与名单不符");
    return types;
  }
  function sumProblems(draw, types) {
    const problems = [];
    const seats = new Map(draw.active.map((name) => [name, 0n]));
    for (const one of types) {
      const ordered = one.split.every(([name], i) => one.specialties.includes(name) && (!i || compareText(one.split[i - 1][0], name) < 0));
      if (!ordered) wrong("方案把席位分给了不具备该专业的专家");
      if (total(one.split.map(([, mass]) => mass)) !== one.share * one.count) wrong("方案中某类专家的席位之和与概率不符");
      if (one.share > draw.scale || (one.fixed && one.share !== draw.scale)) problems.push("方案中的概率超出范围");
      for (const [name, mass] of one.split) seats.set(name, seats.get(name) + mass);
    }
    if (total(seats.values()) !== draw.size * draw.scale) problems.push("方案的席位总数与专家组人数不符");
    const staff = new Map([...draw.staff].map(([unit, people]) => [unit, total(people.map((one) => one.share))]));
    return problems.concat(exceeded(draw, seats, staff, draw.scale).map((what) => `方案中${what}超出范围`));
  }

  // ---------------------------------------------------------------- the certificate of fairness
  // Nodes are numbers, arcs are { from, to, low, high, flow, type }.
  function buildNetwork(draw, plan, types) {
    const numbers = new Map();
    const node = (kind, name) => {
      const key = JSON.stringify([kind, name]);
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      return numbers.get(key);
    };
    const hub = node("hub", ""), sink = node("root", "");
    const arcs = [], scale = draw.scale, named = new Set(plan.groups);
    const connect = (from, to, low, high, flow, type = null) => arcs.push({ from, to, low, high, flow, type });
    const nearest = (g) => {
      while (g >= 0 && !named.has(draw.groups.sets[g].name)) g = draw.groups.sets[g].outer;
      return g < 0 ? hub : node("group", draw.groups.sets[g].name);
    };
    const massOf = (unit) => total(draw.staff.get(unit).map((one) => one.share));
    connect(sink, hub, draw.size * scale, draw.size * scale, draw.size * scale);
    for (const name of plan.groups) {
      const one = draw.groups.sets[draw.groups.index.get(name)];
      connect(nearest(one.outer), node("group", name), one.low * scale, one.high * scale, total([...one.members].map(massOf)));
    }
    for (const unit of plan.units) {
      connect(nearest(draw.groups.smallest.get(unit)), node("unit", unit), 0n, draw.cap(unit) * scale, massOf(unit));
    }
    const seats = new Map(draw.active.map((name) => [name, 0n]));
    types.forEach((one, i) => {
      const size = one.count * scale, own = node("type", i);
      connect(node(one.place[0], one.place[1]), own, one.fixed ? size : 0n, size, one.share * one.count, one);
      const split = new Map(one.split);
      for (const name of one.specialties) {
        const mass = split.get(name) || 0n;
        connect(own, node("specialty", name), 0n, size, mass);
        seats.set(name, seats.get(name) + mass);
      }
    });
    const { sets, smallest } = draw.categories;
    const above = (index) => (index < 0 ? sink : node("category", sets[index].name));
    for (const [name, mass] of seats) {
      const { low, high } = draw.quota.get(name);
      connect(node("specialty", name), above(smallest.get(name)), low * scale, high * scale, mass);
    }
    for (const one of sets) {
      const mass = total([...one.members].map((member) => seats.get(member)));
      connect(node("category", one.name), above(one.outer), one.low * scale, one.high * scale, mass);
    }
    return { arcs, nodes: numbers.size };
  }

  function fairnessProblems(draw, plan, types) {
    const network = buildNetwork(draw, plan, types);
    for (let tier = 0; tier < draw.tierCount; tier++) {
      if (!settleTier(network, tier)) return [`方案没有优先用足第 ${tier + 1} 顺位地域的专家`];
    }
    const free = network.arcs.filter((arc) => arc.type && arc.low < arc.high);
    const tops = free.map((arc) => arc.high);
    const levels = [...new Set(free.map((arc) => arc.type.share))].sort((a, b) => (a < b ? -1 : 1));
    for (const level of levels) {
      free.forEach((arc, i) => {
        const above = arc.type.share >= level;
        arc.low = above ? level * arc.type.count : arc.flow;
        arc.high = above ? tops[i] : arc.flow;
      });
      const part = strongParts(network);
      const loose = free.find((arc) => arc.type.share === level && arc.flow < arc.high && part[arc.from] === part[arc.to]);
      if (loose) return [`方案不是最公平的：专业为「${loose.type.specialties.join("、")}」的专家概率还可以提高`];
    }
    return [];
  }
  function residualEdges({ arcs, nodes }) {
    const out = Array.from({ length: nodes }, () => []);
    for (const { from, to, low, high, flow } of arcs) {
      if (flow < high) out[from].push(to);
      if (flow > low) out[to].push(from);
    }
    return out;
  }
  // Path-based strong components (Gabow): one stack of open nodes, one of borders between open components.
  function strongParts(network) {
    const edges = residualEdges(network), count = network.nodes;
    const order = new Array(count).fill(-1), part = new Array(count).fill(-1), next = new Array(count).fill(0);
    const open = [], borders = [];
    let clock = 0, parts = 0;
    for (let start = 0; start < count; start++) {
      if (order[start] >= 0) continue;
      const walk = [start];
      order[start] = clock++; open.push(start); borders.push(start);
      while (walk.length) {
        const node = walk[walk.length - 1];
        if (next[node] < edges[node].length) {
          const target = edges[node][next[node]++];
          if (order[target] < 0) {
            order[target] = clock++; open.push(target); borders.push(target); walk.push(target);
          } else if (part[target] < 0) {
            while (order[borders[borders.length - 1]] > order[target]) borders.pop();
          }
          continue;
        }
        walk.pop();
        if (borders[borders.length - 1] !== node) continue;
        borders.pop();
        let member;
        do { member = open.pop(); part[member] = parts; } while (member !== node);
        parts++;
      }
    }
    return part;
  }
  // No change of the flow may bring more people from the first tiers; then pin what all best choices share.
  function settleTier({ arcs, nodes }, tier) {
    const gain = arcs.map((arc) => (arc.type && arc.type.tier <= BigInt(tier) ? 1 : 0));
    const best = new Array(nodes).fill(0);
    let rounds = 0;
    for (let isMoving = true; isMoving; rounds++) {
      if (rounds > nodes) return false;
      isMoving = false;
      arcs.forEach(({ from, to, low, high, flow }, i) => {
        if (flow < high && best[from] + gain[i] > best[to]) { best[to] = best[from] + gain[i]; isMoving = true; }
        if (flow > low && best[to] - gain[i] > best[from]) { best[from] = best[to] - gain[i]; isMoving = true; }
      });
    }
    arcs.forEach((arc, i) => { if (best[arc.from] + gain[i] !== best[arc.to]) arc.low = arc.high = arc.flow; });
    return true;
  }

  // ---------------------------------------------------------------- what is packed together
  // A bundle is { parts, people, mass, inner }; a level is "" for the hub, "g" + group index or "u" + unit.
  const byPlace = (a, b) => a.people[0].place - b.people[0].place;
  function bundle(people, inner) {
    const own = { people, inner, mass: total(people.map((one) => one.share)) };
    own.parts = [own];
    return own;
  }
  function merged(one, other) {
    const parts = [...one.parts, ...other.parts].sort(byPlace);
    return { parts, people: parts.flatMap((part) => part.people), mass: one.mass + other.mass, inner: null };
  }
  function makeLevels(draw) {
    const known = new Map(), apart = [];
    const single = (level) => {
      if (level[0] === "u") return draw.staff.get(level.slice(1)).map((one) => bundle([one], null));
      const index = level ? Number(level.slice(1)) : -1, out = [];
      for (const unit of draw.units) {
        if (draw.groups.smallest.get(unit) === index) out.push(bundle(draw.staff.get(unit), "u" + unit));
      }
      draw.groups.sets.forEach(({ members, outer }, own) => {
        if (outer !== index || !members.size) return;
        out.push(bundle(draw.units.filter((unit) => members.has(unit)).flatMap((unit) => draw.staff.get(unit)), "g" + own));
      });
      return out.sort(byPlace);
    };
    const at = (level) => {
      if (!known.has(level)) known.set(level, joined(single(level)));
      return [...known.get(level)];
    };
    const joined = (bundles) => {
      if (!draw.conflicts.length) return bundles;
      const holder = new Map(bundles.flatMap((one) => one.people.map((person) => [person, one])));
      for (const [one, other] of draw.conflicts) {
        const mine = holder.get(one), theirs = holder.get(other);
        if (!mine || !theirs || mine === theirs) continue;
        if (mine.mass + theirs.mass > draw.scale) { apart.push([one, other]); continue; }
        const both = merged(mine, theirs);
        for (const person of both.people) holder.set(person, both);
      }
      return [...new Set(holder.values())].sort(byPlace);
    };
    const leftOver = () => {
      const visit = (level) => at(level).filter((one) => one.mass > draw.scale).forEach((one) => visit(one.inner));
      if (draw.conflicts.length) visit("");
      return apart;
    };
    return { at, leftOver };
  }
  function redrawProblems(draw, plan) {
    const bound = decimal(plan.redraw, "plan.redraw");
    const exact = total(makeLevels(draw).leftOver().map(([one, other]) => (one.share < other.share ? one.share : other.share)));
    if (bound !== exact) return ["方案公布的重抽概率上限不符"];
    return 100n * bound > draw.scale ? ["重抽概率上限超过百分之一"] : [];
  }

  // ---------------------------------------------------------------- the stream
  function makeDice(seed, hash) {
    const prefix = joinBytes([encoder.encode("EXPERT-DRAW/1 stream\0"), seed]);
    let block = new Uint8Array(0), used = 0, number = 0n;
    const byte = () => {
      if (used === block.length) { block = hash(joinBytes([prefix, eightBytes(number++)])); used = 0; }
      return block[used++];
    };
    const small = (bound) => {
      const bits = 32 - Math.clz32(bound - 1), bytes = (bits + 7) >> 3, span = 2 ** bits;
      for (;;) {
        let value = 0;
        for (let i = 0; i < bytes; i++) value = value * 256 + byte();
        value %= span;
        if (value < bound) return value;
      }
    };
    const below = (bound) => {
      if (bound === 1n) return 0n;
      const bits = (bound - 1n).toString(2).length, mask = (1n << BigInt(bits)) - 1n;
      for (;;) {
        let digits = "0x";
        for (let i = (bits + 7) >> 3; i > 0; i--) digits += byte().toString(16).padStart(2, "0");
        const value = BigInt(digits) & mask;
        if (value < bound) return value;
      }
    };
    const mix = (items) => {
      for (let last = items.length - 1; last > 0; last--) {
        const other = small(last + 1);
        [items[last], items[other]] = [items[other], items[last]];
      }
      return items;
    };
    const choose = (weights) => {
      let rest = below(total(weights));
      return weights.findIndex((weight) => rest < weight || ((rest -= weight), false));
    };
    return { below, mix, choose };
  }

  // ---------------------------------------------------------------- the draw, replayed
  function replay(draw, seed) {
    const dice = makeDice(seed, draw.hash), scale = draw.scale, levels = makeLevels(draw);
    const nodes = [{ outer: -1 }], bins = [];
    const fill = (node, level) => {
      let room = 0n;
      for (const one of dice.mix(levels.at(level))) {
        if (one.mass > scale) {
          nodes.push({ outer: node });
          fill(nodes.length - 1, one.inner);
          continue;
        }
        if (one.mass > room) { bins.push({ node, people: [], mass: 0n }); room = scale; }
        room -= one.mass;
        if (!one.mass) continue;
        const bin = bins[bins.length - 1].node === node ? bins[bins.length - 1] : bins.filter((other) => other.node === node).pop();
        for (const person of one.people) if (person.share) bin.people.push(person);
      }
    };
    fill(0, "");
    handOut(bins);
    const { arcs, cells } = smallNetwork(draw, nodes, bins);
    makeWhole(arcs, scale, dice);
    const seats = [];
    for (const { arc, pieces, name } of cells) {
      if (arc.flow !== scale) continue;
      const [person] = pieces[dice.choose(pieces.map(([, mass]) => mass))];
      seats.push([person.id, name]);
    }
    return dice.mix(seats);
  }
  // Each type's seats are a line of stretches; its people cut pieces off the front in packed order.
  function handOut(bins) {
    const rest = new Map();
    for (const bin of bins) {
      bin.row = new Map();
      for (const person of bin.people) {
        if (!rest.has(person.type)) rest.set(person.type, person.type.split.map((entry) => [...entry]));
        const line = rest.get(person.type);
        for (let need = person.share; need > 0n;) {
          while (line[0][1] === 0n) line.shift();
          const part = need < line[0][1] ? need : line[0][1];
          line[0][1] -= part;
          need -= part;
          if (!bin.row.has(line[0][0])) bin.row.set(line[0][0], []);
          bin.row.get(line[0][0]).push([person, part]);
        }
        bin.mass += person.share;
      }
    }
  }
  function smallNetwork(draw, nodes, bins) {
    const { sets, smallest } = draw.categories;
    const firstBin = nodes.length, firstSpecialty = firstBin + bins.length;
    const firstCategory = firstSpecialty + draw.active.length, sink = firstCategory + sets.length;
    const arcs = [], cells = [];
    const connect = (from, to, flow) => { const arc = { from, to, flow }; arcs.push(arc); return arc; };
    for (const one of nodes) one.mass = 0n;
    for (const bin of bins) for (let node = bin.node; node >= 0; node = nodes[node].outer) nodes[node].mass += bin.mass;
    nodes.forEach(({ outer, mass }, node) => { if (node) connect(outer, node, mass); });
    bins.forEach(({ node, mass }, i) => connect(node, firstBin + i, mass));
    const seats = new Map(draw.active.map((name) => [name, 0n]));
    bins.forEach(({ row }, i) => {
      draw.active.forEach((name, specialty) => {
        const pieces = row.get(name);
        if (!pieces) return;
        const mass = total(pieces.map(([, part]) => part));
        seats.set(name, seats.get(name) + mass);
        cells.push({ name, pieces, arc: connect(firstBin + i, firstSpecialty + specialty, mass) });
      });
    });
    const above = (index) => (index < 0 ? sink : firstCategory + index);
    draw.active.forEach((name, i) => connect(firstSpecialty + i, above(smallest.get(name)), seats.get(name)));
    sets.forEach(({ members, outer }, i) => {
      connect(firstCategory + i, above(outer), total([...members].map((member) => seats.get(member))));
    });
    return { arcs, cells };
  }
  function makeWhole(arcs, scale, dice) {
    const touching = new Map();
    arcs.forEach((arc, i) => {
      arc.number = i;
      for (const node of [arc.from, arc.to]) touching.set(node, [...(touching.get(node) || []), arc]);
    });
    const isBroken = (arc) => arc.flow % scale !== 0n;
    const order = [...touching.keys()].sort((a, b) => a - b);
    for (;;) {
      const start = order.find((node) => touching.get(node).some(isBroken));
      if (start === undefined) return;
      const trail = [], seen = new Map();
      let node = start, used = null;
      while (!seen.has(node)) {
        seen.set(node, trail.length);
        used = touching.get(node).find((arc) => arc !== used && isBroken(arc));
        const isForward = used.from === node;
        trail.push([used, isForward]);
        node = isForward ? used.to : used.from;
      }
      const cycle = trail.slice(seen.get(node));
      const least = (wanted) => cycle.map(([arc, isForward]) => {
        const over = arc.flow % scale;
        return isForward === wanted ? scale - over : over;
      }).reduce((a, b) => (a < b ? a : b));
      const up = least(true), down = least(false);
      const step = dice.choose([down, up]) === 0 ? up : -down;
      for (const [arc, isForward] of cycle) arc.flow += isForward ? step : -step;
    }
  }

  // ---------------------------------------------------------------- the result
  function resultProblems(draw, form) {
    const problems = [], seed = fromHex(form.seed, "seed");
    const hasConflict = (ids) => draw.conflicts.some((both) => both.every((one) => ids.has(one.id)));
    const idsOf = (panel) => new Set(panel.map(([id]) => id));
    let panel = replay(draw, seed), redraws = 0n;
    while (hasConflict(idsOf(panel))) {
      redraws += 1n;
      panel = replay(draw, tagged(draw.hash, "redraw", seed, eightBytes(redraws)));
    }
    if (JSON.stringify(panel) !== JSON.stringify(form.result)) problems.push("重新计算的结果与记录的名单不一致");
    if (redraws !== form.redraws) problems.push("重抽次数与记录不符");
    const ids = idsOf(form.result);
    const isComplete = BigInt(form.result.length) === draw.size && ids.size === form.result.length && [...ids].every((id) => draw.byId.has(id));
    if (!isComplete) return [...problems, "名单人数不符、有人重复，或有人不在可抽取的名单中"];
    if ([...draw.fixed].some((id) => !ids.has(id))) problems.push("已确定人选不在结果中");
    if (hasConflict(ids)) problems.push("有利害关系的专家同在名单中");
    if (form.result.some(([id, name]) => !draw.byId.get(id).able.includes(name))) problems.push("有人坐在不属于自己专业的席位上");
    const seats = new Map(draw.active.map((name) => [name, BigInt(form.result.filter(([, seat]) => seat === name).length)]));
    const staff = new Map(draw.units.map((unit) => [unit, 0n]));
    for (const id of ids) staff.set(draw.byId.get(id).unit, staff.get(draw.byId.get(id).unit) + 1n);
    return problems.concat(exceeded(draw, seats, staff, 1n).map((what) => `结果中${what}超出范围`));
  }

  // ---------------------------------------------------------------- the whole
  function examine(raw) {
    const form = record(FORM)(raw, "记录");
    const hash = HASHES.get(form.rules.hash);
    if (form.format !== "lunheng-draw/1" || form.rules.algorithm !== "leximin/1" || !hash) malformed("不认识的记录版本或算法");
    const problems = hashProblems(raw, form, hash);
    let draw = null;
    try {
      draw = readDraw(form);
      const inPlan = planProblems(draw, form.plan);
      problems.push(...(inPlan.length ? inPlan : resultProblems(draw, form)));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      problems.push(error.message);
    }
    return { problems, form, draw };
  }
  function guarded(work) {
    try {
      const { problems, form, draw } = work();
      return { kind: problems.length ? "false" : "holds", problems, form, draw };
    } catch (error) {
      if (error instanceof Malformed) {
        return { kind: "malformed", problems: ["不是有效的抽取记录：" + error.message], form: null, draw: null };
      }
      throw error;
    }
  }
  const examineText = (content) => guarded(() => examine(readJson(content)));
  function examineBytes(bytes) {
    return guarded(() => {
      let content;
      try {
        content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch { malformed("文件不是 UTF-8 文本"); }
      return examine(readJson(content));
    });
  }
  // The chance of one expert as { share, scale }; null if the id is not in the pool, share 0 if it may not sit.
  function chanceOf({ form, draw }, id) {
    if (!form || !draw || !form.snapshot.some(([one]) => one === id)) return null;
    const person = draw.byId.get(id);
    return { share: person ? person.share : 0n, scale: draw.scale };
  }

  // What the check cannot say of where the seed came from.
  function remarks({ contributors, reveals }) {
    if (!contributors.length) return ["种子系直接给定，没有各方事先承诺，本核验不能说明种子是否经过挑选。"];
    const found = [];
    if (contributors.length === 1 && contributors[0][1] === "link") {
      found.push(`只有「${contributors[0][0]}」一方提供随机数，掌握其随机数链的人可以事先算出结果。`);
    }
    for (const [at, [, kind, promise]] of contributors.entries()) {
      if (kind === "beacon") found.push(`请自行核对公开随机数「${promise}」的公布数值是否为 ${reveals[at][1]}。`);
    }
    return found;
  }

  root.LunhengVerify = {
    examineText, examineBytes, chanceOf, remarks,
    tools: { tagged: (name, tag, ...parts) => toHex(tagged(HASHES.get(name), tag, ...parts)), hash: (name, bytes) => toHex(HASHES.get(name)(bytes)), makeDice: (seed, name) => makeDice(seed, HASHES.get(name)) },
  };

  // ---------------------------------------------------------------- the command line
  // Which link after a published anchor the record's link is; 0 when no link of it leads there.
  function chainPlace({ contributors, reveals, rules }, anchor) {
    const step = HASHES.get(rules.hash), longest = 1000000;
    for (const [at, [, text]] of reveals.entries()) {
      if (contributors[at][1] !== "link") continue;
      let value = fromHex(text, "reveals");
      for (let place = 1; place <= longest; place++) {
        value = step(value);
        if (toHex(value) === anchor) return place;
      }
    }
    return 0;
  }
  function main(args, fs) {
    const told = new Map();
    for (let at = 1; at + 1 < args.length; at += 2) told.set(args[at], args[at + 1].toLowerCase());
    if (args.length !== 1 + 2 * told.size || [...told.keys()].some((name) => name !== "--commit" && name !== "--anchor")) {
      console.log("用法：node verify_draw.js 抽取记录.json [--commit 承诺值] [--anchor 随机数链锚点]");
      return 2;
    }
    let bytes;
    try { bytes = fs.readFileSync(args[0]); } catch (error) { console.log("无法读取文件：" + error.message); return 2; }
    const found = examineBytes(bytes);
    if (found.kind === "malformed") { console.log(found.problems[0]); return 2; }
    const problems = [...found.problems];
    const place = told.has("--anchor") ? chainPlace(found.form, told.get("--anchor")) : -1;
    if (place === 0) problems.push("记录中没有哪一方的随机数出自以此为锚点的链");
    if (told.has("--commit") && told.get("--commit") !== found.form.commit) problems.push("记录的承诺值与事先公布的不同");
    for (const one of problems) console.log("不符：" + one);
    if (problems.length) return 1;
    console.log(`核验通过：名单共 ${found.form.result.length} 人，与种子、方案和规则完全一致。`);
    console.log(`承诺值 ${found.form.commit}（请与抽取前公布的数值核对）`);
    if (place > 0) console.log(`随机数链：记录中的一环是该锚点之后的第 ${place} 环`);
    for (const remark of remarks(found.form)) console.log("提示：" + remark);
    return 0;
  }
  if (typeof process === "object" && process.argv && /verify_draw\.js$/.test(process.argv[1] || "")) {
    const load = typeof require === "function" ? require : (name) => process.getBuiltinModule(name);
    process.exitCode = main(process.argv.slice(2), load("fs"));
  }
})(globalThis);
