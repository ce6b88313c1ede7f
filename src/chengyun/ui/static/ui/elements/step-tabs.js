// <step-tabs><a hx-get hx-target="#step">…</a></step-tabs>: the steps of a case. Opening one marks it and, once its form is
// here, puts the cursor into the first field; opening the marked one only puts the cursor there.
class StepTabs extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.open(event.target.closest("a")));
    this.addEventListener("htmx:after:swap", () => this.begin());
  }

  open(tab) {
    if (!tab) return;
    if (tab.getAttribute("aria-current") === "true") this.begin();
    this.querySelectorAll("a").forEach((each) => each.removeAttribute("aria-current"));
    tab.setAttribute("aria-current", "true");
    const menu = tab.closest("details");
    if (menu) menu.open = false;
  }

  begin() {
    document.querySelector("#step :is(input:not([type=hidden]), textarea, select, button)")?.focus();
  }
}
customElements.define("step-tabs", StepTabs);
