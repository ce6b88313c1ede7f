// <city-map townships cells roads layers points lon lat zoom bounds pick lon-input lat-input place-input>: a map of our own
// GeoJSON, no tiles, no outside host. townships, cells, roads, points are addresses of GeoJSON; without `points` the list items inside
// (data-lon, data-lat, data-lamp, a link) are the points, and they are what one reads where no script runs.
// `layers` is JSON of declared layers (ui/map_layers.py) drawn between the ground and the points.
// With `pick` a click fills the two inputs, or `place-input` with «lon,lat», and fires `place-picked` {lon, lat}; typing into them moves the pin.
import { declared } from "../map/declared.js";
import { ground, growing } from "../map/ground.js";
import { FONT, library, named } from "../map/library.js";
import { addLamps } from "../map/symbols.js";

const NOTHING = { type: "FeatureCollection", features: [] };

class CityMap extends HTMLElement {
  async connectedCallback() {
    this.maplibre = await library();
    if (!this.isConnected) return;
    this.listed = this.listedPoints();
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    this.append(canvas);
    this.map = new this.maplibre.Map({
      container: canvas, style: this.drawing(), attributionControl: false, localIdeographFontFamily: FONT, locale: named(this), ...this.view(),
    });
    this.map.addControl(new this.maplibre.NavigationControl({ showCompass: false }), "top-right");
    this.classList.add("is-drawn");
    this.map.on("load", () => this.ready());
    this.map.on("style.load", () => addLamps(this.map, (name) => this.colour(name)));
    this.onTheme = () => this.map.setStyle(this.drawing());
    document.addEventListener("theme-change", this.onTheme);
  }

  disconnectedCallback() {
    document.removeEventListener("theme-change", this.onTheme);
    this.map?.remove();
    this.querySelector(".map-canvas")?.remove();
    this.classList.remove("is-drawn");
  }

  number(name) {
    const text = this.getAttribute(name);
    return text ? Number(text) : NaN;
  }

  hasPlace() {
    return !Number.isNaN(this.number("lon")) && !Number.isNaN(this.number("lat"));
  }

  view() {
    if (this.hasPlace()) return { center: [this.number("lon"), this.number("lat")], zoom: this.number("zoom") || 14 };
    const bounds = this.getAttribute("bounds");
    if (bounds) return { bounds: bounds.split(",").map(Number), fitBoundsOptions: { padding: 16 } };
    return { center: [104, 35], zoom: 3 };
  }

  colour(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  drawing() {
    const data = (name, otherwise = NOTHING) => ({ type: "geojson", data: this.getAttribute(name) || otherwise });
    const paint = (name) => this.colour(name);
    const urgency = ["match", ["get", "lamp"], "red", 3, "yellow", 2, "green", 1, 0];
    const own = JSON.parse(this.getAttribute("layers") || "[]").map((spec) => declared(spec, paint));
    return {
      version: 8,
      sources: {
        townships: data("townships"), cells: data("cells"), roads: data("roads"), points: data("points", this.listed),
        ...Object.fromEntries(own),
      },
      layers: [
        ...ground(paint),
        ...own.flatMap(([, , layers]) => layers),
        {
          id: "points", type: "symbol", source: "points",
          layout: { "icon-image": ["concat", "lamp-", ["get", "lamp"]], "icon-size": growing(0.6, 1), "icon-allow-overlap": true, "symbol-sort-key": urgency },
        },
      ],
    };
  }

  listedPoints() {
    const features = [...this.querySelectorAll("[data-lon][data-lat]")].map((item) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [Number(item.dataset.lon), Number(item.dataset.lat)] },
      properties: { lamp: item.dataset.lamp || "", title: item.textContent.trim(), href: item.querySelector("a")?.href || "" },
    }));
    return { type: "FeatureCollection", features };
  }

  ready() {
    const canvas = this.map.getCanvas();
    this.map.on("click", "points", ({ features: [point] }) => this.open(point));
    this.map.on("mouseenter", "points", () => (canvas.style.cursor = "pointer"));
    this.map.on("mouseleave", "points", () => (canvas.style.cursor = this.hasAttribute("pick") ? "crosshair" : ""));
    if (this.hasPlace()) this.pin(this.number("lon"), this.number("lat"));
    else if (!this.hasAttribute("bounds")) this.fitTownships();
    if (this.hasAttribute("pick")) this.startPicking();
    this.isReady = true;
    this.dispatchEvent(new CustomEvent("map-ready"));
  }

  // The whole county; where a place is to be picked, the built-up part, known by its lanes.
  async fitTownships() {
    const lanes = this.hasAttribute("pick") ? await this.lanes() : [];
    const bounds = lanes.reduce((grown, point) => grown.extend(point), new this.maplibre.LngLatBounds());
    const drawn = bounds.isEmpty() ? await this.map.getSource("townships").getBounds() : bounds;
    if (!drawn.isEmpty()) this.map.fitBounds(drawn, { padding: 12, animate: false });
  }

  async lanes() {
    const { features = [] } = (await this.map.getSource("roads").getData()) || {};
    return features.filter(({ properties }) => properties.main === false).flatMap(({ geometry }) => geometry.coordinates);
  }

  open({ geometry, properties }) {
    if (!properties.title) return;
    const body = document.createElement(properties.href ? "a" : "span");
    body.textContent = properties.title;
    if (properties.href) body.href = properties.href;
    const popup = new this.maplibre.Popup({ closeButton: false, maxWidth: "260px" });
    popup.setLngLat(geometry.coordinates).setDOMContent(body).addTo(this.map);
  }

  inputs() {
    const names = this.hasAttribute("place-input") ? ["place-input"] : ["lon-input", "lat-input"];
    return names.map((name) => document.querySelector(this.getAttribute(name)));
  }

  typed() {
    return this.inputs().map((input) => input.value).join(",").split(/[,，\s]+/).filter(Boolean).map(Number);
  }

  startPicking() {
    this.map.getCanvas().style.cursor = "crosshair";
    this.map.on("click", ({ lngLat }) => this.pick(lngLat.lng, lngLat.lat));
    this.inputs().forEach((input) => input.addEventListener("change", () => this.follow()));
    this.follow();
  }

  // The pin goes where the inputs say, and the map with it when that is out of sight.
  follow() {
    const [x, y] = this.typed();
    if (!Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) > 90) return;
    this.pin(x, y);
    if (!this.map.getBounds().contains([x, y])) this.map.jumpTo({ center: [x, y], zoom: 14 });
  }

  pick(x, y) {
    // Six decimals are a tenth of a metre, finer than any of our sources.
    const words = [x.toFixed(6), y.toFixed(6)];
    const inputs = this.inputs();
    if (inputs.length === 1) inputs[0].value = words.join(",");
    else inputs.forEach((input, at) => (input.value = words[at]));
    this.pin(x, y);
    this.dispatchEvent(new CustomEvent("place-picked", { bubbles: true, detail: { lon: x, lat: y } }));
  }

  pin(x, y) {
    this.marker ||= new this.maplibre.Marker({ color: this.colour("--over"), scale: 0.8 });
    this.marker.setLngLat([x, y]).addTo(this.map);
  }
}
customElements.define("city-map", CityMap);
