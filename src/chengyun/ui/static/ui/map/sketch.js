// Drawing and measuring on a map: point, line, polygon, circle. A click adds a corner, or Enter adds one in the middle of
// the map; Backspace takes the last one back, F or a double click ends, Esc gives up. Corners of what is drawn can be dragged.
// Tells its owner: onChange({kind, corners, done}) whenever something changed.
import { areaOf, circleAround, lengthOf, metres } from "./geodesy.js";

const NOTHING = { type: "FeatureCollection", features: [] };
const FEWEST = { point: 1, line: 2, polygon: 3, circle: 2 };
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

export const sketchSource = { type: "geojson", data: NOTHING };
export const sketchLayers = (paint) => [
  { id: "sketch-fill", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": paint("--accent"), "fill-opacity": 0.14 } },
  { id: "sketch-line", type: "line", source: "sketch", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": paint("--accent"), "line-width": 2.5 } },
  { id: "sketch-corners", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": paint("--paper"), "circle-stroke-color": paint("--accent"), "circle-stroke-width": 2.5 } },
];

export class Sketch {
  constructor(map, onChange) {
    Object.assign(this, { map, onChange, kind: "", corners: [], done: false });
    map.on("click", (event) => this.clicked(event));
    map.on("mousemove", (event) => this.moved(event));
    map.on("dblclick", (event) => this.isActive() && (event.preventDefault(), this.finish()));
    map.on("mousedown", "sketch-corners", (event) => this.grab(event));
    map.on("touchstart", "sketch-corners", (event) => event.points.length === 1 && this.grab(event));
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  release() {
    document.removeEventListener("keydown", this.onKey);
  }

  isActive() {
    return Boolean(this.kind) && !this.done;
  }

  start(kind) {
    Object.assign(this, { kind, corners: [], done: false, pointer: null });
    this.map.getCanvas().style.cursor = "crosshair";
    this.changed();
  }

  /** Show a kept drawing as if it had just been drawn. */
  show(kind, shape, radius) {
    const path = { Point: (each) => [each], LineString: (each) => each, Polygon: (each) => each[0].slice(0, -1) }[shape.type](shape.coordinates);
    const middle = () => [0, 1].map((axis) => path.reduce((sum, corner) => sum + corner[axis], 0) / path.length);
    const corners = kind === "circle" ? [middle(), path[18]] : path;
    Object.assign(this, { kind, corners, done: true, pointer: null, radius });
    this.changed();
  }

  clear() {
    Object.assign(this, { kind: "", corners: [], done: false, pointer: null });
    this.map.getCanvas().style.cursor = "";
    this.changed();
  }

  add(corner) {
    const last = this.corners.at(-1);
    // The second click of a double click lies on the first.
    if (last && last[0] === corner[0] && last[1] === corner[1]) return;
    this.corners.push(corner);
    if (this.kind === "point" || (this.kind === "circle" && this.corners.length === 2)) this.finish();
    else this.changed();
  }

  undo() {
    this.corners.pop();
    if (this.done) this.done = false;
    this.changed();
  }

  finish() {
    if (!this.isActive() || this.corners.length < FEWEST[this.kind]) return;
    this.done = true;
    this.pointer = null;
    this.map.getCanvas().style.cursor = "";
    this.changed();
  }

  clicked({ lngLat, originalEvent }) {
    if (this.isActive() && originalEvent.detail < 2) this.add([lngLat.lng, lngLat.lat]);
  }

  moved({ lngLat }) {
    if (!this.isActive() || !this.corners.length) return;
    this.pointer = [lngLat.lng, lngLat.lat];
    this.changed();
  }

  press(event) {
    if (!this.kind || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "Escape") this.clear();
    else if (event.key === "Backspace") this.undo();
    else if (this.done || event.target.closest("button, a, summary")) return;
    else if (event.key === "Enter") this.add(Object.values(this.map.getCenter()).slice(0, 2));
    else if (event.key === "f") this.finish();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  grab(event) {
    if (!this.done) return;
    event.preventDefault();
    const at = event.features[0].properties.at;
    const move = ({ lngLat }) => {
      this.corners[at] = [lngLat.lng, lngLat.lat];
      this.draw();
    };
    const [moving, ending] = event.type === "touchstart" ? ["touchmove", "touchend"] : ["mousemove", "mouseup"];
    this.map.on(moving, move);
    this.map.once(ending, () => {
      this.map.off(moving, move);
      this.changed();
    });
  }

  changed() {
    this.draw();
    this.onChange(this);
  }

  path() {
    return this.pointer && this.isActive() ? [...this.corners, this.pointer] : this.corners;
  }

  /** The corners of the area, none where there is no area. */
  ring(path = this.path()) {
    if (this.kind === "circle" && path.length > 1) return circleAround(path[0], metres(path[0], path[1]));
    return this.kind === "polygon" && path.length > 2 ? path : [];
  }

  shape() {
    const ring = this.ring();
    if (this.kind === "point") return { type: "Point", coordinates: this.corners[0] };
    if (ring.length) return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
    return { type: "LineString", coordinates: this.corners };
  }

  /** Metres and square metres of what is drawn, also while it is drawn. */
  figures() {
    const path = this.path(), ring = this.ring();
    const length = this.kind === "circle" ? 0 : lengthOf(this.kind === "polygon" && path.length > 2 ? [...path, path[0]] : path);
    return { length, area: ring.length ? areaOf(ring) : 0, radius: this.kind === "circle" && path.length > 1 ? metres(path[0], path[1]) : 0 };
  }

  draw() {
    this.map.getSource("sketch")?.setData(this.features());
  }

  features() {
    const path = this.path(), ring = this.ring();
    const made = (type, coordinates, properties = {}) => ({ type: "Feature", geometry: { type, coordinates }, properties });
    const features = this.corners.map((corner, at) => made("Point", corner, { at }));
    if (ring.length) features.push(made("Polygon", [[...ring, ring[0]]]));
    else if (path.length > 1) features.push(made("LineString", path));
    return { type: "FeatureCollection", features };
  }
}
