// <undo-toast data-seconds data-words>: «撤销(n 秒)» below the page for the seconds that are left. It moves out of the case's
// pane, so that it stays when the next case is opened; a newer one takes its place.
class UndoToast extends HTMLElement {
  connectedCallback() {
    if (this.parentElement !== document.body) {
      document.querySelectorAll("body > undo-toast").forEach((each) => each.remove());
      this.until = Date.now() + Number(this.dataset.seconds) * 1000;
      document.body.append(this);
      window.htmx?.process(this);
      return;
    }
    this.timer = setInterval(() => this.tick(), 500);
    this.addEventListener("submit", () => setTimeout(() => this.remove()));
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = Math.ceil((this.until - Date.now()) / 1000);
    if (left <= 0) this.remove();
    else this.querySelector("[data-left]").textContent = this.dataset.words.replace("{n}", left);
  }
}
customElements.define("undo-toast", UndoToast);
