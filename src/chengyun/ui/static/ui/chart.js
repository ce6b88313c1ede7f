// What elements that draw a chart share: the canvas that comes and goes with the element, its size and its colours. Each of them tells `options(told)`
// what the script element named by `data` (json_script) is to ECharts. What stands inside the element stays, for eyes and screens that want it.
// Tooltips are to be "richText", drawn in the canvas: the HTML ones carry style attributes, which our content policy refuses.
const library = () => import("../vendor/echarts/echarts.esm.min.mjs");

export class Chart extends HTMLElement {
  async connectedCallback() {
    const echarts = await library();
    if (!this.isConnected) return;
    this.canvas = Object.assign(document.createElement("div"), { className: "chart-canvas" });
    this.prepend(this.canvas);
    this.chart = echarts.init(this.canvas);
    this.draw();
    // A part that has an address is a link.
    this.chart.on("click", ({ data }) => data?.href && location.assign(data.href));
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

  colours(...names) {
    return names.map((name) => this.colour(name));
  }

  get unit() {
    return this.getAttribute("unit") || "";
  }

  draw() {
    const told = JSON.parse(document.getElementById(this.getAttribute("data")).textContent);
    const words = { fontFamily: getComputedStyle(this).fontFamily, color: this.colour("--ink") };
    this.chart.setOption({ animation: false, textStyle: words, ...this.options(told) }, true);
  }
}
