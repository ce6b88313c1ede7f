// <map-desk>: the map workbench. A map with the county's layers and the cases; beside it what is in view as a list, the
// layers, the drawings and the way to a place; tools above the map. What it shows comes from the JSON in `#map-setup`.
import { caseLayers, caseSource, CaseStore } from "./cases.js";
import { circleAround } from "../ui/map/geodesy.js";
import { declared } from "../ui/map/declared.js";
import { GROUND, ground } from "../ui/map/ground.js";
import { FONT, library, named } from "../ui/map/library.js";
import { LayerPanel } from "./layer-panel.js";
import { Drawings } from "./drawings.js";
import { Places } from "./places.js";
import { Sketch, sketchLayers, sketchSource } from "../ui/map/sketch.js";
import { addClasses, addLamps } from "../ui/map/symbols.js";

const VIEW = "map-view";
const MINUTE = 60_000;
const EMPTY = { type: "geojson", data: { type: "FeatureCollection", features: [] } };

class MapDesk extends HTMLElement {
  async connectedCallback() {
    this.setup = JSON.parse(this.querySelector("#map-setup").textContent);
    this.maplibre = await library();
    if (!this.isConnected) return;
    this.cases = new CaseStore(this.dataset.points, this.setup.majors);
    this.layers = new LayerPanel(this);
    this.map = this.newMap();
    this.sketch = new Sketch(this.map, () => this.drawings.sketched());
    this.drawings = new Drawings(this);
    this.places = new Places(this);
    this.map.on("style.load", () => this.addPictures());
    this.map.on("load", () => this.ready());
    this.addEventListener("click", (event) => this.clicked(event));
    this.listen();
  }

  newMap() {
    const map = new this.maplibre.Map({
      container: this.querySelector("#map"), style: this.style(), attributionControl: false, localIdeographFontFamily: FONT, locale: named(this),
      dragRotate: false, pitchWithRotate: false, maxZoom: 20, ...this.view(),
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new this.maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new this.maplibre.ScaleControl({ maxWidth: 120 }), "bottom-right");
    map.getCanvas().setAttribute("aria-label", this.dataset.canvasLabel);
    return map;
  }

  /** `?at=lon,lat,zoom`, else where one was on this page before, else the county. */
  view() {
    const asked = new URLSearchParams(location.search).get("at")?.split(",").map(Number);
    const kept = JSON.parse(sessionStorage.getItem(VIEW) || "null");
    if (asked?.length === 3 && asked.every(Number.isFinite)) return { center: asked.slice(0, 2), zoom: asked[2] };
    return kept || { center: [104, 35], zoom: 3, isCounty: true };
  }

  paint(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  style() {
    const paint = (name) => this.paint(name);
    const geojson = (data) => ({ type: "geojson", data });
    const [under, ...over] = [ground(paint).slice(0, 2), ...ground(paint).slice(2)];
    const own = this.setup.layers.filter(({ key }) => !GROUND[key]).map((spec) => [spec.form, ...declared(spec, paint)]);
    const of = (isFill) => own.filter(([form]) => (form === "fill") === isFill).flatMap(([, , , layers]) => layers);
    const bright = document.documentElement.dataset.theme === "dark" ? 0.6 : 1;
    const tiles = this.setup.tiles.map(({ key, tiles, min_zoom, max_zoom }) => [key, { type: "raster", tiles, tileSize: 256, minzoom: min_zoom, maxzoom: max_zoom }]);
    const raster = this.setup.tiles.map(({ key }) => ({ id: key, type: "raster", source: key, paint: { "raster-brightness-max": bright } }));
    const layers = [...under, ...raster, ...of(true), ...over, ...of(false), ...caseLayers(paint, this.layers.colour), ...this.marks(paint), ...sketchLayers(paint)];
    return {
      version: 8,
      sources: {
        townships: geojson(this.dataset.townships), cells: geojson(this.dataset.cells), roads: geojson(this.dataset.roads), ...Object.fromEntries(tiles),
        ...Object.fromEntries(own.map(([, id, source]) => [id, source])),
        cases: caseSource(this.cases.data), chosen: EMPTY, near: this.ring() ? geojson({ type: "Feature", geometry: { type: "LineString", coordinates: this.ring() } }) : EMPTY, sketch: sketchSource,
      },
      layers: layers.map((layer) => this.layers.dressed(layer)),
    };
  }

  /** The circle of the filter `near=lon,lat,metres,name`. */
  ring() {
    const [lon, lat, metres] = (new URLSearchParams(location.search).get("near") || "").split(",").map(Number);
    if (!(metres > 0)) return null;
    const path = circleAround([lon, lat], metres);
    return [...path, path[0]];
  }

  marks(paint) {
    return [{ id: "near", type: "line", source: "near", paint: { "line-color": paint("--accent"), "line-width": 2, "line-dasharray": [2, 2] } }, { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 15, "circle-color": paint("--accent"), "circle-opacity": 0.18, "circle-stroke-color": paint("--accent"), "circle-stroke-width": 2.5 } }];
  }

  addPictures() {
    addLamps(this.map, (name) => this.paint(name));
    addClasses(this.map, (name) => this.paint(name), this.setup.majors.length);
  }

  async ready() {
    if (this.ring()) this.fit(this.ring());
    else if (this.view().isCounty) await this.fitCounty();
    const canvas = this.map.getCanvas();
    for (const layer of ["cases", "clusters"]) {
      this.map.on("mouseenter", layer, () => this.sketch.isActive() || (canvas.style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => this.sketch.isActive() || (canvas.style.cursor = ""));
    }
    this.map.on("click", (event) => this.sketch.isActive() || this.pressed(event));
    this.map.on("mousemove", ({ lngLat }) => this.places.hover(lngLat));
    this.map.on("moveend", () => this.moved());
    this.classList.add("is-drawn");
    await this.moved();
    this.dispatchEvent(new CustomEvent("map-ready", { bubbles: true }));
  }

  fit(path) {
    this.map.fitBounds(path.reduce((bounds, at) => bounds.extend(at), new this.maplibre.LngLatBounds()), { padding: 48, animate: false });
  }

  async fitCounty() {
    const bounds = await this.map.getSource("townships").getBounds();
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding: 16, animate: false });
  }

  box() {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  moved() {
    const { lng, lat } = this.map.getCenter();
    sessionStorage.setItem(VIEW, JSON.stringify({ center: [lng, lat], zoom: this.map.getZoom() }));
    clearTimeout(this.waiting);
    return new Promise((resolve) => {
      const ask = () => {
        this.layers.refreshBoxes();
        this.refresh(false).then(resolve);
      };
      this.waiting = setTimeout(ask, this.cases.box ? 250 : 0);
    });
  }

  /** Ask for the cases, draw them, and write the list of what is in view. */
  async refresh(again) {
    const note = this.querySelector("[data-map-fault]");
    try {
      if (await this.cases.fetch(this.box(), again)) this.map.getSource("cases").setData(this.cases.data);
      note.hidden = true;
    } catch {
      note.hidden = false;
      return;
    }
    this.layers.writeLegend();
    this.tellCount();
    await this.writeList(again);
  }

  tellCount() {
    const count = this.cases.within(this.box()).length;
    const words = this.cases.more ? this.dataset.countMore : this.dataset.count;
    this.querySelector("[data-in-view]").textContent = words.replace("{n}", count);
  }

  /** Not under a reader's cursor or focus: what changed by itself waits for the next movement of the map. */
  async writeList(byItself) {
    const list = this.querySelector("#map-list");
    if (byItself && (list.matches(":hover") || list.contains(document.activeElement))) return;
    const answer = await fetch(`${this.dataset.list}&bbox=${this.box().map((each) => each.toFixed(6))}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) list.innerHTML = await answer.text();
  }

  listen() {
    this.onTheme = () => {
      this.map.setStyle(this.style());
      this.addPictures();
      this.sketch.draw();
    };
    this.onLive = () => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.refresh(true), 800);
    };
    document.addEventListener("theme-change", this.onTheme);
    document.addEventListener("live-change", this.onLive);
    document.addEventListener("htmx:before:response", this.onLiveStep = ({ detail }) => detail.ctx?.response?.headers.get("HX-Trigger")?.includes("case-changed") && this.onLive());
    // Lamps change with the time alone.
    this.ticking = setInterval(() => document.hidden || this.onLive(), MINUTE);
  }

  disconnectedCallback() {
    document.removeEventListener("theme-change", this.onTheme);
    document.removeEventListener("live-change", this.onLive);
    document.removeEventListener("htmx:before:response", this.onLiveStep);
    clearInterval(this.ticking);
    this.sketch?.release();
    this.map?.remove();
  }

  // --- what is under a click ---------------------------------------------------------------------------------------

  async pressed({ point, lngLat }) {
    const around = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const [cluster] = this.map.queryRenderedFeatures(around, { layers: ["clusters"] });
    if (cluster) return this.openCluster(cluster);
    const ids = [...new Set(this.map.queryRenderedFeatures(around, { layers: ["cases"] }).map(({ properties }) => properties.id))];
    if (ids.length) return this.card(ids, lngLat);
    const own = this.map.queryRenderedFeatures(around).find(({ source, properties }) => source.startsWith("own-") && (properties.told || properties.name || properties.label));
    if (own) this.say(own, lngLat);
  }

  async openCluster({ properties, geometry }) {
    const zoom = await this.map.getSource("cases").getClusterExpansionZoom(properties.cluster_id);
    this.map.easeTo({ center: geometry.coordinates, zoom: Math.min(zoom + 0.2, 18) });
  }

  async card(ids, lngLat) {
    const answer = await fetch(`${this.dataset.card}?ids=${ids.slice(0, 50)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const body = document.createElement("div");
    body.innerHTML = await answer.text();
    this.popup(body, lngLat);
    body.querySelector("a")?.focus();
  }

  say({ properties, source }, lngLat) {
    const spec = this.setup.layers.find(({ key }) => `own-${key}` === source);
    const address = spec?.link && properties[spec.link];
    const body = document.createElement(address ? "a" : "span");
    body.textContent = properties.told || properties.name || properties.label;
    if (address) body.href = address;
    this.popup(body, lngLat);
  }

  popup(body, lngLat) {
    this.shown?.remove();
    this.shown = new this.maplibre.Popup({ maxWidth: "320px", closeButton: false }).setLngLat(lngLat).setDOMContent(body).addTo(this.map);
  }

  // --- what is pressed beside the map ------------------------------------------------------------------------------

  clicked(event) {
    const row = event.target.closest("a[data-case]");
    if (row && !event.ctrlKey && !event.metaKey && !event.shiftKey) return this.openCase(event, row);
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.tab) this.openTab(button.dataset.tab);
    else if (button.dataset.draw) this.drawings.begin(button.dataset.draw);
    else if (button.dataset.do) this[button.dataset.do]?.();
  }

  openTab(name) {
    for (const tab of this.querySelectorAll("[data-tab]")) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    for (const panel of this.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
  }

  openCase(event, row) {
    if (!matchMedia("(min-width: 981px)").matches) return;
    event.preventDefault();
    const { lon, lat } = row.dataset;
    if (lon) {
      this.map.getSource("chosen").setData({ type: "Point", coordinates: [Number(lon), Number(lat)] });
      if (!this.map.getBounds().contains([Number(lon), Number(lat)])) this.map.easeTo({ center: [Number(lon), Number(lat)] });
    }
    for (const other of this.querySelectorAll("#map-list a[data-case]")) other.toggleAttribute("aria-current", other.dataset.case === row.dataset.case);
    this.loadCase(row.href);
  }

  async loadCase(address) {
    const place = this.querySelector("#case");
    this.classList.add("has-case");
    place.setAttribute("aria-busy", "true");
    await window.htmx.ajax("GET", address, { target: place, swap: "innerHTML" });
    place.removeAttribute("aria-busy");
    place.scrollTop = 0;
    this.map.resize();
  }

  closeCase() {
    this.classList.remove("has-case");
    this.map.getSource("chosen").setData(EMPTY.data);
    this.map.resize();
  }

  toggleSheet() {
    const open = this.classList.toggle("sheet-open");
    this.querySelector("[data-do=toggleSheet]").setAttribute("aria-expanded", String(open));
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen();
  }

  county() {
    this.fitCounty();
  }

  /** Paper gets a picture of the map as it is: drawn and read within one task, while the canvas still holds it. */
  printMap() {
    this.map.redraw();
    const picture = this.querySelector("[data-print]");
    picture.addEventListener("load", () => window.print(), { once: true });
    picture.src = this.map.getCanvas().toDataURL("image/png");
  }
}
customElements.define("map-desk", MapDesk);
