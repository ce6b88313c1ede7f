// <region-preview url near>: regions or points with a `state` (faulty, land, new, changed, gone, same) drawn over the <city-map> inside.
// Buttons beside it with data-box="w,s,e,n" go there; a click on a faulty region goes to its first button (data-code).
const COLOUR = { faulty: "--over", land: "--near-fill", new: "--on-time", changed: "--accent", gone: "--paused", same: "--line-2" };

class RegionPreview extends HTMLElement {
  connectedCallback() {
    this.city = this.querySelector("city-map");
    this.onReady = () => this.draw();
    this.city.addEventListener("map-ready", this.onReady);
    this.onClick = (event) => this.goTo(event.target.closest("[data-box]"));
    document.addEventListener("click", this.onClick);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.onClick);
  }

  async draw() {
    const { map } = this.city;
    this.shapes = await (await fetch(this.getAttribute("url"))).json();
    this.addLayers();
    map.on("style.load", () => this.addLayers());
    map.on("click", "preview-faults", ({ features: [first] }) => this.tell(first.properties.code));
    this.fit();
    this.classList.add("is-drawn");
  }

  paint() {
    const states = Object.entries(COLOUR).flatMap(([state, name]) => [state, this.city.colour(name)]);
    return ["match", ["get", "state"], ...states, this.city.colour("--line-2")];
  }

  addLayers() {
    const { map } = this.city;
    if (map.getSource("preview")) return;
    map.addSource("preview", { type: "geojson", data: this.shapes });
    const filled = ["match", ["get", "state"], "same", 0, "land", 0.6, 0.28];
    const marked = ["match", ["get", "state"], ["faulty", "land"], true, false];
    map.addLayer({ id: "preview-fill", type: "fill", source: "preview", paint: { "fill-color": this.paint(), "fill-opacity": filled } });
    map.addLayer({ id: "preview-lines", type: "line", source: "preview", paint: { "line-color": this.paint(), "line-width": ["match", ["get", "level"], "cell", 1, 1.5] } });
    map.addLayer({ id: "preview-marked", type: "line", source: "preview", filter: marked, paint: { "line-color": this.paint(), "line-width": 2.5 } });
    const dot = { "circle-color": this.paint(), "circle-radius": ["match", ["get", "state"], "same", 2, 5], "circle-stroke-color": this.city.colour("--paper"), "circle-stroke-width": 1 };
    map.addLayer({ id: "preview-points", type: "circle", source: "preview", filter: ["==", ["geometry-type"], "Point"], paint: dot });
    map.addLayer({ id: "preview-faults", type: "fill", source: "preview", filter: ["==", ["get", "state"], "faulty"], paint: { "fill-opacity": 0 } });
  }

  async fit() {
    const bounds = this.changed() ?? (await this.city.map.getSource("preview").getBounds());
    if (!bounds.isEmpty()) this.city.map.fitBounds(bounds, { padding: 24, maxZoom: 16, animate: false });
  }

  // With the attribute `near`: only around what changes.
  changed() {
    if (!this.hasAttribute("near")) return null;
    const bounds = new this.city.maplibre.LngLatBounds();
    for (const { properties, geometry } of this.shapes.features) {
      const numbers = properties.state === "same" ? [] : geometry.coordinates.flat(3);
      for (let at = 0; at < numbers.length; at += 2) bounds.extend([numbers[at], numbers[at + 1]]);
    }
    return bounds;
  }

  goTo(button) {
    if (!button || !this.city.map) return;
    const [west, south, east, north] = button.dataset.box.split(",").map(Number);
    document.querySelectorAll("[data-box][aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    this.city.map.fitBounds([[west, south], [east, north]], { padding: 80, maxZoom: 18, duration: 400 });
  }

  tell(code) {
    const button = document.querySelector(`[data-box][data-code="${CSS.escape(code)}"]`);
    button?.focus();
    button?.scrollIntoView({ block: "center" });
  }
}
customElements.define("region-preview", RegionPreview);
