// The panel of layers of <map-desk>: switches, opacities, the legend; remembered per person on the server.
import { GROUND } from "../ui/map/ground.js";
import { classSymbol } from "../ui/map/symbols.js";

const CASES = ["clusters", "cluster-counts", "cases"];
const OPACITY = { line: ["line-opacity"], fill: ["fill-opacity"], circle: ["circle-opacity", "circle-stroke-opacity"], symbol: ["text-opacity", "icon-opacity"], raster: ["raster-opacity"], heatmap: ["heatmap-opacity"] };

export class LayerPanel {
  constructor(desk) {
    this.desk = desk;
    this.panel = desk.querySelector("[data-panel=layers]");
    this.colour = desk.setup.colour;
    this.panel.addEventListener("input", (event) => this.changed(event));
  }

  row(key) {
    return this.panel.querySelector(`[data-layer="${key}"]`);
  }

  state(key) {
    const row = this.row(key);
    if (!row) return { on: true, opacity: 1 };
    return { on: row.querySelector("[type=checkbox]").checked, opacity: Number(row.querySelector("[type=range]").value) / 100 };
  }

  keyOf(id) {
    if (CASES.includes(id)) return "cases";
    const ground = Object.entries(GROUND).find(([, ids]) => ids.includes(id));
    if (ground) return ground[0];
    return id.startsWith("own-") ? id.slice(4).replace(/-(rim|name)$/, "") : id;
  }

  /** The layer with its switch and opacity; what it was drawn with stays in its metadata. */
  dressed(layer) {
    const { on, opacity } = this.state(this.keyOf(layer.id));
    const own = Object.fromEntries(OPACITY[layer.type]?.map((name) => [name, layer.paint?.[name] ?? 1]) || []);
    const paint = opacity < 1 ? Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value * opacity])) : {};
    return { ...layer, metadata: { own }, layout: { ...layer.layout, visibility: on ? "visible" : "none" }, paint: { ...layer.paint, ...paint } };
  }

  changed({ target }) {
    if (target.name === "colour") this.recolour(target.value);
    else this.apply(target.closest("[data-layer]")?.dataset.layer);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.remember(), 400);
  }

  apply(key) {
    const { map } = this.desk;
    const { on, opacity } = this.state(key);
    for (const { id, metadata } of map.getStyle().layers.filter((layer) => this.keyOf(layer.id) === key)) {
      map.setLayoutProperty(id, "visibility", on ? "visible" : "none");
      for (const [name, value] of Object.entries(metadata?.own || {})) map.setPaintProperty(id, name, value * opacity);
    }
    this.desk.querySelector(`[data-credit="${key}"]`)?.toggleAttribute("hidden", !on);
    this.refreshBoxes();
  }

  recolour(colour) {
    this.colour = colour;
    this.desk.map.setStyle(this.desk.style());
    this.desk.sketch.draw();
    this.writeLegend();
  }

  /** Layers too large to be sent whole are asked for what is in view. */
  refreshBoxes() {
    const { map, setup } = this.desk;
    for (const spec of setup.layers) {
      if (!spec.by_box || !this.state(spec.key).on || map.getZoom() < spec.min_zoom) continue;
      this.fetchBox(spec);
    }
  }

  async fetchBox(spec) {
    const box = this.desk.box().map((each) => each.toFixed(5));
    const answer = await fetch(`${spec.url}?bbox=${box}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const data = await answer.json();
    this.desk.map.getSource(`own-${spec.key}`)?.setData(data);
    const note = this.row(spec.key).querySelector("[data-note]");
    note.textContent = data.more ? note.dataset.more : data.features.length ? "" : note.dataset.none;
  }

  /** The classes in view with their symbols; lamps have their legend in the page. */
  writeLegend() {
    const legend = this.panel.querySelector("[data-classes]");
    legend.hidden = this.colour !== "class";
    this.panel.querySelector("[data-lamps]").hidden = this.colour === "class";
    if (legend.hidden) return;
    const seen = new Set(this.desk.cases.data.features.map(({ properties }) => properties.class));
    legend.replaceChildren(...this.desk.setup.majors.flatMap(([, name], at) => (seen.has(at) ? [this.legendItem(name, at)] : [])));
  }

  legendItem(name, at) {
    const [path, token] = classSymbol(at);
    const item = document.createElement("li");
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    shape.setAttribute("fill", this.desk.paint(token));
    picture.append(shape);
    item.append(picture, name);
    return item;
  }

  remember() {
    const layers = Object.fromEntries([...this.panel.querySelectorAll("[data-layer]")].map(({ dataset: { layer } }) => [layer, this.state(layer)]));
    const token = this.desk.querySelector("[name=csrfmiddlewaretoken]").value;
    return fetch(this.desk.dataset.preferences, {
      method: "POST", keepalive: true, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ layers, colour: this.colour }),
    });
  }
}
