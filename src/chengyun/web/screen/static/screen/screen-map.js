// <screen-map townships roads cells data-case>: the county on the wall. `points(columns)` puts the open cases, `only(lamp)` narrows them,
// `layer(key, on)` turns a layer, `alarm(lines)` marks what is urgent. Declared layers come from the JSON script `screen-layers`.
import { declared } from "../ui/map/declared.js";
import { ground, growing } from "../ui/map/ground.js";
import { FONT, library } from "../ui/map/library.js";
import { addLamps } from "../ui/map/symbols.js";

const NOTHING = { type: "FeatureCollection", features: [] };
const FRESH_MS = 60_000;
const GROUND = { cells: ["cells"], points: ["points"] };
// The names of cells and lanes are for a desk; a wall shows where.
const FROM_AFAR = { cells: 8 };

class ScreenMap extends HTMLElement {
  async connectedCallback() {
    this.data = NOTHING;
    this.lamp = "";
    const maplibre = await library();
    if (!this.isConnected) return;
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    this.append(canvas);
    this.specs = JSON.parse(document.getElementById("screen-layers").textContent);
    this.map = new maplibre.Map({
      container: canvas, style: this.drawing(), attributionControl: false, localIdeographFontFamily: FONT, center: [104, 35], zoom: 3,
      dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
    });
    this.maplibre = maplibre;
    this.map.on("style.load", () => addLamps(this.map, (name) => this.colour(name)));
    this.map.on("style.load", () => this.ready());
    this.map.on("click", "points", ({ features: [point] }) => location.assign(this.dataset.case.replace("NUMBER", point.properties.number)));
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this);
  }

  disconnectedCallback() {
    clearInterval(this.freshening);
    this.resized?.disconnect();
    this.map?.remove();
  }

  colour(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  drawing() {
    const paint = (name) => this.colour(name);
    const data = (name) => ({ type: "geojson", data: this.getAttribute(name) || NOTHING });
    // What is not shown is not fetched: its source is filled when it is turned on.
    const own = this.specs.map((spec) => declared({ ...spec, by_box: true }, paint));
    const hidden = (layer) => ({ ...layer, layout: { ...layer.layout, visibility: "none" } });
    const base = ground(paint).map((layer) => (layer.id in FROM_AFAR ? hidden({ ...layer, minzoom: FROM_AFAR[layer.id], paint: { "line-color": paint("--line-2"), "line-width": 0.6 } }) : layer));
    return {
      version: 8,
      sources: { townships: data("townships"), cells: { type: "geojson", data: NOTHING }, roads: data("roads"), points: { type: "geojson", data: this.data }, ...Object.fromEntries(own) },
      layers: [
        ...base.map((layer) => (layer.id === "names" ? { ...layer, maxzoom: 24, layout: { ...layer.layout, "text-size": this.rem() * 1.125 } } : layer)),
        ...own.flatMap(([, , layers]) => layers.map(hidden)),
        { id: "points", type: "symbol", source: "points", layout: {
          "icon-image": ["concat", "lamp-", ["get", "lamp"]], "icon-size": growing(0.7 * this.rem() / 16, 1.2 * this.rem() / 16), "icon-allow-overlap": true,
          "symbol-sort-key": ["match", ["get", "lamp"], "red", 3, "yellow", 2, "green", 1, 0] } },
      ],
    };
  }

  // Sources that follow a box are asked for the whole county, once a minute.
  addressOf(spec) {
    return spec.by_box ? `${spec.url}?bbox=-180,-90,180,90` : spec.url;
  }

  rem() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  async ready() {
    this.isReady = true;
    this.put();
    this.bounds = await this.map.getSource("townships").getBounds();
    if (this.bounds.isEmpty()) this.bounds = await this.map.getSource("roads").getBounds();
    this.fit();
    this.classList.add("is-drawn");
    // The large layers come after the first picture.
    this.map.once("idle", () => Object.entries(this.wanted || {}).forEach(([key, on]) => this.layer(key, on)));
    this.freshening = setInterval(() => this.freshen(), FRESH_MS);
  }

  fit() {
    if (this.bounds && !this.bounds.isEmpty()) this.map.fitBounds(this.bounds, { padding: { top: this.rem(), left: this.rem(), right: this.rem(), bottom: 4 * this.rem() }, animate: false });
  }

  freshen() {
    for (const spec of this.specs) if (this.wanted?.[spec.key]) this.fill(spec);
  }

  fill(spec) {
    if (spec.source !== "mvt") this.map.getSource(`own-${spec.key}`).setData(location.origin + this.addressOf(spec));
  }

  points({ number, lon, lat, lamp }) {
    const features = number.map((each, at) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [lon[at] / 1e6, lat[at] / 1e6] }, properties: { number: each, lamp: lamp[at] },
    }));
    this.data = { type: "FeatureCollection", features };
    this.put();
  }

  put() {
    if (!this.map?.getSource("points")) return;
    this.map.getSource("points").setData(this.data);
    this.map.setFilter("points", this.lamp ? ["==", ["get", "lamp"], this.lamp] : null);
  }

  only(lamp) {
    this.lamp = lamp;
    if (this.map?.getLayer("points")) this.map.setFilter("points", lamp ? ["==", ["get", "lamp"], lamp] : null);
  }

  layer(key, on) {
    this.wanted = { ...this.wanted, [key]: on };
    if (!this.isReady) return;
    const ids = GROUND[key] || this.map.getStyle().layers.map(({ id }) => id).filter((id) => id === `own-${key}` || id.startsWith(`own-${key}-`));
    for (const id of ids) this.map.setLayoutProperty(id, "visibility", on ? "visible" : "none");
    const spec = this.specs.find((each) => each.key === key);
    if (on && spec) this.fill(spec);
    if (on && key === "cells") this.map.getSource("cells").setData(location.origin + this.getAttribute("cells"));
  }

  alarm(lines) {
    for (const marker of this.markers || []) marker.remove();
    this.markers = this.maplibre ? lines.filter(({ lon }) => lon !== null).map(({ lon, lat }) => {
      const element = Object.assign(document.createElement("i"), { className: "alarm-mark" });
      return new this.maplibre.Marker({ element }).setLngLat([lon, lat]).addTo(this.map);
    }) : [];
  }
}
customElements.define("screen-map", ScreenMap);
