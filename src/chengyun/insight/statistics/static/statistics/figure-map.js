// <figure-map data townships roads>: areas coloured by a figure, or cases as heat or clusters, on the county's ground.
// data: id of json_script {"way", "shapes", "areas": {code: {value, text, name, href}}, "breaks"} or {"way", "points"}.
import { ground } from "../ui/map/ground.js";
import { FONT, library, named } from "../ui/map/library.js";

const SHADES = 5;

class FigureMap extends HTMLElement {
  async connectedCallback() {
    this.told = JSON.parse(document.getElementById(this.getAttribute("data")).textContent);
    this.maplibre = await library();
    if (!this.isConnected) return;
    const { data, more } = await this.fetched();
    this.data = data;
    if (more) this.append(Object.assign(document.createElement("p"), { className: "map-note", textContent: this.dataset.more }));
    const canvas = Object.assign(document.createElement("div"), { className: "map-canvas" });
    this.append(canvas);
    this.map = new this.maplibre.Map({
      container: canvas, style: this.drawing(), attributionControl: false, localIdeographFontFamily: FONT, locale: named(this), center: [104, 35], zoom: 3,
    });
    this.map.addControl(new this.maplibre.NavigationControl({ showCompass: false }), "top-right");
    this.map.on("load", () => this.ready());
    this.onTheme = () => this.map.setStyle(this.drawing());
    document.addEventListener("theme-change", this.onTheme);
  }

  disconnectedCallback() {
    document.removeEventListener("theme-change", this.onTheme);
    this.map?.remove();
    this.querySelector(".map-canvas")?.remove();
  }

  async fetched() {
    const answer = await fetch(this.told.shapes || this.told.points, { headers: { Accept: "application/json" } });
    const data = answer.ok ? await answer.json() : { type: "FeatureCollection", features: [] };
    for (const { properties } of data.features) {
      const area = this.told.areas?.[properties.code];
      if (area) Object.assign(properties, { figure: area.value, text: area.text, href: area.href, shade: this.shade(area.value) });
    }
    return { data, more: data.more };
  }

  // The darkest is always used, so that few areas stand out as well.
  shade(value) {
    if (!(value > 0)) return 0;
    const { breaks } = this.told;
    return SHADES - breaks.length + breaks.filter((each) => value >= each).length;
  }

  colour(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  drawing() {
    const paint = (name) => this.colour(name);
    const layers = ground(paint);
    const cluster = this.told.way === "cluster";
    return {
      version: 8,
      sources: {
        townships: { type: "geojson", data: this.getAttribute("townships") }, roads: { type: "geojson", data: this.getAttribute("roads") },
        cells: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
        told: { type: "geojson", data: this.data, ...(cluster ? { cluster, clusterMaxZoom: 15, clusterRadius: 42 } : {}) },
      },
      // Areas lie under the roads, counts over everything; where figures are written, the names of townships stand with them.
      layers: cluster
        ? [...layers, ...this.own(paint)]
        : [...layers.slice(0, 3), ...this.own(paint), ...layers.slice(3)].filter((layer) => layer.id !== "names" || !this.told.shapes),
    };
  }

  own(paint) {
    if (this.told.shapes) return this.areas(paint);
    return this.told.way === "heat" ? this.heat(paint) : this.clusters(paint);
  }

  areas(paint) {
    const depth = ["interpolate", ["linear"], ["coalesce", ["get", "shade"], 0], 0, 0, 1, 0.1, SHADES, 0.85];
    const words = { "text-color": paint("--ink"), "text-halo-color": paint("--paper"), "text-halo-width": 1.5 };
    return [
      { id: "areas", type: "fill", source: "told", paint: { "fill-color": paint("--accent"), "fill-opacity": depth } },
      { id: "rims", type: "line", source: "told", paint: { "line-color": paint("--line-2"), "line-width": 0.8 } },
      {
        id: "figures", type: "symbol", source: "told", filter: ["has", "text"], minzoom: this.told.way === "cell" ? 13.5 : 0, paint: words,
        layout: { "text-field": this.told.way === "cell" ? ["get", "text"] : ["concat", ["get", "name"], "\n", ["get", "text"]], "text-size": 12 },
      },
    ];
  }

  heat(paint) {
    const clear = "rgba(0,0,0,0)";
    const ramp = ["interpolate", ["linear"], ["heatmap-density"], 0, clear, 0.2, paint("--accent-soft"), 0.5, paint("--accent"), 0.8, paint("--near-fill"), 1, paint("--over")];
    return [{
      id: "heat", type: "heatmap", source: "told",
      paint: {
        "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 8, 15, 28], "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 9, 0.12, 15, 1],
        "heatmap-color": ramp, "heatmap-opacity": 0.8,
      },
    }];
  }

  clusters(paint) {
    const many = ["has", "point_count"];
    return [
      { id: "clusters", type: "circle", source: "told", filter: many, paint: { "circle-color": paint("--paper"), "circle-radius": ["step", ["get", "point_count"], 15, 20, 18, 100, 22, 1000, 28], "circle-stroke-color": paint("--accent"), "circle-stroke-width": 3 } },
      { id: "counts", type: "symbol", source: "told", filter: many, layout: { "text-field": ["to-string", ["get", "point_count"]], "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": paint("--ink") } },
      { id: "single", type: "circle", source: "told", filter: ["!", many], paint: { "circle-color": paint("--accent"), "circle-radius": 5, "circle-stroke-color": paint("--paper"), "circle-stroke-width": 1.5 } },
    ];
  }

  async ready() {
    const bounds = await this.map.getSource("townships").getBounds();
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding: 16, animate: false });
    this.classList.add("is-drawn");
    for (const id of ["areas", "single", "clusters"]) {
      if (!this.map.getLayer(id)) continue;
      this.map.on("click", id, ({ features: [found] }) => this.open(found));
      this.map.on("mousemove", id, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", id, () => (this.map.getCanvas().style.cursor = ""));
    }
    this.dispatchEvent(new CustomEvent("map-ready"));
  }

  // An area opens the cases of its figure, a cluster comes nearer, a case opens itself.
  async open({ properties, geometry }) {
    if (properties.href) return location.assign(properties.href);
    if (!properties.cluster) return null;
    const zoom = await this.map.getSource("told").getClusterExpansionZoom(properties.cluster_id);
    return this.map.easeTo({ center: geometry.coordinates, zoom });
  }
}
customElements.define("figure-map", FigureMap);
