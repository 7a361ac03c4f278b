// Draw each <figure data-chart="bar|line"> from the table inside it: first column the names, every further
// column a series. The table stays, so that nothing is said by the picture alone.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, SVGRenderer]);

const colours = ["#1d4f91", "#7d4b00", "#14633a", "#a11818", "#3f5870"];

function readTable(table) {
  const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.dataset.value || cell.textContent.trim()),
  );
  return {
    names: rows.map((row) => row[0]),
    series: heads.slice(1).map((name, column) => ({
      name,
      data: rows.map((row) => (row[column + 1] === "" ? null : Number(row[column + 1]))),
    })),
  };
}

function optionsFor(kind, { names, series }) {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.875;
  return {
    aria: { enabled: true },
    animation: false,
    color: colours,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: "#1c2733" },
    legend: series.length > 1 ? { top: 0, textStyle: { fontSize: size } } : undefined,
    grid: { top: series.length > 1 ? 48 : 24, left: 8, right: 24, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: names, axisLabel: { fontSize: size, color: "#1c2733" } },
    yAxis: { type: "value", min: 0, minInterval: 1, axisLabel: { fontSize: size, color: "#52606d" } },
    series: series.map(({ name, data }) => ({
      name,
      data,
      type: kind,
      barMaxWidth: 48,
      label: { show: true, position: "top", fontSize: size, color: "#1c2733" },
    })),
  };
}

function draw(figure) {
  const canvas = figure.querySelector(".canvas");
  canvas.textContent = " ";
  const chart = init(canvas, null, { renderer: "svg" });
  chart.setOption(optionsFor(figure.dataset.chart, readTable(figure.querySelector("table"))));
  window.addEventListener("resize", () => chart.resize());
}

document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
});
