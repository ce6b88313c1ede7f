// Drawings and measures of <map-desk>: the bar above the map with the figures, the form that keeps a drawing, their list.
const grouped = (number, digits) => number.toLocaleString("zh-CN", { maximumFractionDigits: digits, minimumFractionDigits: digits }).replaceAll(",", " ");

export class Drawings {
  constructor(desk) {
    this.desk = desk;
    this.bar = desk.querySelector("[data-sketch]");
    this.form = desk.querySelector("[data-drawing-form]");
    this.words = desk.setup.words;
    this.form.addEventListener("submit", (event) => this.keep(event));
    desk.querySelector("#drawings").addEventListener("click", (event) => this.chosen(event));
    desk.addEventListener("click", ({ target }) => this.act(target.closest("[data-sketch-do]")?.dataset.sketchDo));
    this.list();
  }

  begin(kind) {
    this.edited = "";
    this.form.reset();
    this.desk.sketch.start(kind);
    this.desk.map.getCanvas().focus();
  }

  act(what) {
    if (what === "undo") this.desk.sketch.undo();
    else if (what === "finish") this.desk.sketch.finish();
    else if (what === "clear") this.desk.sketch.clear();
    else if (what === "keep") this.openForm();
  }

  openForm() {
    this.desk.openTab("drawings");
    this.desk.classList.add("sheet-open");
    this.form.elements.name.focus();
  }

  sketched() {
    const { sketch } = this.desk;
    this.bar.hidden = !sketch.kind;
    this.desk.classList.toggle("is-sketching", sketch.isActive());
    for (const button of this.desk.querySelectorAll("[data-draw]")) button.setAttribute("aria-pressed", String(button.dataset.draw === sketch.kind));
    this.bar.querySelector("[data-hint]").hidden = sketch.done;
    for (const button of this.bar.querySelectorAll("[data-when]")) button.hidden = (button.dataset.when === "done") !== sketch.done;
    this.bar.querySelector("[data-figures]").textContent = this.figures(sketch);
    this.form.hidden = !sketch.done;
    if (sketch.done) this.measured(sketch);
    else this.desk.querySelector("#area").replaceChildren();
  }

  figures(sketch) {
    if (sketch.kind === "point") return sketch.done ? sketch.corners[0].toReversed().map((each) => each.toFixed(6)).toReversed().join(", ") : "";
    const { length, area, radius } = sketch.figures();
    const parts = [];
    if (area) parts.push(`${this.words.area} ${this.square(area)}`);
    if (radius) parts.push(`${this.words.radius} ${this.metres(radius)}`);
    if (length) parts.push(`${sketch.kind === "polygon" ? this.words.around : this.words.length} ${this.metres(length)}`);
    return parts.join(" · ");
  }

  metres(value) {
    return value < 1000 ? `${grouped(value, 1)} ${this.words.m}` : `${grouped(value / 1000, 3)} ${this.words.km}`;
  }

  square(value) {
    if (value < 10_000) return `${grouped(value, 0)} ${this.words.m2}`;
    return value < 1_000_000 ? `${grouped(value / 10_000, 2)} ${this.words.ha}` : `${grouped(value / 1_000_000, 3)} ${this.words.km2}`;
  }

  area(ring) {
    return ring.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(";");
  }

  async measured(sketch) {
    Object.assign(this.form.elements.kind, { value: sketch.kind });
    this.form.elements.shape.value = JSON.stringify(sketch.shape());
    this.form.elements.radius.value = sketch.kind === "circle" ? sketch.figures().radius : "";
    if (sketch.kind === "point") return this.desk.places.systems(sketch.corners[0]);
    const ring = sketch.ring();
    if (!ring.length) return;
    this.desk.openTab("drawings");
    await this.swap(this.desk.querySelector("#area"), `${this.desk.dataset.area}&area=${encodeURIComponent(this.area(ring))}`);
  }

  async swap(place, address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { "HX-Request": "true", ...options.headers } });
    place.innerHTML = await answer.text();
    return answer.ok;
  }

  list() {
    return this.swap(this.desk.querySelector("#drawings"), this.desk.dataset.drawings);
  }

  async keep(event) {
    event.preventDefault();
    const address = this.edited || this.desk.dataset.drawings;
    const answer = await fetch(address, { method: "POST", body: new FormData(this.form), headers: { "HX-Request": "true" } });
    const text = await answer.text();
    this.form.querySelector("[data-fault]").innerHTML = answer.ok ? "" : text;
    if (!answer.ok) return;
    this.desk.querySelector("#drawings").innerHTML = text;
    this.edited = "";
    this.desk.sketch.clear();
    this.form.reset();
  }

  chosen({ target }) {
    const item = target.closest("[data-drawing]");
    const what = target.closest("[data-drawing-do]")?.dataset.drawingDo;
    if (!item || !what) return;
    const { geometry, properties } = JSON.parse(item.dataset.drawing);
    if (what === "remove") return this.remove(item.dataset.remove, target.closest("button"));
    this.desk.sketch.show(properties.kind, geometry, properties.radius_m);
    this.fit(geometry);
    this.edited = what === "edit" ? item.dataset.change : "";
    if (what !== "edit") return;
    for (const name of ["name", "note"]) this.form.elements[name].value = properties[name];
    this.form.elements.shared_post.value = item.dataset.post;
    this.openForm();
  }

  fit({ type, coordinates }) {
    const path = { Point: [coordinates], LineString: coordinates, Polygon: coordinates[0] }[type];
    const bounds = path.reduce((grown, point) => grown.extend(point), new this.desk.maplibre.LngLatBounds());
    this.desk.map.fitBounds(bounds, { padding: 60, maxZoom: 17, animate: false });
  }

  // The first press asks, the second removes: a drawing is small, a dialog would be too much.
  async remove(address, button) {
    if (!button.dataset.sure) {
      button.dataset.sure = "1";
      button.textContent = button.dataset.ask;
      return;
    }
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.desk.querySelector("[name=csrfmiddlewaretoken]").value);
    await this.swap(this.desk.querySelector("#drawings"), address, { method: "POST", body });
  }
}
