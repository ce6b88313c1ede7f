// <print-button><button>…</button></print-button>: prints the page.
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => window.print());
  }
}
customElements.define("print-button", PrintButton);
