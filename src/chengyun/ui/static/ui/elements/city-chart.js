// <city-chart kind data unit stack scale><details>…table…</details></city-chart>: draws {"labels": [...], "series": [{"name", "values": [...]}]}.
// With `scale` the axis need not begin at zero.
import { Chart } from "../chart.js";

class CityChart extends Chart {
  options({ labels, series }) {
    const quiet = { color: this.colour("--ink-2") };
    const axis = {
      axisLine: { lineStyle: { color: this.colour("--line-2") } },
      axisLabel: quiet,
      splitLine: { lineStyle: { color: this.colour("--line") } },
    };
    // Few names are all written, broken into lines; of many, as many as fit.
    const room = Math.floor(this.canvas.clientWidth / labels.length) - 8;
    const written = labels.length <= 12 && room > 24 ? { interval: 0, width: room, overflow: "break", hideOverlap: false } : { hideOverlap: true };
    return {
      color: this.colours("--accent", "--on-time", "--near-fill", "--over", "--paused", "--map-4", "--map-3"),
      grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
      legend: { show: series.length > 1, top: 0, right: 0, itemWidth: 12, itemHeight: 8, textStyle: quiet },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => `${value} ${this.unit}` },
      xAxis: { type: "category", data: labels, ...axis, axisLabel: { ...quiet, ...written } },
      yAxis: { type: "value", scale: this.hasAttribute("scale"), name: this.unit, nameTextStyle: quiet, ...axis },
      series: series.map(({ name, values }) => ({
        name, type: this.getAttribute("kind") || "line", data: values, barMaxWidth: 28, symbolSize: 5,
        stack: this.hasAttribute("stack") ? "all" : undefined,
      })),
    };
  }
}
customElements.define("city-chart", CityChart);
