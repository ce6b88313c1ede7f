// «Go to» of <map-desk>: a place's name or a pair of numbers, the coordinates under the cursor, a point in three systems.
export class Places {
  constructor(desk) {
    this.desk = desk;
    this.form = desk.querySelector("[data-go]");
    this.found = desk.querySelector("[data-found]");
    this.cursor = desk.querySelector("[data-cursor]");
    this.form.addEventListener("submit", (event) => this.go(event));
    this.found.addEventListener("click", ({ target }) => target.closest("button") && this.show(JSON.parse(target.closest("button").dataset.place)));
  }

  hover({ lng, lat }) {
    this.cursor.textContent = `${lng.toFixed(6)}, ${lat.toFixed(6)}`;
  }

  async go(event) {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(this.form));
    const answer = await fetch(`${this.form.action}?${query}`, { headers: { Accept: "application/json" } });
    const sent = await answer.json();
    if (!answer.ok) return this.say(sent.message);
    if (!sent.places.length) return this.say(this.found.dataset.none);
    this.found.replaceChildren(...sent.places.map((place) => this.item(place)));
    this.show(sent.places[0]);
  }

  say(words) {
    this.found.replaceChildren(Object.assign(document.createElement("li"), { className: "muted", textContent: words }));
  }

  item(place) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-plain", textContent: place.name });
    button.dataset.place = JSON.stringify(place);
    item.append(button, Object.assign(document.createElement("small"), { className: "muted", textContent: place.kind }));
    return item;
  }

  show({ lon, lat }) {
    this.marker ||= new this.desk.maplibre.Marker({ color: this.desk.paint("--over"), scale: 0.8 });
    this.marker.setLngLat([lon, lat]).addTo(this.desk.map);
    this.desk.map.jumpTo({ center: [lon, lat], zoom: Math.max(16, this.desk.map.getZoom()) });
    this.systems([lon, lat]);
  }

  async systems([lon, lat]) {
    const answer = await fetch(`${this.form.dataset.systems}?lon=${lon}&lat=${lat}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { systems } = await answer.json();
    const lines = systems.flatMap(({ title, text }) => [
      Object.assign(document.createElement("dt"), { textContent: title }),
      Object.assign(document.createElement("dd"), { className: "code", textContent: text }),
    ]);
    this.desk.querySelector("[data-in-systems]").replaceChildren(...lines);
  }
}
