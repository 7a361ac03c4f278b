// The page around the verifier: reads the chosen file in the browser, sends nothing anywhere.
// Expects <form data-verify> with a file field, and <div id="verify-result"> for what was found.
(function () {
  "use strict";
  const form = document.querySelector("form[data-verify]");
  const place = document.getElementById("verify-result");
  if (!form || !place || !window.LunhengVerify) return;

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

  function seatTable(found) {
    const rows = found.form.result.map(([id, seat], i) => {
      const { share, scale } = window.LunhengVerify.chanceOf(found, id);
      const cells = [String(i + 1), id, seat, `${fraction(share, scale)}（${percent(share, scale)}）`];
      return element("tr", {}, ...cells.map((text) => element("td", { textContent: text })));
    });
    const heads = ["顺序", "编号", "席位", "抽取前被抽中的可能"].map((text) => element("th", { textContent: text, scope: "col" }));
    return element("table", { className: "table" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  }
  function shown(found) {
    const card = element("div", { className: "card-body" });
    if (found.kind === "holds") {
      card.append(
        element("h2", { textContent: "核验通过" }),
        element("p", { textContent: "已在本机按记录中的名单、规则、方案和种子重新计算，得到同一名单；方案经证明为最公平的方案；各项摘要一致。" }),
      );
      if (!found.form.contributors.length) {
        card.append(element("p", { textContent: "提示：种子系直接给定，没有各方事先承诺，本核验不能说明种子是否经过挑选。" }));
      }
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
        element("h2", { textContent: isRecord ? "核验不通过" : "这不是抽取记录" }),
        element("p", { textContent: isRecord ? "这份记录有下列不符：" : "文件不符合抽取记录的格式：" }),
        element("ul", {}, ...found.problems.map((text) => element("li", { textContent: text }))),
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
    const section = element("section", { className: "card", tabIndex: -1 }, card);
    section.setAttribute("role", found.kind === "holds" ? "status" : "alert");
    section.dataset.kind = found.kind;
    return section;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    place.replaceChildren(element("p", { textContent: "正在本机核验……" }));
    const bytes = new Uint8Array(await file.arrayBuffer());
    // let the browser paint before the reckoning starts
    await new Promise((resolve) => setTimeout(resolve, 20));
    const section = shown(window.LunhengVerify.examineBytes(bytes));
    place.replaceChildren(section);
    section.focus();
  });
  form.dataset.verify = "ready";
})();
