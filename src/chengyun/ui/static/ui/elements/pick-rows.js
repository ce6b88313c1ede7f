// <pick-rows> around a table whose rows have a checkbox: all of the page at once, a stretch with Shift, and how many.
class PickRows extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-all]");
    this.count = this.querySelector("[data-count]");
    this.boxes = [...this.querySelectorAll("tbody input[type=checkbox]")];
    if (!this.all || !this.boxes.length) return;
    this.all.hidden = false;
    this.all.addEventListener("change", () => { this.boxes.forEach((box) => { box.checked = this.all.checked; }); this.tell(); });
    this.boxes.forEach((box) => box.addEventListener("click", (event) => this.pick(box, event.shiftKey)));
    this.tell();
  }

  pick(box, stretch) {
    const here = this.boxes.indexOf(box);
    if (stretch && this.last !== undefined) {
      const [first, last] = [Math.min(here, this.last), Math.max(here, this.last)];
      this.boxes.slice(first, last + 1).forEach((each) => { each.checked = box.checked; });
    }
    this.last = here;
    this.tell();
  }

  tell() {
    const picked = this.boxes.filter((box) => box.checked).length;
    this.all.checked = picked === this.boxes.length;
    this.all.indeterminate = picked > 0 && picked < this.boxes.length;
    if (this.count) { this.count.hidden = !picked; this.count.textContent = String(picked); }
  }
}
customElements.define("pick-rows", PickRows);
