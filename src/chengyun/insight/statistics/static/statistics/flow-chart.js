// <flow-chart data unit>: a Sankey of {"nodes": [{name, label, depth}], "links": [{source, target, value}]} from json_script.
const library = () => import("../vendor/echarts/echarts.esm.min.mjs");

class FlowChart extends HTMLElement {
  async connectedCallback() {
    const echarts = await library();
    if (!this.isConnected) return;
    this.canvas = Object.assign(document.createElement("div"), { className: "chart-canvas" });
    this.append(this.canvas);
    this.chart = echarts.init(this.canvas);
    this.draw();
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
    const { nodes, links } = JSON.parse(document.getElementById(this.getAttribute("data")).textContent);
    const unit = this.getAttribute("unit") || "";
    const labels = Object.fromEntries(nodes.map(({ name, label }) => [name, label]));
    const last = Math.max(...nodes.map(({ depth }) => depth));
    const colours = ["--accent", "--map-1", "--map-3", "--map-4", "--map-2"].map((name) => this.colour(name));
    this.chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(this).fontFamily },
      tooltip: {
        renderMode: "richText",
        formatter: ({ dataType, data, value }) =>
          dataType === "edge" ? `${labels[data.source]} → ${labels[data.target]}  ${value} ${unit}` : `${labels[data.name]}  ${value} ${unit}`,
      },
      series: [{
        type: "sankey", left: 8, right: 96, top: 8, bottom: 8, nodeWidth: 12, nodeGap: 10, draggable: false, layoutIterations: 32,
        emphasis: { focus: "adjacency" },
        data: nodes.map(({ name, depth }) => ({ name, depth, itemStyle: { color: colours[depth === last ? 2 : depth % 2] } })),
        links,
        label: { color: this.colour("--ink"), fontSize: 12, formatter: ({ name }) => labels[name] },
        labelLayout: { hideOverlap: true },
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
      }],
    }, true);
  }
}
customElements.define("flow-chart", FlowChart);
