// <key-list>…<a data-key-item href>…</a>…</key-list>: j and k move, o opens. Keys rest while one types.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

class KeyList extends HTMLElement {
  // What the help shows (key-help.js) and what is pressed are this one table.
  static KEYS = { j: "down", k: "up", o: "open" };

  connectedCallback() {
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    this.marked()?.scrollIntoView({ block: "nearest" });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  items() {
    return [...this.querySelectorAll("[data-key-item]")];
  }

  marked() {
    return this.items().find((item) => item.getAttribute("aria-current") === "true");
  }

  current() {
    return this.items().find((item) => item === document.activeElement) || this.marked();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = KeyList.KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    this[act]();
  }

  down() { this.move(1); }

  up() { this.move(-1); }

  open() { this.current()?.click(); }

  move(by) {
    const items = this.items();
    const at = items.indexOf(this.current());
    const next = items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
}
customElements.define("key-list", KeyList);
