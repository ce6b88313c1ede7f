// <split-desk data-selected>: a queue at the left, the chosen case at the right. Opening a row loads the case beside the
// list and puts ?case=… into the address; on a narrow screen, or with a modifier key, the link is an ordinary link.
// When a step was taken (answer header HX-Trigger: case-changed) the list is asked for again.
const SIDE_BY_SIDE = matchMedia("(min-width: 981px)");

class SplitDesk extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("htmx:before:response", (event) => this.answered(event));
    if (this.dataset.selected && SIDE_BY_SIDE.matches) this.load(this.dataset.selected);
  }

  clicked(event) {
    const row = event.target.closest("a[data-case]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button || !SIDE_BY_SIDE.matches) return;
    event.preventDefault();
    this.mark(row.dataset.case);
    this.load(row.href);
    const address = new URL(location.href);
    address.searchParams.set("case", row.dataset.case);
    history.replaceState(history.state, "", address);
  }

  mark(number) {
    this.chosen = number;
    for (const row of this.querySelectorAll("a[data-case]")) {
      if (row.dataset.case === number) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  async load(address) {
    const place = this.querySelector("#case");
    place.setAttribute("aria-busy", "true");
    await window.htmx.ajax("GET", address, { target: place, swap: "innerHTML" });
    place.removeAttribute("aria-busy");
    place.scrollTop = 0;
  }

  answered(event) {
    if (!event.detail.ctx.response.headers.get("HX-Trigger")?.includes("case-changed")) return;
    window.htmx.ajax("GET", location.href, { target: this.querySelector("#rows"), swap: "innerHTML" }).then(() => this.chosen && this.mark(this.chosen));
  }
}
customElements.define("split-desk", SplitDesk);
