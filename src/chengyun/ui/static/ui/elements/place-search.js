// <place-search data-url data-place-input data-kinds data-guess data-none><input></place-search>: finds the county's own places
// while an address is typed. Choosing one fills the address and, where `data-place-input` names an input, «lon,lat» there;
// it fires `place-found` {lon, lat, name}. What is typed stays as it is where nothing is chosen; with `data-typed-anew` the point
// is emptied as soon as one types.
class PlaceSearch extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.list = Object.assign(document.createElement("ul"), { className: "find-list", hidden: true, id: `${this.input.id}_places` });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.label || "");
    this.append(this.list);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false", autocomplete: "off" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.kinds = JSON.parse(this.dataset.kinds || "{}");
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(event.target.closest("[role=option]")); });
  }

  get place() {
    return this.dataset.placeInput ? document.querySelector(this.dataset.placeInput) : null;
  }

  // Where the point goes with the name alone, another name has another point.
  typed() {
    if ("typedAnew" in this.dataset) this.place.value = "";
    this.ask();
  }

  ask() {
    clearTimeout(this.waiting);
    const typed = this.input.value.trim();
    if (typed) this.waiting = setTimeout(() => this.fetch(typed), 200);
    else this.close();
  }

  async fetch(typed) {
    const near = this.place?.value ? `&near=${encodeURIComponent(this.place.value)}` : "";
    const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(typed)}${near}`, { headers: { Accept: "application/json" } });
    if (answer.ok && this.input.value.trim() === typed) this.show((await answer.json()).places);
  }

  show(places) {
    this.places = places;
    this.list.replaceChildren(...places.map((place, index) => this.item(place, index)));
    if (!places.length) this.list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: this.dataset.none }));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(null);
  }

  item(place, index) {
    const item = Object.assign(document.createElement("li"), { id: `${this.list.id}_${index}` });
    item.setAttribute("role", "option");
    item.dataset.index = index;
    const more = [this.kinds[place.kind], place.estimated ? this.dataset.guess : ""].filter(Boolean).join(" · ");
    item.append(Object.assign(document.createElement("span"), { textContent: place.name }), Object.assign(document.createElement("small"), { className: "muted", textContent: more ? ` ${more}` : "" }));
    return item;
  }

  mark(item) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = item;
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    const items = [...this.list.querySelectorAll("[role=option]")];
    const here = items.indexOf(this.marked);
    if (event.key === "ArrowDown") this.mark(items[Math.min(here + 1, items.length - 1)]);
    else if (event.key === "ArrowUp") this.mark(items[Math.max(here - 1, 0)]);
    else if (event.key === "Enter" && this.marked) this.choose(this.marked);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(item) {
    const place = this.places?.[item?.dataset.index];
    if (!place) return;
    this.input.value = place.name;
    if (this.place) {
      this.place.value = `${place.lon.toFixed(6)},${place.lat.toFixed(6)}`;
      this.place.dispatchEvent(new Event("input", { bubbles: true }));
      this.place.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.dispatchEvent(new CustomEvent("place-found", { bubbles: true, detail: place }));
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(null);
  }
}
customElements.define("place-search", PlaceSearch);
