// The page around the verifiers: reads the chosen files in the browser, sends nothing anywhere.
// Expects <form data-verify> with a file field, inside it <div data-verify-more hidden> with a folder field and a text
// field for the policy, and <div id="verify-result"> for what was found. What a file is, its content says.
// data-words holds what people call the events and specialties, as JSON { events, specialties }: the verifiers know codes.
(function () {
  "use strict";
  const form = document.querySelector("form[data-verify]");
  const place = document.getElementById("verify-result");
  if (!form || !place || !window.LunhengVerify || !window.LunhengLedger) return;
  const { check, recognize, readSalted, readJson, incomplete, sizeOf } = window.LunhengLedger;

  const words = { events: {}, specialties: {}, ...JSON.parse(form.dataset.words || "{}") };
  const wordOf = (kind, code) => (Object.hasOwn(words[kind], code) ? words[kind][code] : "");

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
  function percent(share, scale) {
    const parts = (share * 1000000n) / scale;
    return `${parts / 10000n}.${String(parts % 10000n).padStart(4, "0")} %`;
  }
  function fraction(share, scale) {
    let [a, b] = [share, scale];
    while (b) [a, b] = [b, a % b];
    return `${share / a}/${scale / a}`;
  }

  // One line in which people compare or look up something of their own.
  function question(label, button, answer) {
    const field = element("input", { type: "text", className: "form-control", autocomplete: "off", spellcheck: false });
    const said = element("output", { className: "verify-answer" });
    const ask = element("button", { type: "submit", className: "btn", textContent: button });
    const own = element("form", { className: "verify-question" }, element("label", {}, label, field), ask, said);
    own.addEventListener("submit", (event) => {
      event.preventDefault();
      said.textContent = field.value.trim() ? answer(field.value.trim()) : "";
    });
    return own;
  }

  // What people call an event or a specialty, the code behind it; the code alone where it has no name here.
  function inWords(text) {
    const steps = text.replace(/事项代号 ([a-z_]+\.[a-z_]+\/[0-9]+)/, (all, code) =>
      wordOf("events", code) ? `事项“${wordOf("events", code)}”（代号 ${code}）` : all);
    return steps.replace(/专业为「([^」]*)」/, (all, codes) =>
      `专业为「${codes.split("、").map((code) => wordOf("specialties", code) || code).join("、")}」`);
  }
  function seatNamed(code) {
    const name = wordOf("specialties", code);
    return name ? [name, " ", element("small", { className: "digest", textContent: code })] : [code];
  }
  function seatTable(found) {
    const rows = found.form.result.map(([id, seat], i) => {
      const { share, scale } = window.LunhengVerify.chanceOf(found, id);
      const cells = [[String(i + 1)], [id], seatNamed(seat), [`${fraction(share, scale)}（${percent(share, scale)}）`]];
      return element("tr", {}, ...cells.map((parts) => element("td", {}, ...parts)));
    });
    const heads = ["顺序", "编号", "席位", "抽取前被抽中的可能"].map((text) => element("th", { textContent: text, scope: "col" }));
    return element("table", { className: "table" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  }
  function shown(found, name) {
    const card = element("div", { className: "card-body" });
    if (found.kind === "holds") {
      card.append(
        headed("holds", "核验通过"),
        element("p", { textContent: "已在本机按记录中的名单、规则、方案和种子重新计算，得到同一名单；方案经证明为最公平的方案；各项摘要一致。" }),
      );
      for (const remark of window.LunhengVerify.remarks(found.form)) card.append(element("p", { textContent: "提示：" + remark }));
      if (found.form.redraws) {
        card.append(element("p", { textContent: `因有利害关系的专家同时被抽中，重抽了 ${found.form.redraws} 次，重抽已一并核验。` }));
      }
      card.append(
        element("p", {}, "承诺值：", element("code", { textContent: found.form.commit })),
        element("div", { className: "table-responsive" }, seatTable(found)),
      );
    } else {
      const isRecord = found.kind === "false";
      card.append(
        headed(found.kind, isRecord ? "核验不通过" : "这不是抽取记录"),
        element("p", { textContent: isRecord ? "这份记录有下列不符：" : "文件不符合抽取记录的格式：" }),
        element("ul", {}, ...found.problems.map((text) => element("li", { textContent: inWords(text) }))),
        element("p", { textContent: "请向发给您记录的人索取原件再核验一次；仍不一致的，可以向主管部门反映。" }),
      );
    }
    if (found.form) {
      card.append(question("抽取前公布的承诺值", "比对", (text) =>
        text.toLowerCase() === found.form.commit ? "一致：这份记录就是事先承诺的那一次抽取。" : "不一致：这份记录不是事先承诺的那一次抽取。"));
    }
    if (found.draw && found.kind === "holds") {
      card.append(question("查自己的编号", "查询", (text) => {
        const chance = window.LunhengVerify.chanceOf(found, text);
        if (!chance) return "名单中没有这个编号。";
        if (!chance.share) return "在名单中，本次抽取中被抽中的可能为 0（回避、专业不符，或席位只能由同单位的他人担任）。";
        return `在名单中，被抽中的可能为 ${fraction(chance.share, chance.scale)}（${percent(chance.share, chance.scale)}）。`;
      }));
    }
    card.firstChild.after(element("p", {}, "抽取记录：", element("strong", { textContent: name })));
    return framed(card, found.kind);
  }

  // ---------------------------------------------------------------- the log: receipts, checkpoints, case files
  const KINDS = ["holds", "false", "malformed", "unmet", "incomplete"];
  const MEANINGS = { holds: "good", false: "late", malformed: "late", unmet: "soon", incomplete: "soon" };
  const HEADINGS = ["核验通过", "核验不通过", "文件格式不对", "未达到策略要求", "材料不全，无法核验"];
  const ADVICE = [
    "",
    "请保存好这些文件，向发给您的人索取原件再核验一次；仍不成立的，这些文件就是证据，可以向主管部门反映。",
    "文件可能在传送中损坏，或不是这种文件。请向发给您的人索取原件。",
    "签名还不够，不等于内容不真。请稍后重新下载，或核对策略是否是公告的那一份。",
    "请补齐缺少的文件，再核验一次。",
  ];
  const headed = (kind, text) => element("h2", {}, element("span", { className: `meaning meaning-${MEANINGS[kind]}`, textContent: text }));
  function listed(heading, texts) {
    if (!texts.length) return [];
    return [
      element("h3", { textContent: heading }),
      element("ul", {}, ...texts.map((text) => element("li", { textContent: inWords(text) }))),
    ];
  }
  function told(what, name, report) {
    const title = element("p", {}, `${what}：`, element("strong", { textContent: name }));
    const card = element("div", { className: "card-body" }, headed(KINDS[report.code], HEADINGS[report.code]), title);
    if (report.code === 0) card.append(element("p", { textContent: report.told || report.lines[0] }));
    card.append(
      ...listed("不成立或做不到的", report.code ? report.problem.split("\n") : []),
      ...listed(report.code ? "在此之前已核验、成立的" : "核验了什么，成立的", report.steps),
      ...listed("没有核验、只是相信的", report.trusted),
    );
    if (report.code) card.append(element("p", { textContent: ADVICE[report.code] }));
    return framed(card, KINDS[report.code]);
  }
  function framed(card, kind) {
    const section = element("section", { className: "card mb-3", tabIndex: -1 }, card);
    section.setAttribute("role", kind === "holds" ? "status" : "alert");
    section.dataset.kind = kind;
    return section;
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
  async function progress(done, all) {
    place.firstChild.textContent = `正在本机核验…… ${done} / ${all}`;
    await pause();
  }

  async function tellReceipt({ name, bytes }, given) {
    const alone = given.receipt.length === 1, options = { policy: given.trust, files: alone ? given.file : [] };
    let report = null;
    // several contents: the one that belongs to this receipt is the one that holds
    for (const payload of given.payload.length ? given.payload : [null]) {
      const salted = payload && readSalted(readJson(payload.bytes, ""));
      const own = salted && salted.content !== null ? { payload: new TextEncoder().encode(salted.content), salt: salted.salt } : {};
      report = await check.receipt(bytes, { ...options, ...own });
      if (report.code === 0) break;
    }
    if (!alone && given.file.length) report.trusted.push("一次选了多份回执，其余文件没有与回执核对。请一次只选一份回执和它所列的文件。");
    return told("存证回执", name, report);
  }
  async function tellCheckpoints(given) {
    const sized = given.checkpoint.map((one) => {
      try { return { ...one, size: sizeOf(one.bytes) }; } catch { return { ...one, size: -1n }; }
    });
    sized.sort((a, b) => (a.size < b.size ? -1 : 1));
    const sections = [], options = { policy: given.trust };
    for (const one of sized) sections.push(told("检查点", one.name, await check.checkpoint(one.bytes, options)));
    for (let i = 1; i < sized.length; i++) {
      const [older, newer] = [sized[i - 1], sized[i]], names = `${older.name}、${newer.name}`;
      const proof = given.request[0] && given.request[0].bytes;
      if (older.size === newer.size) sections.push(told("两个检查点", names, await check.compare(older.bytes, newer.bytes, options)));
      else if (proof) sections.push(told("两个检查点", names, await check.extend({ ...options, older: older.bytes, newer: newer.bytes, proof })));
      else if (!given.folder) {
        sections.push(told("两个检查点", names, { code: 4, problem: "两个检查点条数不同。要核验较新的延续较旧的，请同时选择整个日志的文件夹，或延续证明文件。", lines: [], steps: [], trusted: [] }));
      }
    }
    return sections;
  }
  // A folder as its files are named below the one that holds the checkpoint.
  function readFolder(files) {
    const named = new Map(files.map((file) => [file.webkitRelativePath || file.name, file]));
    const tops = [...named.keys()].filter((name) => /(?:^|\/)checkpoint$/.test(name)).sort((a, b) => a.length - b.length);
    const top = tops.length ? tops[0].slice(0, -"checkpoint".length) : "";
    return async (name) => {
      const file = named.get(top + name);
      return file ? new Uint8Array(await file.arrayBuffer()) : incomplete(`缺少 ${name}`);
    };
  }
  async function tellFolder(given) {
    const options = { policy: given.trust, fetch: given.folder };
    const sections = [told("整个日志", given.folderName, await check.audit({ ...options, progress }))];
    for (const { name, bytes } of given.checkpoint) {
      const newer = await given.folder("checkpoint").catch(() => null);
      if (newer) sections.push(told("保存过的检查点与整个日志", name, await check.extend({ ...options, older: bytes, newer })));
    }
    return sections;
  }
  async function tellCase({ name, bytes }, given) {
    const trust = given.trust.trim() ? { policy: given.trust } : {};
    const report = await check.case(bytes, { ...trust, progress }), sections = [told("案件归档文件", name, report)];
    for (const extra of report.extra || []) {
      if (new TextDecoder().decode(extra.bytes).includes('"lunheng-draw/')) sections.push(shown(window.LunhengVerify.examineBytes(extra.bytes), extra.name));
    }
    return sections;
  }
  async function tellAll(given) {
    const sections = [];
    if (!given.trust.trim() && (given.receipt.length || given.checkpoint.length || given.folder)) {
      return [told("文件", given.names || given.folderName, {
        code: 4, problem: "没有策略：不知道该相信谁的公钥。请把策略文件一起选上，或粘贴到“策略文件内容”。", lines: [], steps: [], trusted: [],
      })];
    }
    for (const one of given.transcript) sections.push(shown(window.LunhengVerify.examineBytes(one.bytes), one.name));
    for (const one of given.receipt) sections.push(await tellReceipt(one, given));
    for (const one of given.case) sections.push(...(await tellCase(one, given)));
    sections.push(...(await tellCheckpoints(given)));
    if (given.folder) sections.push(...(await tellFolder(given)));
    return sections.length ? sections : [told("文件", given.names, {
      code: 2, problem: "认不出这个文件：它不是抽取记录、存证回执、检查点，也不是案件归档文件。", lines: [], steps: [], trusted: [],
    })];
  }

  // ---------------------------------------------------------------- the form
  const more = form.querySelector("[data-verify-more]"), files = form.querySelector("input[type=file]");
  const folder = more.querySelector("input[type=file]"), policy = more.querySelector("textarea");
  more.hidden = false;
  files.multiple = true;
  files.required = false;

  async function chosen() {
    const given = { transcript: [], receipt: [], case: [], checkpoint: [], request: [], payload: [], policy: [], file: [], folder: null };
    for (const file of files.files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      given[recognize(bytes)].push({ name: file.name, bytes });
    }
    given.names = [...files.files].map((file) => file.name).join("、");
    given.trust = given.policy.length ? new TextDecoder().decode(given.policy[0].bytes) : policy.value;
    if (folder.files.length) {
      given.folder = readFolder([...folder.files]);
      given.folderName = (folder.files[0].webkitRelativePath || "").split("/")[0];
    }
    return given;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!files.files.length && !folder.files.length) {
      place.replaceChildren(element("p", { textContent: "请先选择要核验的文件。" }));
      return;
    }
    place.replaceChildren(element("p", { textContent: "正在本机核验……" }));
    // let the browser paint before the reckoning starts
    await new Promise((resolve) => setTimeout(resolve, 20));
    const sections = await tellAll(await chosen());
    place.replaceChildren(...sections);
    sections[0].focus();
  });
  form.dataset.verify = "ready";
})();
