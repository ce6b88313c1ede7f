// <theme-switch><button>…</button></theme-switch>: light or dark, remembered on this machine.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => {
      const root = document.documentElement;
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch {
        // Storage forbidden: it holds for this page.
      }
      document.dispatchEvent(new CustomEvent("theme-change"));
    });
  }
}
customElements.define("theme-switch", ThemeSwitch);
