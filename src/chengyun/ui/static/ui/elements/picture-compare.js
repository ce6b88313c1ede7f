// <picture-compare data-words><a data-moment href>…</a></picture-compare>: pictures before and after, side by side, moved and
// magnified together. Opens on a click; wheel, pinch and + − 0 magnify, dragging moves, ← → go to the next pair,
// s lays one over the other, Esc closes. `data-words` is JSON with the words of the buttons. Where no script runs, the
// links show one picture each. With `data-original` the untouched pictures can be taken.
const LARGEST = 8;

class PictureCompare extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-moment]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(link);
    });
  }

  open(link) {
    this.words = JSON.parse(this.dataset.words);
    const of = (moment) => [...this.querySelectorAll(`a[data-moment=${moment}]`)];
    // The first two moments that have pictures stand beside each other; what comes after them follows, beside the first.
    const [left = [], right = [], last = []] = ["before", "after", "check"].map(of).filter((each) => each.length);
    const count = Math.max(left.length, right.length);
    this.pairs = Array.from({ length: count }, (_, index) => [left[index] || left.at(-1), right[index] || right.at(-1)].filter(Boolean));
    this.pairs.push(...last.map((each) => [left.at(-1), each]));
    const here = this.pairs.findIndex((pair) => pair.includes(link));
    this.dialog = this.made();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.show(Math.max(here, 0));
  }

  made() {
    const dialog = Object.assign(document.createElement("dialog"), { className: "compare" });
    dialog.setAttribute("aria-label", this.words.title);
    this.bar = Object.assign(document.createElement("div"), { className: "compare-bar" });
    this.count = Object.assign(document.createElement("span"), { className: "num" });
    this.count.setAttribute("aria-live", "polite");
    this.bar.append(this.count, ...this.buttons());
    this.panes = Object.assign(document.createElement("div"), { className: "compare-panes" });
    this.cut = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, value: 50, className: "compare-cut" });
    this.cut.setAttribute("aria-label", this.words.cut);
    this.cut.addEventListener("input", () => this.draw());
    dialog.append(this.bar, this.panes, this.cut);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("keydown", (event) => this.key(event));
    this.follow(this.panes);
    return dialog;
  }

  buttons() {
    const button = (name, text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text, title: this.words[name] });
      made.setAttribute("aria-label", this.words[name]);
      made.addEventListener("click", act);
      return made;
    };
    this.slider = button("slide", this.words.slideShort, () => this.toggle());
    this.slider.setAttribute("aria-pressed", "false");
    return [
      button("previous", "‹", () => this.show(this.index - 1)),
      button("next", "›", () => this.show(this.index + 1)),
      button("smaller", "−", () => this.zoom(1 / 1.4)),
      button("larger", "+", () => this.zoom(1.4)),
      button("reset", "1:1", () => this.reset()),
      this.slider,
      button("close", "✕", () => this.dialog.close()),
    ];
  }

  show(index) {
    this.index = (index + this.pairs.length) % this.pairs.length;
    const pair = this.pairs[this.index];
    this.count.textContent = `${this.index + 1} / ${this.pairs.length}`;
    this.panes.replaceChildren(...pair.map((link) => this.pane(link)));
    this.panes.classList.toggle("is-single", pair.length === 1);
    this.slider.disabled = pair.length === 1;
    if (pair.length === 1) this.toggle(false);
    this.reset();
  }

  pane(link) {
    const pane = Object.assign(document.createElement("figure"), { className: "compare-pane" });
    const image = Object.assign(document.createElement("img"), { src: link.href, alt: link.dataset.label, draggable: false });
    const caption = Object.assign(document.createElement("figcaption"), { textContent: link.dataset.label });
    if (this.hasAttribute("data-original")) {
      const take = Object.assign(document.createElement("a"), { href: link.href.replace(/\/view$/, "/original"), textContent: this.words.original });
      caption.append(" ", take);
    }
    pane.append(image, caption);
    return pane;
  }

  // --- one view for both panes: how large, and moved by what share of a pane -------------------------------------

  reset() {
    this.view = { scale: 1, x: 0, y: 0 };
    this.draw();
  }

  zoom(by, x = 0, y = 0) {
    const scale = Math.min(LARGEST, Math.max(1, this.view.scale * by));
    const ratio = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio };
    this.draw();
  }

  move(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.draw();
  }

  draw() {
    const most = (this.view.scale - 1) / 2;
    for (const axis of ["x", "y"]) this.view[axis] = Math.min(most, Math.max(-most, this.view[axis]));
    const { scale, x, y } = this.view;
    for (const image of this.panes.querySelectorAll("img")) image.style.transform = `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
    const upper = this.panes.children[1];
    if (upper) upper.style.clipPath = this.dialog.classList.contains("is-sliding") ? `inset(0 0 0 ${this.cut.value}%)` : "";
    this.panes.dataset.scale = scale.toFixed(2);
  }

  toggle(on = !this.dialog.classList.contains("is-sliding")) {
    this.dialog.classList.toggle("is-sliding", on);
    this.slider.setAttribute("aria-pressed", String(on));
    if (this.view) this.draw();
  }

  key(event) {
    if (event.target === this.cut && event.key.startsWith("Arrow")) return;
    const acts = {
      "+": () => this.zoom(1.4), "=": () => this.zoom(1.4), "-": () => this.zoom(1 / 1.4), 0: () => this.reset(), s: () => this.slider.disabled || this.toggle(),
      ArrowRight: () => this.show(this.index + 1), ArrowLeft: () => this.show(this.index - 1),
    };
    const act = acts[event.key];
    event.stopPropagation();
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  // --- pointers: one drags, two pinch ----------------------------------------------------------------------------

  follow(panes) {
    const points = new Map();
    const far = () => { const [a, b] = [...points.values()]; return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY); };
    panes.addEventListener("wheel", (event) => { event.preventDefault(); this.zoom(Math.exp(-event.deltaY / 400), ...this.at(event)); }, { passive: false });
    panes.addEventListener("pointerdown", (event) => { if (event.target.closest("a")) return; points.set(event.pointerId, event); panes.setPointerCapture(event.pointerId); });
    panes.addEventListener("pointermove", (event) => {
      const last = points.get(event.pointerId);
      if (!last) return;
      const before = points.size === 2 ? far() : 0;
      points.set(event.pointerId, event);
      const size = this.panes.firstElementChild.getBoundingClientRect();
      if (before) this.zoom(far() / before, ...this.at(event));
      else this.move((event.clientX - last.clientX) / size.width, (event.clientY - last.clientY) / size.height);
    });
    for (const end of ["pointerup", "pointercancel"]) panes.addEventListener(end, (event) => points.delete(event.pointerId));
  }

  // Where in its pane, from the middle, as a share of the pane.
  at(event) {
    const pane = event.target.closest?.(".compare-pane") || this.panes.firstElementChild;
    const box = pane.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width - 0.5, (event.clientY - box.top) / box.height - 0.5];
  }
}
customElements.define("picture-compare", PictureCompare);
