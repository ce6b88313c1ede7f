// <select-rows> around a list whose rows have <input type="checkbox" form="bulk">: a click with shift takes the range, x the
// row under the cursor, the bar's own box the whole page. The bar (form#bulk) shows itself while something is chosen.
class SelectRows extends HTMLElement {
  static KEYS = { x: "toggle" };

  connectedCallback() {
    this.bar = document.getElementById("bulk");
    if (!this.bar) return;
    this.onKey = (event) => this.press(event);
    this.onChange = (event) => this.whole(event);
    // Before the letters of the steps, which also have an x.
    document.addEventListener("keydown", this.onKey, true);
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", () => this.show());
    this.addEventListener("htmx:after:swap", () => this.show());
    this.bar.addEventListener("change", this.onChange);
    this.bar.addEventListener("reset", () => setTimeout(() => this.show()));
    addEventListener("pageshow", () => this.show());
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey, true);
    this.bar?.removeEventListener("change", this.onChange);
  }

  boxes() {
    return [...this.querySelectorAll("input[type=checkbox][form=bulk]")];
  }

  clicked(event) {
    const box = event.target.closest("input[type=checkbox][form=bulk]");
    if (!box) return;
    const boxes = this.boxes();
    const from = boxes.indexOf(this.last);
    if (event.shiftKey && from >= 0) {
      const [low, high] = [from, boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(low, high + 1).forEach((each) => (each.checked = box.checked));
    }
    this.last = box;
    this.show();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.target.closest("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    if (!(event.key in SelectRows.KEYS)) return;
    const box = this.under();
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    this.last = box;
    this.show();
  }

  // The row that has the focus; the chosen one of a queue takes x only while the focus is in the list, for x also is a step's letter.
  under() {
    const row = document.activeElement?.closest(".queue-line, tr");
    return row && this.contains(row) ? row.querySelector("input[type=checkbox][form=bulk]") : null;
  }

  whole(event) {
    if (!event.target.matches("[data-select-all]")) return;
    this.boxes().forEach((box) => (box.checked = event.target.checked));
    this.show();
  }

  show() {
    const boxes = this.boxes();
    const chosen = boxes.filter((box) => box.checked).length;
    this.bar.hidden = !chosen;
    const words = this.bar.querySelector("[data-selected]");
    words.textContent = words.dataset.selected.replace("{n}", chosen);
    this.bar.querySelector("[data-select-all]").checked = chosen > 0 && chosen === boxes.length;
    this.classList.toggle("is-selecting", chosen > 0);
  }
}
customElements.define("select-rows", SelectRows);
