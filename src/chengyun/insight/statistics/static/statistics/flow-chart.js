// <flow-chart data unit>: a Sankey of {"nodes": [{name, label, depth, href}], "links": [{source, target, value, href}]}; each part opens its cases.
import { Chart } from "../ui/chart.js";

class FlowChart extends Chart {
  options({ nodes, links }) {
    const labels = Object.fromEntries(nodes.map(({ name, label }) => [name, label]));
    const last = Math.max(...nodes.map(({ depth }) => depth));
    const colours = this.colours("--accent", "--map-1", "--map-3");
    return {
      tooltip: {
        renderMode: "richText",
        formatter: ({ dataType, data, value }) =>
          dataType === "edge" ? `${labels[data.source]} → ${labels[data.target]}  ${value} ${this.unit}` : `${labels[data.name]}  ${value} ${this.unit}`,
      },
      series: [{
        type: "sankey", left: 8, right: 96, top: 8, bottom: 8, nodeWidth: 12, nodeGap: 10, draggable: false, layoutIterations: 32,
        emphasis: { focus: "adjacency" },
        data: nodes.map(({ name, depth, href }) => ({ name, depth, href, itemStyle: { color: colours[depth === last ? 2 : depth % 2] } })),
        links,
        label: { color: this.colour("--ink"), fontSize: 12, formatter: ({ name }) => labels[name] },
        labelLayout: { hideOverlap: true },
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
      }],
    };
  }
}
customElements.define("flow-chart", FlowChart);
