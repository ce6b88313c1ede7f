// <city-chart kind data unit stack scale><details>…table…</details></city-chart>: draws a script element made by json_script:
// {"labels": [...], "series": [{"name", "values": [...]}]}. The table inside stays, for eyes and screens that want it.
// With `scale` the axis need not begin at zero. Tooltips are drawn in the canvas: the HTML ones carry style attributes, which our content policy refuses.
const library = () => import("../../vendor/echarts/echarts.esm.min.mjs");

class CityChart extends HTMLElement {
  async connectedCallback() {
    const echarts = await library();
    if (!this.isConnected) return;
    this.canvas = document.createElement("div");
    this.canvas.className = "chart-canvas";
    this.prepend(this.canvas);
    this.chart = echarts.init(this.canvas);
    this.draw();
    this.classList.add("is-drawn");
    this.resized = new ResizeObserver(() => this.chart.resize());
    this.resized.observe(this);
    this.onTheme = () => this.draw();
    document.addEventListener("theme-change", this.onTheme);
  }

  disconnectedCallback() {
    this.resized?.disconnect();
    document.removeEventListener("theme-change", this.onTheme);
    this.chart?.dispose();
    this.canvas?.remove();
  }

  colour(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  draw() {
    const { labels, series } = JSON.parse(document.getElementById(this.getAttribute("data")).textContent);
    const unit = this.getAttribute("unit") || "";
    const quiet = { color: this.colour("--ink-2") };
    const axis = {
      axisLine: { lineStyle: { color: this.colour("--line-2") } },
      axisLabel: quiet,
      splitLine: { lineStyle: { color: this.colour("--line") } },
    };
    // Few names are all written, broken into lines; of many, as many as fit.
    const room = Math.floor(this.canvas.clientWidth / labels.length) - 8;
    const written = labels.length <= 12 && room > 24 ? { interval: 0, width: room, overflow: "break", hideOverlap: false } : { hideOverlap: true };
    const options = {
      animation: false,
      color: ["--accent", "--on-time", "--near-fill", "--over", "--paused", "--map-4", "--map-3"].map((name) => this.colour(name)),
      textStyle: { fontFamily: getComputedStyle(this).fontFamily, color: this.colour("--ink") },
      grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
      legend: { show: series.length > 1, top: 0, right: 0, itemWidth: 12, itemHeight: 8, textStyle: quiet },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => `${value} ${unit}` },
      xAxis: { type: "category", data: labels, ...axis, axisLabel: { ...quiet, ...written } },
      yAxis: { type: "value", scale: this.hasAttribute("scale"), name: unit, nameTextStyle: quiet, ...axis },
      series: series.map(({ name, values }) => ({
        name, type: this.getAttribute("kind") || "line", data: values, barMaxWidth: 28, symbolSize: 5,
        stack: this.hasAttribute("stack") ? "all" : undefined,
      })),
    };
    this.chart.setOption(options, true);
  }
}
customElements.define("city-chart", CityChart);
