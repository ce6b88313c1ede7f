// <area-draw for>: draws the area of a text field (a corner a line, «lon,lat») on the <city-map> inside; either follows the other.
// Buttons with data-do (draw, finish, undo, clear) inside; keys on the map as in map/sketch.js. Without a script the text is the area.
import { Sketch, sketchLayers, sketchSource } from "../map/sketch.js";

class AreaDraw extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.city = this.querySelector("city-map");
    // The map begins where the area is, instead of showing the whole county first.
    const [lons, lats] = [0, 1].map((axis) => this.written().map((corner) => corner[axis]));
    if (lons.length > 2) this.city.setAttribute("bounds", [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)].join(","));
    this.city.addEventListener("map-ready", () => this.begin());
    this.addEventListener("click", (event) => this.asked(event.target.closest("[data-do]")?.dataset.do));
    this.field.addEventListener("change", () => this.follow());
  }

  disconnectedCallback() {
    this.sketch?.release();
  }

  begin() {
    this.addLayers();
    this.city.map.on("style.load", () => this.addLayers());
    this.sketch = new Sketch(this.city.map, () => this.tell());
    this.querySelector("[data-tools]").hidden = false;
    this.follow();
    this.show();
  }

  addLayers() {
    const { map } = this.city;
    if (map.getSource("sketch")) return;
    map.addSource("sketch", sketchSource);
    sketchLayers((name) => this.city.colour(name)).forEach((layer) => map.addLayer(layer));
    this.sketch?.draw();
  }

  asked(wish) {
    if (!wish || !this.sketch) return;
    const deeds = { draw: () => this.sketch.start("polygon"), finish: () => this.sketch.finish(), undo: () => this.sketch.undo(), clear: () => this.sketch.clear() };
    deeds[wish]();
    if (wish === "draw") this.city.map.getCanvas().focus();
  }

  written() {
    const corners = this.field.value.split(/[\n;；]/).map((line) => line.trim().split(/[,，\s]+/).map(Number));
    return corners.filter((corner) => corner.length === 2 && corner.every(Number.isFinite));
  }

  follow() {
    const corners = this.written();
    if (corners.length > 2) this.sketch.show("polygon", { type: "Polygon", coordinates: [[...corners, corners[0]]] });
    else if (!this.field.value.trim()) this.sketch.clear();
  }

  show() {
    if (!this.sketch.corners.length) return;
    const bounds = this.sketch.corners.reduce((grown, corner) => grown.extend(corner), new this.city.maplibre.LngLatBounds());
    this.city.map.fitBounds(bounds, { padding: 48, maxZoom: 16, animate: false });
  }

  tell() {
    this.querySelectorAll("[data-do]").forEach((button) => (button.disabled = button.dataset.do !== "draw" && !this.sketch.kind));
    // While it is drawn, what is written stays what it was; a drawing that was cleared empties it.
    if (this.sketch.done || !this.sketch.kind) this.field.value = this.sketch.corners.map((corner) => corner.map((each) => each.toFixed(6)).join(",")).join("\n");
  }
}
customElements.define("area-draw", AreaDraw);
