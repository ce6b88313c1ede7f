// <near-pick data-url data-place data-target data-minor>: things near a place, one of them to be chosen.
// `data-place` is the input that holds «lon,lat», `data-target` the input that gets the chosen thing's identifier; the
// answer of `data-url` is GeoJSON with identifier, said (words) and lamp. The list is radio buttons, so arrow keys
// choose; on the form's <city-map pick> the same things are points, and a click on one chooses it.
const POINTS = "points";
const CLOSE = 16.5;
const NOTHING = { type: "FeatureCollection", features: [] };

class NearPick extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.place = document.querySelector(this.dataset.place);
    this.target = document.querySelector(this.dataset.target);
    this.name = `near-${this.target.id}`;
    this.setAttribute("aria-live", "polite");
    this.cityMap = this.form.querySelector("city-map");
    this.onPlace = () => this.look();
    this.place.addEventListener("change", this.onPlace);
    this.form.addEventListener("place-picked", this.onPlace);
    this.addEventListener("change", (event) => this.choose(event.target.value));
    if (this.cityMap) this.joinMap();
    this.look();
  }

  disconnectedCallback() {
    this.place.removeEventListener("change", this.onPlace);
    this.form.removeEventListener("place-picked", this.onPlace);
  }

  joinMap() {
    const join = () => {
      this.map = this.cityMap.map;
      this.map.on("click", POINTS, ({ features: [point] }) => this.choose(point.properties.identifier));
      this.map.on("style.load", () => this.draw());
      this.draw();
      // The map still fits itself to the county when it has just been drawn.
      this.map.once("idle", () => this.found && this.approach());
    };
    if (this.cityMap.isReady) join();
    else this.cityMap.addEventListener("map-ready", join, { once: true });
  }

  async look() {
    const at = this.place.value.trim();
    if (!at) return this.say(this.dataset.where);
    this.asked = at;
    const query = new URLSearchParams({ at, ...(this.dataset.minor ? { minor: this.dataset.minor } : {}) });
    try {
      const answer = await fetch(`${this.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (this.asked === at) this.show(found);
    } catch {
      this.say(this.dataset.failed);
    }
  }

  show(found) {
    this.found = found;
    this.draw();
    this.approach();
    if (!found.features.length) return this.say(this.dataset.none);
    const list = document.createElement("fieldset");
    list.append(Object.assign(document.createElement("legend"), { className: "field-label", textContent: this.dataset.legend }));
    const choices = Object.assign(document.createElement("div"), { className: "choices" });
    const things = found.features.map(({ properties }) => this.item(properties.identifier, [properties.said, properties.road].filter(Boolean).join(" · ")));
    choices.append(...things, this.item("", this.dataset.clear));
    list.append(choices);
    this.replaceChildren(list);
  }

  // Things stand metres apart: a map of the whole county shows one dot.
  approach() {
    if (!this.asked || !this.map || !this.found.features.length || this.map.getZoom() >= CLOSE) return;
    const [lon, lat] = this.asked.split(/[,，]/).map(Number);
    this.map.jumpTo({ center: [lon, lat], zoom: CLOSE });
  }

  item(value, words) {
    const label = Object.assign(document.createElement("label"), { className: "choice" });
    const input = Object.assign(document.createElement("input"), { type: "radio", name: this.name, value, checked: value === this.target.value });
    label.append(input, Object.assign(document.createElement("span"), { textContent: words }));
    return label;
  }

  say(words) {
    this.found = NOTHING;
    this.draw();
    this.replaceChildren(Object.assign(document.createElement("p"), { className: "rule", textContent: words }));
  }

  draw() {
    this.map?.getSource(POINTS)?.setData(this.found || NOTHING);
  }

  // The place becomes the thing's own, and no new look follows: the list stays under the reader's hand.
  choose(identifier) {
    this.target.value = identifier;
    const thing = (this.found || NOTHING).features.find(({ properties }) => properties.identifier === identifier);
    if (thing) {
      const [lon, lat] = thing.geometry.coordinates;
      this.asked = this.place.value = `${lon},${lat}`;
      this.cityMap?.pin?.(lon, lat);
    }
    for (const input of this.querySelectorAll("input")) input.checked = input.value === identifier;
    this.dispatchEvent(new CustomEvent("thing-chosen", { bubbles: true, detail: { identifier } }));
  }
}
customElements.define("near-pick", NearPick);
